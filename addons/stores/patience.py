"""Waiting for a store that is away, for what would be lost otherwise."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from addons.stores.store import StoreUnavailable

PATIENCE_SECONDS = 30.0  # a store that restarts, or another one that takes its place
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0

Result = TypeVar("Result")
logger = logging.getLogger(__name__)


async def patiently(call: Callable[[], Awaitable[Result]]) -> Result:
    """What `call` returns, which is made again while the store is away: making it twice must do no harm.

    Raises StoreUnavailable when the store does not come back in time.
    """
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, _FIRST_PAUSE
    while True:
        try:
            return await call()
        except StoreUnavailable as error:
            if time.monotonic() + pause > deadline:
                raise
            logger.warning("waiting for the store: %s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
