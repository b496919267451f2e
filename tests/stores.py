"""The channels' store for tests: each test runs over SQLite and over a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from addons.stores.redis_store import RedisStore
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store

OpenStore = Callable[[], Store]


@pytest_asyncio.fixture(params=["sqlite", "redis"])
async def open_another(request: pytest.FixtureRequest) -> AsyncIterator[OpenStore]:
    """Opens the store as one more process would; on SQLite, which serves one process, it is the same each time."""
    opened: list[Store] = []
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None

    def another() -> Store:
        if url is not None or not opened:
            opened.append(RedisStore(url) if url is not None else SqliteStore())
        return opened[-1]

    yield another
    for store in opened:
        await store.close()


@pytest.fixture
def store(open_another: OpenStore) -> Store:
    """One of them, empty."""
    return open_another()
