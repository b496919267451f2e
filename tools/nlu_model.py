"""The NLU half of the trained model, in this process: no server, no policies, no log lines.

The model's own prediction graph is run, so a reading here is the one `rasa run` comes to, fallback included.
"""

import logging
import tarfile
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools import domain, train
from tools.console import ROOT, CommandError, Heartbeat

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
RETRIEVAL = "response_selector"


@dataclass(frozen=True)
class Reading:
    """What the pipeline makes of a text.

    intent: the final one, None when no component set any; `seconds`: time of the parse.
    ranking: (intent, confidence), best first, without the entry of the fallback component.
    topics: retrieval intent -> its best topic as full name, `faq` -> `faq/transfer_fee`.
    """

    text: str
    intent: str | None
    ranking: tuple[tuple[str, float], ...]
    topics: Mapping[str, str]
    entities: tuple[Mapping[str, Any], ...]
    seconds: float

    @property
    def refused(self) -> bool:
        """The assistant asks what was meant rather than acts."""
        return self.intent in (None, FALLBACK)

    @property
    def label(self) -> str:
        """The final intent with its topic; `nlu_fallback` for a refusal."""
        return FALLBACK if self.intent is None else self.topics.get(self.intent, self.intent)

    @property
    def offered(self) -> tuple[str, ...]:
        """Labels of the readings that a clarifying question of actions/unsure.py names, likeliest first."""
        from actions.unsure import NOT_OFFERED, OFFERED

        likely = [intent for intent, _ in self.ranking if intent not in NOT_OFFERED]
        return tuple(self.topics.get(intent, intent) for intent in likely[:OFFERED])

    @classmethod
    def of(cls, parsed: Mapping[str, Any], seconds: float) -> "Reading":
        """From the output properties of a Rasa message."""
        ranking = [(entry["name"], float(entry["confidence"])) for entry in parsed.get("intent_ranking") or []]
        selected = parsed.get(RETRIEVAL) or {}
        return cls(
            text=parsed.get("text") or "",
            intent=(parsed.get("intent") or {}).get("name"),
            ranking=tuple(entry for entry in ranking if entry[0] != FALLBACK),
            topics={
                name: found["response"]["intent_response_key"]
                for name, found in selected.items()
                if isinstance(found, dict) and "response" in found
            },
            entities=tuple(parsed.get("entities") or []),
            seconds=seconds,
        )


class NluModel:
    """A model archive, opened for parsing."""

    def __init__(self, archive: Path) -> None:
        """Raises CommandError when the archive is damaged or of another Rasa."""
        from rasa.engine.graph import ExecutionContext
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.shared.exceptions import RasaException

        self._folder = TemporaryDirectory(prefix="zhanggui-nlu-")
        try:
            self._storage, self._metadata = LocalModelStorage.from_model_archive(Path(self._folder.name), archive)
        except (RasaException, tarfile.TarError, OSError, EOFError, KeyError, ValueError) as error:
            raise CommandError(f"{archive.name} cannot be read ({error}): run `make train`") from None
        self._schema = self._metadata.predict_schema.minimal_graph_schema([self._metadata.nlu_target])
        self._context = ExecutionContext(self._schema, self._metadata.model_id)
        self._runner = DaskGraphRunner.create(self._schema, self._storage, self._context)

    def parse(self, text: str) -> Reading:
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE

        target = self._metadata.nlu_target
        started = time.perf_counter()
        messages = self._runner.run({PLACEHOLDER_MESSAGE: [UserMessage(text)]}, [target])[target]
        seconds = time.perf_counter() - started
        return Reading.of(messages[0].as_dict(only_output_properties=True), seconds)

    @cached_property
    def classifier(self) -> Any:
        """The LinearIntentClassifier of the pipeline, loaded once more: the graph keeps its own to itself."""
        from addons.components.linear_intent_classifier import LinearIntentClassifier

        for node in self._schema.nodes.values():
            if issubclass(node.uses, LinearIntentClassifier):
                config = {**node.uses.get_default_config(), **node.config}
                return node.uses.load(config, self._storage, node.resource, self._context)
        raise CommandError("config.yml has no LinearIntentClassifier: nothing here can explain another classifier")

    @property
    def fallback(self) -> dict[str, Any]:
        """Settings of the fallback component, its defaults included; empty when the pipeline has none."""
        from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier

        for node in self._schema.nodes.values():
            if issubclass(node.uses, FallbackClassifier):
                return {**node.uses.get_default_config(), **node.config}
        return {}

    @property
    def intents(self) -> set[str]:
        """Every name a sentence can be labelled with: the domain's intents and the topics the classifier learned."""
        return set(self._metadata.domain.intents) - {FALLBACK} | set(self.classifier.labels)


def fitting_archive() -> Path:
    """The model that fits domain, data and code as they are now. Raises CommandError when there is none."""
    try:
        path = None if domain.stale(ROOT) else train.model_path()
    except domain.DomainError as error:
        raise CommandError(str(error)) from None
    if path is None or not path.exists():
        raise CommandError("no model in models/ fits domain, data and code: run `make train`")
    return path


def open_fitting(who: str) -> NluModel:
    """Load the fitting model, saying so when it takes long; Rasa's own log lines and warnings are silenced."""
    archive = fitting_archive()
    # record=True and not a filter: sanic prepends its own filter at import.
    with Heartbeat(who, "loading Rasa and the model"), warnings.catch_warnings(record=True):
        import structlog

        # Unconfigured, structlog prints every debug line of Rasa.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        logging.getLogger("rasa").setLevel(logging.WARNING)
        model = NluModel(archive)
        model.parse("你好")  # the first parse loads what later ones find in memory
    return model
