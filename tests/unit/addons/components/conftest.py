"""What Rasa hands to a component in training and at load."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource


class Bench:
    """Creates, trains and loads one component over a storage of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.storage = LocalModelStorage(folder)
        self.resource = Resource("component")

    def create(self, kind: type[GraphComponent], finetuning: bool = False, **config: Any) -> Any:
        return kind.create({**kind.get_default_config(), **config}, self.storage, self.resource, _context(finetuning))

    def load(self, kind: type[GraphComponent], **config: Any) -> Any:
        return kind.load({**kind.get_default_config(), **config}, self.storage, self.resource, _context(False))

    def stored(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}


def _context(finetuning: bool) -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), is_finetuning=finetuning)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "bench")


@pytest.fixture
def other_bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "other_bench")


@pytest.fixture(scope="module", autouse=True)
def own_training_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path_factory.mktemp("cache")))
        yield
