"""What every store keeps to, over SQLite and over a real Redis (tests/stores.py), sealed and not."""

import asyncio
import base64
import time

import pytest

from addons.channels.sealed_store import SealedStore
from addons.stores.store import Store
from tests.stores import OpenStore

pytestmark = pytest.mark.asyncio
KEY, OTHER_KEY = (base64.urlsafe_b64encode(byte * 32).decode() for byte in (b"k", b"o"))
SHORT, LONG = 0.2, 600.0


@pytest.fixture(params=["bare", "sealed"], name="open_another")
def open_either(request: pytest.FixtureRequest, open_another: OpenStore) -> OpenStore:
    return open_another if request.param == "bare" else lambda: SealedStore(open_another(), KEY)


async def gone(store: Store, key: str) -> None:
    deadline = time.monotonic() + 30
    while await store.get(key) is not None:
        assert time.monotonic() < deadline, f"{key} outlived its lifetime"
        await asyncio.sleep(0.05)


async def test_values(store: Store) -> None:
    assert await store.get("a") is None
    for value in ("一", "", "x" * 100_000, "a\x00b\n'\""):
        await store.set("a", value, LONG)
        assert await store.get("a") == value
    await store.set("b", "2", LONG)
    assert await store.take("a") == value and await store.get("a") is None and await store.take("a") is None
    assert await store.get("b") == "2"


async def test_lifetimes_end_and_are_extended(store: Store) -> None:
    await store.set("short", "1", SHORT)
    await store.set("extended", "1", SHORT)
    assert await store.replace("extended", "1", "2", LONG)
    await store.set("shortened", "1", LONG)
    await store.set("shortened", "2", SHORT)
    await gone(store, "short")
    await gone(store, "shortened")
    assert await store.get("extended") == "2"
    assert not await store.replace("short", "1", "2", LONG) and await store.take("short") is None
    assert await store.add("short", "again", LONG) and await store.get("short") == "again"


async def test_one_adds_of_all_processes(open_another: OpenStore) -> None:
    stores = [open_another() for _ in range(3)]
    won = await asyncio.gather(*(stores[n % 3].add("claim", str(n), LONG) for n in range(30)))
    assert sum(won) == 1 and await stores[0].get("claim") == str(won.index(True))


async def test_one_replaces_of_all_processes(open_another: OpenStore) -> None:
    stores = [open_another() for _ in range(3)]
    assert not await stores[0].replace("state", "old", "new", LONG) and await stores[0].get("state") is None
    await stores[0].set("state", "old", LONG)
    won = await asyncio.gather(*(stores[n % 3].replace("state", "old", f"new {n}", LONG) for n in range(30)))
    assert sum(won) == 1 and await stores[1].get("state") == f"new {won.index(True)}"


async def test_one_takes_of_all_processes(open_another: OpenStore) -> None:
    stores = [open_another() for _ in range(3)]
    await stores[0].set("ticket", "value", LONG)
    taken = await asyncio.gather(*(stores[n % 3].take("ticket") for n in range(30)))
    assert sorted(taken, key=str)[-1] == "value" and taken.count(None) == 29


async def test_delete_is_for_any_kind(store: Store) -> None:
    await store.set("value", "1", LONG)
    await store.count("counter", LONG)
    await store.append("log", "entry", 10, LONG)
    await store.set("other", "1", LONG)
    await store.delete("value", "counter", "log", "unknown")
    await store.delete()
    assert await store.get("value") is None and await store.count("counter", LONG) == 1
    assert await store.entries("log") == [] and await store.append("log", "x", 10, LONG) == 1
    assert await store.get("other") == "1"


async def test_counters_count_together_and_begin_anew(open_another: OpenStore) -> None:
    stores = [open_another() for _ in range(3)]
    numbers = await asyncio.gather(*(stores[n % 3].count("all", LONG) for n in range(30)))
    assert sorted(numbers) == list(range(1, 31))
    assert await stores[0].count("other", SHORT) == 1
    deadline = time.monotonic() + 30
    counted = await stores[0].count("other", LONG)  # only a window that begins has a length
    while counted > 1:
        assert time.monotonic() < deadline, "the window did not end"
        await asyncio.sleep(0.05)
        counted = await stores[0].count("other", LONG)


async def test_a_log_numbers_its_entries_and_keeps_the_newest(open_another: OpenStore) -> None:
    stores = [open_another() for _ in range(3)]
    assert await stores[0].entries("log") == []
    numbers = await asyncio.gather(*(stores[n % 3].append("log", f"{n}: 一\n二", 1000, LONG) for n in range(30)))
    assert sorted(numbers) == list(range(1, 31))
    written = {number: f"{n}: 一\n二" for n, number in enumerate(numbers)}
    assert await stores[1].entries("log") == sorted(written.items())
    assert await stores[1].append("log", "last", 3, LONG) == 31
    assert [number for number, _ in await stores[2].entries("log")] == [29, 30, 31]
    assert await stores[0].entries("other") == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [6, 7, 8, 9, 10]),
        ({"after": 8}, [9, 10]),
        ({"after": 3}, [6, 7, 8, 9, 10]),
        ({"after": 10}, []),
        ({"after": 99}, []),
        ({"before": 8}, [6, 7]),
        ({"before": 6}, []),
        ({"before": 1}, []),
        ({"before": 99}, [6, 7, 8, 9, 10]),
        ({"most": 2}, [9, 10]),
        ({"before": 10, "most": 2}, [8, 9]),
        ({"after": 6, "before": 10, "most": 2}, [8, 9]),
        ({"after": 7, "before": 8}, []),
        ({"after": 6, "before": 99, "most": 1}, [10]),
    ],
)
async def test_parts_of_a_log(asked: dict[str, int], expected: list[int], store: Store) -> None:
    for number in range(1, 11):
        assert await store.append("log", f"entry {number}", 5, LONG) == number
    assert await store.entries("log", **asked) == [(number, f"entry {number}") for number in expected]


async def test_a_log_lives_on_with_each_entry(store: Store) -> None:
    await store.append("log", "1", 10, SHORT)
    await store.append("log", "2", 10, LONG)
    await store.append("idle", "1", 10, SHORT)
    deadline = time.monotonic() + 30
    while await store.entries("idle"):
        assert time.monotonic() < deadline, "the log outlived its lifetime"
        await asyncio.sleep(0.05)
    assert await store.entries("log") == [(1, "1"), (2, "2")]
    assert await store.append("idle", "again", 10, LONG) == 1 and await store.entries("idle") == [(1, "again")]


async def test_a_lock_has_one_holder_of_all_processes(open_another: OpenStore) -> None:
    stores, inside, most = [open_another() for _ in range(3)], 0, 0

    async def work(store: Store) -> None:
        nonlocal inside, most
        async with store.lock("turn"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(work(stores[n % 3]) for n in range(12)))
    assert most == 1


async def test_locks_of_different_keys_do_not_wait_for_each_other(store: Store) -> None:
    async with store.lock("a"), store.lock("b"):
        pass


async def test_a_lock_is_first_come_first_served_within_a_process(store: Store) -> None:
    order: list[int] = []

    async def work(number: int) -> None:
        async with store.lock("turn"):
            order.append(number)
            await asyncio.sleep(0.002)

    await asyncio.gather(*(work(number) for number in range(10)))
    assert order == list(range(10))


async def test_errors_and_cancelled_waiters_leave_a_lock_usable(open_another: OpenStore) -> None:
    first, second = open_another(), open_another()
    with pytest.raises(RuntimeError, match="inside"):
        async with first.lock("turn"):
            raise RuntimeError("inside")

    async def work(store: Store) -> None:
        async with store.lock("turn"):
            pass

    async with first.lock("turn"):
        waiters = [asyncio.ensure_future(work(store)) for store in (first, second)]
        await asyncio.sleep(0.1)
        for waiter in waiters:
            waiter.cancel()
        assert all(
            isinstance(e, asyncio.CancelledError) for e in await asyncio.gather(*waiters, return_exceptions=True)
        )
    await asyncio.wait_for(work(second), 30)
    await asyncio.wait_for(work(first), 30)


async def test_a_lock_is_kept_longer_than_its_lease(open_another: OpenStore) -> None:
    first, second, log = open_another(), open_another(), list[str]()

    async def other() -> None:
        async with second.lock("turn", lease=0.6):
            log.append("second")

    async with first.lock("turn", lease=0.6):
        waiting = asyncio.ensure_future(other())
        await asyncio.sleep(1.5)
        log.append("first")
    await asyncio.wait_for(waiting, 30)
    assert log == ["first", "second"]


async def test_what_cannot_be_text_is_the_callers_fault(store: Store) -> None:
    with pytest.raises(UnicodeEncodeError):
        await store.set("a", "\ud83d", LONG)
    await store.set("a", "still there", LONG)
    assert await store.get("a") == "still there"


async def test_what_is_sealed_is_read_by_nobody_else(store: Store) -> None:
    sealed = SealedStore(store, KEY)
    await sealed.set("a", "余额 52,318.66", LONG)
    await sealed.append("log", "余额 52,318.66", 10, LONG)
    held, ((_, entry),) = str(await store.get("a")), await store.entries("log")
    assert "52,318" not in held + entry and held != entry
    await store.set("b", held, LONG)
    assert await sealed.get("b") is None, "put under another key it is nothing"
    assert await sealed.add("b", "new", LONG), "and in nobody's way"
    other = SealedStore(store, OTHER_KEY)
    assert await other.entries("log") == [] and await other.take("a") is None
