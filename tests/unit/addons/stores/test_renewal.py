"""Leases that are kept while something runs."""

from __future__ import annotations

import asyncio

import pytest

from addons.stores.renewal import renewed

pytestmark = pytest.mark.asyncio


async def test_whoever_is_cancelled_while_the_renewal_ends_stays_cancelled() -> None:
    ending, ended = asyncio.Event(), asyncio.Event()

    async def renew() -> bool:
        try:
            await asyncio.sleep(3600)
        finally:
            ending.set()
            await ended.wait()
        return True

    async def hold() -> None:
        async with renewed(renew, 0.003):
            await asyncio.sleep(0.05)

    holder = asyncio.ensure_future(hold())
    await ending.wait()
    holder.cancel()
    await asyncio.sleep(0)
    ended.set()
    await asyncio.wait({holder})
    assert holder.cancelled()


async def test_a_fault_of_the_renewal_is_told() -> None:
    async def renew() -> bool:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        async with renewed(renew, 0.003):
            await asyncio.sleep(0.05)
