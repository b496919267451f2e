"""A store that is slow or away in the middle of a delivery: every answer reaches the phone, and none twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from addons.channels import wechat_owed, wechat_turns
from tests.contract.web_site import touch_up_once
from tests.stores import ShakyStore
from tests.unit.addons.channels.fakes import Held
from tests.wechat.one_server import APP_ID, Server, serving

pytestmark = pytest.mark.asyncio


class BreakingStore(ShakyStore):
    """Away from when a key with `breaks` in it is read; setting a key with `slow` in it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.slow, self.breaks = "", ""
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def set(self, key: str, value: str, lifetime: float) -> None:
        if self.slow and self.slow in key:
            self.reached.set()
            await self.go_on.wait()
        await super().set(key, value, lifetime)

    async def get(self, key: str) -> str | None:
        self.away = self.away or bool(self.breaks and self.breaks in key)
        return await super().get(key)


@pytest.fixture
def store() -> BreakingStore:
    return BreakingStore()


@pytest_asyncio.fixture
async def server(store: BreakingStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    monkeypatch.setattr(wechat_owed, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(wechat_turns, "REPLY_SECONDS", 0.6)
    async with serving(store) as running:
        await running.account()
        yield running
        store.away = False


async def pushed(server: Server, openid: str, count: int = 1) -> list[tuple[str, str]]:
    """What came, a moment after as much as is expected did."""
    await _until(lambda: _has_come(server, openid, count))
    await asyncio.sleep(0.4)
    return [(shown["how"], shown["text"]) for shown in await server.shown(openid)]


async def _has_come(server: Server, openid: str, count: int) -> bool:
    return len(await server.shown(openid)) >= count


async def _nothing_is_owed(store: BreakingStore) -> bool:
    keys = await store._run(lambda: [row[0] for row in store._db.execute("SELECT key FROM kept")])
    return not any(":owed:" in key for key in keys)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + 30
    while not await holds():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.05)


async def test_wechat_hangs_up_while_its_push_is_half_taken(server: Server, store: BreakingStore) -> None:
    openid = await server.follower()
    held = await server.control("POST", f"/{APP_ID}/customers/{openid}/say", {"text": "余额", "hold": True})
    request = held["request"]
    store.slow = ":quota:"
    async with aiohttp.ClientSession() as wechat:
        headers = {"Content-Type": "text/xml"}
        sending = asyncio.ensure_future(wechat.post(request["url"], data=request["body"].encode(), headers=headers))
        await store.reached.wait()
        sending.cancel()
        await asyncio.sleep(0.2)
        store.go_on.set()
        rasa = Held(server.rasa)
        again = asyncio.ensure_future(wechat.post(request["url"], data=request["body"].encode(), headers=headers))
        async with await again as answer:
            assert await answer.text() == "success"
        rasa.go_on.set()
    assert await pushed(server, openid) == [("push", "好的")], "it could be pushed: the message had earned that"
    assert server.rasa.texts == ["余额"]


async def test_away_while_an_answer_is_delivered(server: Server, store: BreakingStore) -> None:
    openid = await server.follower()
    store.breaks = ":kept:"
    (attempt,) = await server.say(openid, "余额")
    assert store.away
    store.away = False
    assert attempt["outcome"] == "passive" and await pushed(server, openid) == [("passive", "好的")]


async def test_away_after_wechat_was_told_to_wait(server: Server, store: BreakingStore) -> None:
    openid, rasa = await server.follower(), Held(server.rasa)
    (attempt,) = await server.say(openid, "余额")
    assert attempt["outcome"] == "success"
    store.away = True
    rasa.go_on.set()
    await asyncio.sleep(0.5)
    assert await server.shown(openid) == []
    store.away = False
    assert await pushed(server, openid) == [("push", "好的")]


async def test_away_at_the_moment_of_the_promise(server: Server, store: BreakingStore) -> None:
    openid, rasa = await server.follower(), Held(server.rasa)
    saying = asyncio.ensure_future(server.say(openid, "余额"))
    await rasa.asked.wait()
    store.away = True
    (attempt,) = await saying
    assert attempt["outcome"] == "passive"
    store.away = False
    rasa.go_on.set()
    first, second = await pushed(server, openid, 2)
    assert first[0] == "passive" and "一有结果" in first[1] and second == ("push", "好的")


async def test_away_after_the_answer_was_pushed(server: Server, store: BreakingStore) -> None:
    openid, rasa = await server.follower(), Held(server.rasa)
    await server.say(openid, "余额")
    send = server.channel._account.delivery.outbox._send  # type: ignore[union-attr]

    async def and_then_away(*message: Any) -> Any:
        sent = await send(*message)
        store.away = True
        return sent

    object.__setattr__(server.channel._account.delivery.outbox, "_send", and_then_away)  # type: ignore[union-attr]
    rasa.go_on.set()
    await pushed(server, openid)
    store.away = False
    await _until(lambda: _nothing_is_owed(store))
    assert await pushed(server, openid) == [("push", "好的")]
    assert await wechat_owed.OwedAnswers(store, APP_ID).take_kept(openid, "") == ()
