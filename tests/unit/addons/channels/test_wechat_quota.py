"""The quota of pushes, by a clock that is moved."""

import asyncio

import pytest

from addons.channels.wechat_quota import Occasion, Quota
from addons.stores.store import Store
from tests.stores import OpenStore
from tests.unit.addons.channels.wechat_server import Clock

pytestmark = pytest.mark.asyncio
HOUR = 3600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quota(store: Store, clock: Clock) -> Quota:
    return Quota(store, "wx1", clock)


async def spent(quota: Quota, openid: str = "o1") -> int:
    """How many pushes go out until the quota says no."""
    count = 0
    while await quota.spend(openid):
        count += 1
    return count


async def test_nobody_may_be_written_to_unasked(quota: Quota) -> None:
    assert await quota.left("o1") == 0
    assert not await quota.spend("o1")


@pytest.mark.parametrize(
    ("occasion", "most", "good_for"),
    [
        (Occasion.MESSAGE, 5, 47.9 * HOUR),
        (Occasion.CLICK, 3, 50),
        (Occasion.SUBSCRIBE, 3, 50),
        (Occasion.SCAN, 3, 50),
        (Occasion.ENTER, 2, 50),
    ],
)
async def test_what_occasions_earn(quota: Quota, clock: Clock, occasion: Occasion, most: int, good_for: float) -> None:
    await quota.earn("o1", occasion)
    clock.now += good_for
    assert await quota.left("o1") == most
    assert await spent(quota) == most
    await quota.earn("o1", occasion)
    clock.now += 48 * HOUR if occasion is Occasion.MESSAGE else 60
    assert await quota.left("o1") == 0
    assert not await quota.spend("o1")


async def test_a_push_does_not_prolong_the_window(quota: Quota, clock: Clock) -> None:
    await quota.earn("o1", Occasion.MESSAGE)
    for _ in range(3):
        clock.now += 15.9 * HOUR
        assert await quota.spend("o1")
    clock.now += 0.4 * HOUR
    assert not await quota.spend("o1")


async def test_a_new_message_renews_and_does_not_add(quota: Quota) -> None:
    await quota.earn("o1", Occasion.MESSAGE)
    await quota.spend("o1")
    await quota.earn("o1", Occasion.MESSAGE)
    assert await spent(quota) == 5


async def test_what_lapses_first_is_used_first(quota: Quota, clock: Clock) -> None:
    await quota.earn("o1", Occasion.MESSAGE)
    await quota.earn("o1", Occasion.CLICK)
    assert await quota.left("o1") == 8
    for _ in range(3):
        assert await quota.spend("o1")
    clock.now += 61
    assert await quota.left("o1") == 5


async def test_customers_and_accounts_are_apart(store: Store, quota: Quota, clock: Clock) -> None:
    await quota.earn("o1", Occasion.MESSAGE)
    assert await quota.left("o2") == 0
    assert await Quota(store, "wx2", clock).left("o1") == 0


async def test_forgotten(quota: Quota) -> None:
    await quota.earn("o1", Occasion.MESSAGE)
    await quota.earn("o1", Occasion.SCAN)
    await quota.forget("o1")
    assert await quota.left("o1") == 0


async def test_many_at_once_use_no_more_than_there_is(open_another: OpenStore, clock: Clock) -> None:
    processes = [Quota(open_another(), "wx1", clock) for _ in range(4)]
    await processes[0].earn("o1", Occasion.MESSAGE)
    await processes[1].earn("o1", Occasion.CLICK)
    used = await asyncio.gather(*(process.spend("o1") for process in processes for _ in range(10)))
    assert sum(used) == 8
