"""Redis as it fails: away, silent, refusing; and the locks of processes that died."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis

from addons.stores.redis_store import PREFIX, RedisStore
from addons.stores.store import StoreUnavailable
from tests.redis_server import running_redis

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[2]
PASSWORD = "never-shown-4711"


async def fails(store: RedisStore) -> str:
    with pytest.raises(StoreUnavailable) as unavailable:
        await store.get("a")
    with pytest.raises(StoreUnavailable):
        await store.append("log", "entry", 10, 60)
    with pytest.raises(StoreUnavailable):
        async with store.lock("turn"):
            pass
    return repr(unavailable.value) + repr(unavailable.value.__cause__)


async def test_nobody_there() -> None:
    store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:1/0")
    assert PASSWORD not in await fails(store)
    await store.close()


async def test_somebody_silent_there() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    store = RedisStore(f"redis://:{PASSWORD}@127.0.0.1:{port}/0")
    error = await asyncio.wait_for(fails(store), 60)
    assert PASSWORD not in error
    await store.close()
    server.close()


async def test_a_wrong_password(redis_server: str) -> None:
    store = RedisStore(f"redis://:{PASSWORD}@{redis_server.partition('@')[2]}")
    assert PASSWORD not in await fails(store)
    await store.close()


async def test_a_server_that_restarts_is_used_again() -> None:
    with running_redis(password=PASSWORD) as url:
        store = RedisStore(url)
        await store.set("a", "1", 60)
        port = int(url.rpartition(":")[2].partition("/")[0])
    with pytest.raises(StoreUnavailable):
        await store.get("a")
    with running_redis(port, PASSWORD):
        await store.set("a", "2", 60)
        assert await store.get("a") == "2"
        await store.close()


async def test_every_key_is_ours_and_none_stays_for_ever(redis_url: str) -> None:
    store = RedisStore(redis_url)
    await store.set("value", "1", 60)
    await store.count("counter", 60)
    await store.append("log", "entry", 10, 60)
    with Redis.from_url(redis_url) as redis:
        async with store.lock("turn"):
            keys = redis.keys()
            assert len(keys) == 4 and all(key.startswith(PREFIX.encode()) for key in keys)
            assert all(0 < redis.ttl(key) <= 60 for key in keys)
    await store.close()


HOLD = """
import asyncio, os
from addons.stores.redis_store import RedisStore

async def hold():
    async with RedisStore(os.environ["REDIS_URL"]).lock("turn", lease=1.0):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


async def test_the_lock_of_a_dead_process_is_given_up(redis_url: str) -> None:
    environment = {**os.environ, "REDIS_URL": redis_url}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        time.sleep(1.5)  # longer than the lease: it is renewed
        with Redis.from_url(redis_url) as redis:
            assert redis.exists(f"{PREFIX}lock:turn")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    store = RedisStore(redis_url)

    async def take() -> None:
        async with store.lock("turn"):
            pass

    await asyncio.wait_for(take(), 30)
    await store.close()


async def test_a_cancellation_that_redis_forgets_is_none_the_less_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio.wait_for of Python 3.10, which redis-py sends through, returns when its call ends as it is cancelled."""
    asked = asyncio.Event()

    async def forgetful(*_: object) -> str:
        asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        return "late"

    store = RedisStore("redis://127.0.0.1:1/0")
    monkeypatch.setattr("redis.asyncio.Redis.execute_command", forgetful)
    asking = asyncio.ensure_future(store.get("a"))
    await asked.wait()
    asking.cancel()
    await asyncio.wait({asking}, timeout=5)
    assert asking.cancelled()
