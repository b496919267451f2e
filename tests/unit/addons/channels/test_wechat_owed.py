"""Answers owed: kept for the customer's next message, and paid by another process when theirs dies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from addons.channels import wechat_owed
from addons.channels.answers import Answer, Button, Message
from addons.channels.wechat_owed import Owed, OwedAnswers
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store, StoreUnavailable

pytestmark = pytest.mark.asyncio
ANSWER = Answer((Message("转账成功", (Button("查余额", id="b1"),)),))


async def paid(owed: OwedAnswers, seconds: float = 0.5) -> list[Owed]:
    """What a process pays for others within some time."""
    found: list[Owed] = []

    async def pay(debt: Owed, key: str) -> None:
        found.append(debt)

    watching = asyncio.ensure_future(owed.watch(pay))
    await asyncio.sleep(seconds)
    watching.cancel()
    return found


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


async def test_another_process_pays_what_a_dead_one_owes(store: Store) -> None:
    dead, alive = OwedAnswers(store, "wx1"), OwedAnswers(store, "wx1")
    await dead.record("k1", Owed("o1", "c1", None))
    await dead.record("k2", Owed("o2", "c2", None))
    await dead.record("k2", Owed("o2", "c2", ANSWER))
    await dead.record("k3", Owed("o3", "c3", ANSWER))
    await dead.settle("k3")
    assert await paid(alive, 0.1) == [], "it may live still"
    assert await paid(alive) == [Owed("o1", "c1", None), Owed("o2", "c2", ANSWER)]
    assert await paid(OwedAnswers(store, "wx1")) == []


async def test_a_restart_pays_what_the_process_before_owed(tmp_path: Path) -> None:
    before = SqliteStore(str(tmp_path / "channels.db"))
    await OwedAnswers(before, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    await before.close()
    after = SqliteStore(str(tmp_path / "channels.db"))
    assert await paid(OwedAnswers(after, "wx1"), 0.8) == [Owed("o1", "c1", ANSWER)]
    await after.close()


async def test_two_that_live_pay_once(store: Store) -> None:
    await OwedAnswers(store, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    both = await asyncio.gather(paid(OwedAnswers(store, "wx1"), 0.8), paid(OwedAnswers(store, "wx1"), 0.8))
    assert [*both[0], *both[1]] == [Owed("o1", "c1", ANSWER)]


async def test_whose_it_is_survives_the_process(store: Store) -> None:
    debt = Owed("o1", "c1", ANSWER, "zhangwei")
    await OwedAnswers(store, "wx1").record("k1", debt)
    await asyncio.sleep(0.4)
    assert await paid(OwedAnswers(store, "wx1")) == [debt]


async def test_a_process_that_pays_slowly_is_not_taken_for_dead(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_owed, "ALIVE_SECONDS", 2.0)
    await OwedAnswers(store, "wx1").record("k0", Owed("o0", "c0", ANSWER))
    await asyncio.sleep(2.2)
    busy = OwedAnswers(store, "wx1")
    await busy.record("k1", Owed("o1", "c1", None))

    paying = asyncio.Event()

    async def slowly(debt: Owed, key: str) -> None:
        paying.set()
        await asyncio.sleep(10)

    watching = asyncio.ensure_future(busy.watch(slowly))
    await paying.wait()
    assert await paid(OwedAnswers(store, "wx1"), 3.5) == []
    watching.cancel()


async def test_a_process_that_lives_again_answers_by_itself(store: Store) -> None:
    stalled, alive, found = OwedAnswers(store, "wx1"), OwedAnswers(store, "wx1"), list[str]()
    for number in range(3):
        await stalled.record(f"k{number}", Owed("o1", "c1", None))
    await asyncio.sleep(0.4)

    async def pay(debt: Owed, key: str) -> None:
        found.append(key)
        await stalled.record("k3", Owed("o1", "c1", None))  # its next sign of life

    watching = asyncio.ensure_future(alive.watch(pay))
    await asyncio.sleep(0.2)
    watching.cancel()
    assert found == ["k0"]


async def test_what_cannot_be_paid_for_want_of_a_store_is_paid_later(store: Store) -> None:
    await OwedAnswers(store, "wx1").record("k1", Owed("o1", "c1", ANSWER))
    await asyncio.sleep(0.4)
    tried: list[str] = []

    async def pay(debt: Owed, key: str) -> None:
        tried.append(key)
        if len(tried) < 3:
            raise StoreUnavailable("test")

    watching = asyncio.ensure_future(OwedAnswers(store, "wx1").watch(pay))
    await asyncio.sleep(0.5)
    watching.cancel()
    assert tried == ["k1", "k1", "k1"]
