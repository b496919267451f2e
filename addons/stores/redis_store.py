"""The store of several Rasa processes: a Redis server."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from addons.stores.local_locks import LocalLocks
from addons.stores.renewal import renewed
from addons.stores.store import StoreUnavailable

PREFIX = "zhanggui:"
CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 2.0
LOCK_POLL_SECONDS = 0.05

_REPLACE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
_COUNT = """
local number = redis.call('INCR', KEYS[1])
if number == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return number
"""
# An entry carries its number ("17:text"), so that a log is one key.
_APPEND = """
local last = redis.call('LINDEX', KEYS[1], -1)
local number = (last and tonumber(string.match(last, '^%d+')) or 0) + 1
redis.call('RPUSH', KEYS[1], string.format('%.0f:', number) .. ARGV[1])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[2]), -1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return number
"""
_ENTRIES = """
local first = redis.call('LINDEX', KEYS[1], 0)
if not first then return {} end
first = tonumber(string.match(first, '^%d+'))
local upto = redis.call('LLEN', KEYS[1]) - 1
if ARGV[2] ~= '' then upto = math.min(upto, tonumber(ARGV[2]) - 1 - first) end
local from = math.max(0, tonumber(ARGV[1]) + 1 - first, upto + 1 - tonumber(ARGV[3]))
if from > upto then return {} end
return redis.call('LRANGE', KEYS[1], from, upto)
"""

Result = TypeVar("Result")
logger = logging.getLogger(__name__)


class RedisStore:
    """Store on a Redis server (6 or newer); every call ends within 3 s."""

    def __init__(self, url: str) -> None:
        """`url`: redis://, rediss:// or unix://, with its password; nothing is connected yet. Raises ValueError."""
        self._redis: Redis[str] = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=CONNECT_SECONDS,
            health_check_interval=30,
        )
        self._locks = LocalLocks()
        self._replace, self._count, self._append, self._entries = (
            self._redis.register_script(script) for script in (_REPLACE, _COUNT, _APPEND, _ENTRIES)
        )

    async def get(self, key: str) -> str | None:
        """Value of a key."""
        return await _reached(self._redis.get(PREFIX + key))

    async def set(self, key: str, value: str, lifetime: float) -> None:
        """Put a value."""
        await _reached(self._redis.set(PREFIX + key, value, px=_milliseconds(lifetime)))

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        """Put a value where there is none."""
        return bool(await _reached(self._redis.set(PREFIX + key, value, px=_milliseconds(lifetime), nx=True)))

    async def replace(self, key: str, expected: str, value: str, lifetime: float) -> bool:
        """Put a value where `expected` is."""
        return bool(await _reached(self._replace([PREFIX + key], [expected, value, _milliseconds(lifetime)])))

    async def take(self, key: str) -> str | None:
        """Get and delete."""
        return cast("str | None", await _reached(self._redis.getdel(PREFIX + key)))

    async def delete(self, *keys: str) -> None:
        """Forget values, counters and logs."""
        if keys:
            await _reached(self._redis.delete(*(PREFIX + key for key in keys)))

    async def count(self, key: str, window: float) -> int:
        """Add one to a counter."""
        return int(await _reached(self._count([PREFIX + key], [_milliseconds(window)])))

    async def append(self, log: str, entry: str, most: int, lifetime: float) -> int:
        """Add to a log."""
        return int(await _reached(self._append([PREFIX + log], [entry, most, _milliseconds(lifetime)])))

    async def entries(
        self, log: str, after: int = 0, before: int | None = None, most: int = 1000
    ) -> list[tuple[int, str]]:
        """Entries of a log."""
        wanted = [after, "" if before is None else before, most]
        parts = [str(held).partition(":") for held in await _reached(self._entries([PREFIX + log], wanted))]
        return [(int(number), entry) for number, _, entry in parts]

    @asynccontextmanager
    async def lock(self, key: str, lease: float = 30.0) -> AsyncIterator[None]:
        """A lock of all processes, renewed while it is held."""
        name = f"{PREFIX}lock:{key}"
        held = Lock(self._redis, name, timeout=lease, thread_local=False)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._locks.of(key))
            while not await _reached(held.acquire(blocking=False)):
                await asyncio.sleep(LOCK_POLL_SECONDS)
            stack.push_async_callback(_release, held)
            await stack.enter_async_context(renewed(lambda: _renew(held), lease))
            yield

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()


async def _awaited(call: Awaitable[Result]) -> Result:
    """Await a call of redis-py, whose asyncio.wait_for (Python 3.10) may forget a cancellation; gather remembers it."""
    [outcome] = await asyncio.gather(call, return_exceptions=True)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


async def _reached(call: Awaitable[Result]) -> Result:
    try:
        return await _awaited(call)
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        # Neither the text nor the cause goes on: they may quote the address.
        raise StoreUnavailable(type(error).__name__) from None


async def _renew(held: Lock) -> bool:
    try:
        return bool(await _awaited(held.reacquire()))
    except LockError:
        return False
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        raise StoreUnavailable(type(error).__name__) from None


async def _release(held: Lock) -> None:
    """Give the lock back; one that cannot be given back ends with its lease."""
    try:
        await _awaited(held.release())
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        logger.warning("a lock was not given back: %s", type(error).__name__)


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
