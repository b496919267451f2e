"""Keeping a lease while something runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from addons.stores.store import StoreUnavailable

# A lease outlives two renewals that fail.
RENEWALS_PER_LEASE = 3

logger = logging.getLogger(__name__)


@asynccontextmanager
async def renewed(renew: Callable[[], Awaitable[bool]], lease: float) -> AsyncIterator[None]:
    """Call `renew` three times per lease (seconds) until the block ends, or until it says that the lease is lost."""
    task = asyncio.ensure_future(_renew(renew, lease / RENEWALS_PER_LEASE))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})  # awaiting it would take a cancellation of ours for its own, and lose it
        if not task.cancelled():
            task.result()


async def _renew(renew: Callable[[], Awaitable[bool]], pause: float) -> None:
    while True:
        await asyncio.sleep(pause)
        try:
            if not await renew():
                logger.error("a lease was lost while its work still ran")
                return
        except StoreUnavailable as error:
            logger.warning("a lease was not renewed: %s", error)
