"""Fixtures of the channel tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from addons.channels.conversations import Conversation
from addons.channels.exchange import Exchange
from addons.channels.inbound import Services
from addons.channels.turns import TurnQueue
from addons.channels.wechat_http import WeChatHttp
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store
from tests.unit.addons.channels.fakes import KEY, FakeCore, FakeRasa
from tests.unit.addons.channels.wechat_server import WeChat, running_wechat

Running = tuple[WeChat, WeChatHttp]


@pytest.fixture
def core() -> FakeCore:
    return FakeCore()


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest_asyncio.fixture
async def memory() -> AsyncIterator[Store]:
    """The store of one process."""
    store = SqliteStore()
    yield store
    await store.close()


@pytest.fixture
def services(core: FakeCore, memory: Store) -> Services:
    return Services.over(memory, core, KEY)  # type: ignore[arg-type]


@pytest.fixture
def exchange(services: Services, rasa: FakeRasa, memory: Store) -> Exchange:
    return Exchange(services, rasa, TurnQueue(memory))


@pytest_asyncio.fixture
async def customer(services: Services) -> Conversation:
    return (await services.conversations.open("local", "session-reference"))[0]


@pytest_asyncio.fixture
async def visitor(services: Services) -> Conversation:
    return (await services.conversations.open("local", None))[0]


@pytest_asyncio.fixture
async def running() -> AsyncIterator[Running]:
    """A server in WeChat's place, and the client that calls it."""
    async with running_wechat() as running:
        yield running


@pytest.fixture
def wechat(running: Running) -> WeChat:
    return running[0]


@pytest.fixture
def http(running: Running) -> WeChatHttp:
    return running[1]
