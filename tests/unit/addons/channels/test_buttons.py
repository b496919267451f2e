"""Buttons are opaque, bound to their conversation, and good for one press (attack list A.5)."""

import asyncio
import time

import pytest

from addons.channels.buttons import MOST_GROUPS, ButtonStore, Pressed
from addons.stores.store import Store
from tests.stores import OpenStore

pytestmark = pytest.mark.asyncio
CONFIRM, CANCEL = Pressed("/affirm", "确认"), Pressed("/deny", "取消")


def plain(*payloads: str) -> list[Pressed]:
    return [Pressed(payload, "x") for payload in payloads]


async def test_press_spends_the_whole_message(memory: Store) -> None:
    buttons = ButtonStore(memory)
    confirm, cancel = await buttons.issue("a", [CONFIRM, CANCEL])
    assert await buttons.live("a") == {confirm, cancel}
    assert await buttons.press("a", confirm) == CONFIRM
    assert await buttons.press("a", cancel) is None and await buttons.press("a", confirm) is None
    assert await buttons.live("a") == set()


async def test_ids_are_long_and_random(memory: Store) -> None:
    buttons = ButtonStore(memory)
    ids = {button for index in range(100) for button in await buttons.issue(f"c{index}", plain("/affirm", "/affirm"))}
    assert len(ids) == 200 and all(len(button) >= 22 for button in ids)


async def test_another_conversation_cannot_press(memory: Store) -> None:
    buttons = ButtonStore(memory)
    (confirm,) = await buttons.issue("a", [CONFIRM])
    for button in ("", "x", "\ud83d", confirm):
        assert await buttons.press("b", button) is None
    assert await buttons.press("a", confirm) == CONFIRM


async def test_expiry(memory: Store) -> None:
    buttons = ButtonStore(memory, lifetime=0.2)
    (confirm,) = await buttons.issue("a", [CONFIRM])
    deadline = time.monotonic() + 30
    while await buttons.live("a"):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    assert await buttons.press("a", confirm) is None


async def test_an_old_message_expires_although_newer_ones_live(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    buttons, now = ButtonStore(memory, lifetime=10), time.time()
    monkeypatch.setattr("addons.channels.buttons.time.time", lambda: now)
    (old,) = await buttons.issue("a", [CONFIRM])
    now += 9
    (new,) = await buttons.issue("a", [CANCEL])
    now += 2
    assert await buttons.live("a") == {new} and await buttons.press("a", old) is None


async def test_a_newer_message_with_the_same_payload_supersedes(memory: Store) -> None:
    buttons = ButtonStore(memory)
    old_confirm, old_cancel = await buttons.issue("a", [CONFIRM, CANCEL])
    (menu,) = await buttons.issue("a", plain("/menu"))
    new_confirm, new_cancel = await buttons.issue("a", [CONFIRM, CANCEL])
    assert await buttons.live("a") == {menu, new_confirm, new_cancel}
    assert await buttons.press("a", old_confirm) is None and await buttons.press("a", old_cancel) is None
    assert await buttons.press("a", new_confirm) == CONFIRM
    assert await buttons.press("a", menu) == Pressed("/menu", "x")


async def test_bounded_and_forgotten(memory: Store) -> None:
    buttons = ButtonStore(memory)
    first, *_ = [(await buttons.issue("a", plain(f"/p{index}")))[0] for index in range(MOST_GROUPS + 1)]
    assert await buttons.press("a", first) is None
    (last,) = await buttons.issue("a", plain("/x"))
    await buttons.forget("a")
    assert await buttons.press("a", last) is None


async def test_of_many_presses_in_several_processes_one_acts(open_another: OpenStore) -> None:
    processes = [ButtonStore(open_another()) for _ in range(3)]
    confirm, cancel = await processes[0].issue("a", [CONFIRM, CANCEL])
    ids = (confirm, cancel) * 15
    pressed = await asyncio.gather(*(processes[n % 3].press("a", button) for n, button in enumerate(ids)))
    assert len([one for one in pressed if one is not None]) == 1


async def test_messages_of_several_processes_do_not_lose_each_other(open_another: OpenStore) -> None:
    processes = [ButtonStore(open_another()) for _ in range(3)]
    issued = await asyncio.gather(*(processes[n % 3].issue("a", plain(f"/p{n}")) for n in range(MOST_GROUPS)))
    assert await processes[0].live("a") == {button for (button,) in issued}
