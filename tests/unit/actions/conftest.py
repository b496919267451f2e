from collections.abc import Callable

import pytest

from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage, play


@pytest.fixture
def bank() -> MemoryBank:
    return MemoryBank()


@pytest.fixture
def stage(bank: MemoryBank, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stage]:
    """stage(login="zhangwei", form=None) -> Stage"""

    def make(login: str | None = "zhangwei", form: str | None = None) -> Stage:
        return play(bank, monkeypatch, login, form)

    return make
