"""Slow calls to the bank hold up neither the event loop nor another customer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from time import monotonic

import pytest

from banking.offload import OffLoop
from banking.port import WRITES, BankUnavailable, CoreBank, OutcomeUnknown, SessionInvalid


class SlowBank:
    """Answers when told to, except the session "fast", which is answered at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = 0

    def limits(self, session: str) -> str:
        self.asked += 1
        if session != "fast":
            self.go.wait(5)
        return session

    def confirm(self, session: str, draft_id: str) -> str:
        return self.limits(session) + draft_id

    def cards(self, session: str) -> None:
        raise SessionInvalid


@pytest.fixture
def bank() -> Iterator[SlowBank]:
    slow = SlowBank()
    yield slow
    slow.go.set()


def test_twenty_slow_calls_do_not_hold_up_a_fast_one(bank: SlowBank) -> None:
    async def scene() -> float:
        off_loop = OffLoop()
        slow = [asyncio.create_task(off_loop.call(bank.limits, "slow")) for _ in range(20)]
        await asyncio.sleep(0.05)
        started = monotonic()
        assert await off_loop.call(bank.limits, "fast") == "fast"
        elapsed = monotonic() - started
        bank.go.set()
        assert await asyncio.gather(*slow) == ["slow"] * 20
        return elapsed

    assert asyncio.run(scene()) < 2  # held up, it would wait for the slow ones for ever


def test_errors_of_the_bank_come_through(bank: SlowBank) -> None:
    with pytest.raises(SessionInvalid):
        asyncio.run(OffLoop().call(bank.cards, "s"))


def test_a_read_over_time_is_unavailable_and_a_write_unknown(bank: SlowBank) -> None:
    off_loop = OffLoop(timeout=0.05)
    with pytest.raises(BankUnavailable, match="limits"):
        asyncio.run(off_loop.call(bank.limits, "slow"))
    with pytest.raises(OutcomeUnknown, match="confirm"):
        asyncio.run(off_loop.call(bank.confirm, "slow", draft_id="d"))


def test_a_write_that_no_thread_took_up_is_surely_not_done(bank: SlowBank) -> None:
    async def scene() -> None:
        off_loop = OffLoop(threads=1, timeout=0.1)
        first = asyncio.create_task(off_loop.call(bank.limits, "slow"))
        await asyncio.sleep(0)
        with pytest.raises(BankUnavailable):
            await off_loop.call(bank.confirm, "slow", "d")
        with pytest.raises(BankUnavailable):
            await first
        bank.go.set()
        off_loop.close()

    asyncio.run(scene())
    assert bank.asked == 1


def test_writes_are_methods_of_the_port() -> None:
    assert all(callable(getattr(CoreBank, name)) for name in WRITES)
