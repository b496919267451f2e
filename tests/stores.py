"""The channels' store for tests: over SQLite and over a real Redis, and one that can be away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from addons.stores.redis_store import RedisStore
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store, StoreUnavailable

OpenStore = Callable[[], Store]


class ShakyStore(SqliteStore):
    """Away while `away`."""

    away = False

    async def _run(self, work: Any) -> Any:
        if self.away:
            raise StoreUnavailable("test")
        return await super()._run(work)


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
