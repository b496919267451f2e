"""Two servers of the web channel on one Redis: which of them a socket hangs on makes no difference."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from addons.stores.redis_store import RedisStore
from tests.contract.web_site import Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def sites(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Site, Site]]:
    """Two servers with the same page."""
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page:
        origin = "http://127.0.0.1:1"
        first = serving(RedisStore(redis_url), page, FakeRasa(), SigningCore(), origin, redis_url=redis_url)
        second = serving(RedisStore(redis_url), page, FakeRasa(), SigningCore(), origin, redis_url=redis_url)
        async with first as one, second as other:
            yield one, other


@pytest_asyncio.fixture
async def tabs(sites: tuple[Site, Site]) -> AsyncIterator[tuple[Page, Page]]:
    """Two tabs of one browser, one on each server."""
    one = Page(sites[0])
    other = Page(sites[1], beside=one)
    await one.open()
    await other.connect()
    yield one, other
    await one.close()
    await other.close()


async def test_what_one_server_answers_the_other_shows(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    one, other = tabs
    sites[0].rasa.answer = [{"text": "确认吗？", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    (asked,) = await one.say("转账", "m1")
    await other.wait(lambda: len(other.items) == 2)
    assert other.items == one.items
    await other.press(asked["buttons"][0]["id"])
    assert sites[1].rasa.texts == ["/affirm"] and sites[0].rasa.texts == ["转账"]
    await one.wait(lambda: len(one.items) == 4)
    assert one.items == other.items and [item["seq"] for item in one.items] == [1, 2, 3, 4]


async def test_a_button_pressed_on_both_servers_acts_once(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    sites[0].rasa.answer = [{"text": "确认吗？", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    (asked,) = await tabs[0].say("转账")
    await asyncio.gather(*(tab.press(asked["buttons"][0]["id"]) for tab in tabs))
    assert (sites[0].rasa.texts + sites[1].rasa.texts).count("/affirm") == 1


async def test_a_message_sent_to_both_servers_is_one(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    one, other = tabs
    await asyncio.gather(one.say("转账", "m1"), other.say("转账", "m1"))
    assert sites[0].rasa.texts + sites[1].rasa.texts == ["转账"]
    welcome = await one.connect()
    assert [item["text"] for item in welcome["items"]] == ["转账", "好的"]


async def test_order_and_limits_hold_over_both(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    one, other = tabs
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def hold(message: object) -> None:
        reached.set()
        await go_on.wait()

    sites[0].rasa.before = hold
    await one.call("say", {"id": "m1", "text": "一"})
    await reached.wait()
    assert (await other.call("say", {"id": "m2", "text": "二"}))["ok"]
    assert (await one.call("say", {"id": "m3", "text": "三"}))["ok"]
    assert (await other.call("say", {"id": "m4", "text": "四"}))["code"] == "busy"
    assert sorted((await other.connect())["pending"]) == ["m1", "m2", "m3"]
    go_on.set()
    for message in ("m2", "m3"):
        await one.answers(message)
    items = (await one.connect())["items"]
    assert items[0]["text"] == "一" and [item["from"] for item in items] == ["customer", "bot"] * 3


async def test_signing_out_reaches_tabs_of_both(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    one, other = tabs
    welcome = await one.sign_in()
    await other.next("rotated")
    await other.wait(lambda: not other.socket.connected)
    assert welcome["customer"]["name"] == "*伟"
    assert (await other.connect())["customer"] == welcome["customer"]
    await one.post("/sign-out")
    await other.next("rotated")
    await other.wait(lambda: not other.socket.connected)


async def test_a_sign_in_token_is_good_once_over_both(tabs: tuple[Page, Page], sites: tuple[Site, Site]) -> None:
    one, other = tabs
    _, session = await one.post("/session")
    body = {"token": sites[0].sign_in_page.token(session["binding"])}
    (first, _), (second, _) = await asyncio.gather(one.post("/sign-in", body), other.post("/sign-in", body))
    assert sorted((first, second)) == [200, 401]


async def test_what_was_not_asked_for_reaches_the_other_server(
    tabs: tuple[Page, Page], sites: tuple[Site, Site]
) -> None:
    one, other = tabs
    await one.say("你好")
    output = sites[0].channel.get_output_channel()
    assert output is not None
    await output.send_response(sites[0].rasa.seen[0].sender_id, {"text": "工单已办结"})
    await other.wait(lambda: any(item["text"] == "工单已办结" and item["from"] == "notice" for item in other.items))
