"""Answers owed: kept for the customer's next message, and paid by another process when theirs dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from addons.channels import wechat_owed
from addons.channels.answers import Answer, Button, Message
from addons.channels.wechat_owed import Owed, OwedAnswers
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store, StoreUnavailable
from tests.unit.addons.channels.fakes import stop, until

pytestmark = pytest.mark.asyncio
SOME_BEATS = 0.2
ANSWER = Answer((Message("转账成功", (Button("查余额", id="b1"),)),))


@asynccontextmanager
async def paying(owed: OwedAnswers) -> AsyncIterator[list[Owed]]:
    """What a process pays for others meanwhile."""
    found: list[Owed] = []

    async def pay(debt: Owed, key: str) -> None:
        found.append(debt)

    watching = asyncio.ensure_future(owed.watch(pay))
    yield found
    await stop(watching)


async def paid(*processes: OwedAnswers, count: int = 1) -> list[Owed]:
    """What processes pay until so many debts are paid, and some beats longer."""
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(paying(owed)) for owed in processes]
        await until(lambda: sum(map(len, found)) >= count)
        await asyncio.sleep(SOME_BEATS)
        return [debt for each in found for debt in each]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_owed, "ALIVE_SECONDS", 0.3)
    monkeypatch.setattr(wechat_owed, "BEAT_SECONDS", 0.05)


async def test_what_is_kept_comes_once_and_in_order(store: Store) -> None:
    owed = OwedAnswers(store, "wx1")
    await owed.keep("o1", "", (Message("一"),))
    more = (owed.keep("o1", "", (Message("二"),)) for _ in range(3))
    await asyncio.gather(
        *more, owed.keep("o2", "", (Message("别人的"),)), owed.keep("o1", "lina", (Message("李娜的"),))
    )
    assert [message.text for message in await owed.take_kept("o1", "")] == ["一", "二", "二", "二"]
    assert not await owed.keeps("o1", "") and await owed.keeps("o1", "lina")
    assert await owed.take_kept("o1", "") == () and await OwedAnswers(store, "wx2").take_kept("o2", "") == ()


async def test_another_process_pays_what_a_dead_one_owes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_owed, "ALIVE_SECONDS", 2.0)
    dead, alive = OwedAnswers(store, "wx1"), OwedAnswers(store, "wx1")
    await dead.record("k1", Owed("o1", "c1", None))
    await dead.record("k2", Owed("o2", "c2", None))
    await dead.record("k2", Owed("o2", "c2", ANSWER))
    await dead.record("k3", Owed("o3", "c3", ANSWER))
    await dead.settle("k3")
    async with paying(alive) as found:
        await asyncio.sleep(SOME_BEATS)
        assert found == [], "it may live still"
    assert await paid(alive, count=2) == [Owed("o1", "c1", None), Owed("o2", "c2", ANSWER)]
    assert await paid(OwedAnswers(store, "wx1"), count=0) == []


async def test_a_restart_pays_what_the_process_before_owed(tmp_path: Path) -> None:
    before = SqliteStore(str(tmp_path / "channels.db"))
    await OwedAnswers(before, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    await before.close()
    after = SqliteStore(str(tmp_path / "channels.db"))
    assert await paid(OwedAnswers(after, "wx1")) == [Owed("o1", "c1", ANSWER)]
    await after.close()


async def test_two_that_live_pay_once(store: Store) -> None:
    await OwedAnswers(store, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    assert await paid(OwedAnswers(store, "wx1"), OwedAnswers(store, "wx1")) == [Owed("o1", "c1", ANSWER)]


async def test_whose_it_is_survives_the_process(store: Store) -> None:
    debt = Owed("o1", "c1", ANSWER, "zhangwei")
    await OwedAnswers(store, "wx1").record("k1", debt)
    assert await paid(OwedAnswers(store, "wx1")) == [debt]


async def test_a_process_that_pays_slowly_is_not_taken_for_dead(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_owed, "ALIVE_SECONDS", 2.0)
    await OwedAnswers(store, "wx1").record("k0", Owed("o0", "c0", ANSWER))
    await asyncio.sleep(2.2)
    busy = OwedAnswers(store, "wx1")
    await busy.record("k1", Owed("o1", "c1", None))
    begun = asyncio.Event()

    async def slowly(debt: Owed, key: str) -> None:
        begun.set()
        await asyncio.sleep(60)

    watching = asyncio.ensure_future(busy.watch(slowly))
    await begun.wait()
    async with paying(OwedAnswers(store, "wx1")) as found:
        await asyncio.sleep(3.5)
    await stop(watching)
    assert found == []


async def test_a_process_that_lives_again_answers_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stalled, alive, found = OwedAnswers(store, "wx1"), OwedAnswers(store, "wx1"), list[str]()
    for number in range(3):
        await stalled.record(f"k{number}", Owed("o1", "c1", None))

    async def pay(debt: Owed, key: str) -> None:
        found.append(key)
        monkeypatch.setattr(wechat_owed, "ALIVE_SECONDS", 60.0)
        await stalled.record("k3", Owed("o1", "c1", None))  # its next sign of life

    watching = asyncio.ensure_future(alive.watch(pay))
    await until(lambda: found)
    await asyncio.sleep(SOME_BEATS)
    await stop(watching)
    assert found == ["k0"]


async def test_what_cannot_be_paid_for_want_of_a_store_is_paid_later(store: Store) -> None:
    await OwedAnswers(store, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    tried: list[str] = []

    async def pay(debt: Owed, key: str) -> None:
        tried.append(key)
        if len(tried) < 3:
            raise StoreUnavailable("test")

    watching = asyncio.ensure_future(OwedAnswers(store, "wx1").watch(pay))
    await until(lambda: len(tried) >= 3)
    await asyncio.sleep(SOME_BEATS)
    await stop(watching)
    assert tried == ["k1", "k1", "k1"]
