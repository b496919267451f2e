"""Fixtures of the channel tests."""

import pytest

from addons.channels.buttons import ButtonStore
from addons.channels.context import ContextSealer
from addons.channels.conversations import Conversation
from addons.channels.inbound import Services
from tests.unit.addons.channels.fakes import KEY, FakeCore, FakeRasa


@pytest.fixture
def core() -> FakeCore:
    return FakeCore()


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def services(core: FakeCore) -> Services:
    return Services(core, ButtonStore(), ContextSealer(KEY))  # type: ignore[arg-type]


@pytest.fixture
def customer() -> Conversation:
    return Conversation("local-1", "local", "session-reference")


@pytest.fixture
def visitor() -> Conversation:
    return Conversation("local-2", "local")
