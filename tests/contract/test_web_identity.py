"""Who is who on the web channel: cookies, sign-in, sign-out, other people's ids, other people's pages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio
SIGN_IN = [{"text": "查询余额需要先登录。", "custom": {"type": "sign_in"}}]


@pytest.fixture
def site_store() -> SqliteStore:
    return SqliteStore()


@pytest_asyncio.fixture
async def site(site_store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    monkeypatch.setattr("addons.channels.web_socket.SWEEP_SECONDS", 0.1)
    async with sign_in_page() as page, serving(site_store, page, FakeRasa(), SigningCore()) as running:
        yield running


async def test_the_cookie(browsers: Any, site: Site) -> None:
    page = browsers()
    async with page.http.post(f"{site.url}/chat/session", json={}, headers={"Origin": site.origin}) as response:
        header, body = response.headers["Set-Cookie"], await response.json()
        assert response.headers["Cache-Control"] == "no-store"
    assert header.startswith("zhanggui_chat=") and "HttpOnly" in header and "Path=/chat" in header
    assert "SameSite=Lax" in header and "Domain" not in header and "Secure" not in header  # http on loopback
    assert body["customer"] is None and body["sandbox"] is False and body["phone_url"] is None
    assert body["binding"] in body["sign_in_url"] and page.cookie.partition("=")[2] not in str(body)
    _, again = await page.post("/session")
    assert again["binding"] == body["binding"]


async def test_the_cookie_over_https_is_for_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    origin = "https://chat.bank.example"
    async with sign_in_page() as page, serving(SqliteStore(), page, FakeRasa(), SigningCore(), origin) as site:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{site.url}/chat/session", json={}, headers={"Origin": origin}) as response,
        ):
            header = response.headers["Set-Cookie"]
        assert header.startswith("__Secure-zhanggui_chat=") and "Secure" in header.partition(";")[2]


async def test_forged_and_unknown_cookies_are_refused(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.post("/session")
    (cookie,) = [morsel.value for morsel in page.jar]
    token, _, signature = cookie.rpartition(".")
    for forged in (
        "",
        "x",
        f"{token}.",
        f"{token[:-1]}x.{signature}",
        f"{token}.{signature[:-2]}AA",
        "é.é",
        "x" * 4000,
    ):
        stranger = Page(site, {"zhanggui_chat": forged} if forged else None)
        assert "no_session" in await stranger.refused(), forged
        await stranger.close()


async def test_signing_in_keeps_what_was_said_under_a_new_name(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    site.rasa.answer = SIGN_IN
    await page.say("查一下余额")
    visitor, cookie = site.rasa.seen[0].sender_id, page.cookie
    welcome = await page.sign_in()
    assert page.cookie != cookie and welcome["consent"] is True
    assert welcome["customer"] == {"name": "*伟", "elder_mode": False}
    texts = [item["text"] for item in welcome["items"]]
    assert texts[:2] == ["查一下余额", "查询余额需要先登录。"] and "张伟" in texts[2]
    (again,) = welcome["items"][2]["buttons"]
    assert again["title"] == "查一下余额"
    site.rasa.answer = [{"text": "余额 100 元"}]
    await page.press(again["id"])
    assert site.rasa.seen[-1].text == "查一下余额" and site.rasa.seen[-1].sender_id != visitor


async def test_the_old_cookie_is_worth_nothing_after_sign_in_and_sign_out(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    old = page.cookie.partition("=")[2]
    await page.sign_in()
    signed_in = page.cookie.partition("=")[2]
    status, _ = await page.post("/sign-out")
    assert status == 204 and site.core.signed_out == ["session 1 of zhangwei"]
    for value in (old, signed_in):
        thief = Page(site, {"zhanggui_chat": value})
        assert "no_session" in await thief.refused()
        await thief.close()
    welcome = await page.connect(consent=False)
    assert welcome["customer"] is None and welcome["items"] == []


async def test_open_tabs_hear_of_sign_in_and_sign_out(browsers: Any, site: Site) -> None:
    page, other = browsers(), browsers()
    await page.open()
    other.jar.update_cookies({cookie.key: cookie.value for cookie in page.jar}, aiohttp.client.URL(site.url))
    await other.connect()
    await page.sign_in()
    await other.next("rotated")
    await other.wait(lambda: not other.socket.connected)
    other.jar.update_cookies({cookie.key: cookie.value for cookie in page.jar}, aiohttp.client.URL(site.url))
    await other.connect()
    await page.post("/sign-out")
    await other.next("rotated")
    await other.wait(lambda: not other.socket.connected)


async def test_two_devices_share_a_conversation_and_sign_out_alone(browsers: Any, site: Site) -> None:
    phone, computer = browsers(), browsers()
    await phone.open()
    await phone.sign_in()
    await phone.say("你好")
    await computer.open()
    welcome = await computer.sign_in()
    assert "你好" in [item["text"] for item in welcome["items"]]
    await computer.say("在吗")
    await phone.wait(lambda: any(item["text"] == "在吗" for item in phone.items))
    assert len({message.sender_id for message in site.rasa.seen}) == 1
    await computer.post("/sign-out")
    assert site.core.signed_out == ["session 2 of zhangwei"]
    await phone.say("还在")


async def test_two_customers_do_not_meet(browsers: Any, site: Site) -> None:
    hers, his = browsers(), browsers()
    site.rasa.answer = [{"text": "确认吗？", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    await hers.open()
    await hers.sign_in("lina")
    (asked,) = await hers.say("转账", "m1")
    await his.open()
    await his.sign_in("zhangwei")
    site.rasa.answer = [{"text": "好的"}]
    (answer,) = await his.press(asked["buttons"][0]["id"])
    assert "按钮已失效" in answer["text"] and "/affirm" not in site.rasa.texts
    await his.say("我的", "m1")  # her message id is not his
    assert site.rasa.texts == ["转账", "我的"]
    assert len({message.sender_id for message in site.rasa.seen}) == 2
    assert all("转账" not in item["text"] for item in his.items) and len(hers.items) == 2
    victim = site.rasa.seen[0].sender_id
    for named in ("sender", "session_id", "conversation", "metadata"):
        assert (await his.call("say", {"id": "m2", "text": "x", named: victim}))["code"] == "bad_message"
        assert "bad_message" in await his.refused(auth={"after": 0, named: victim})
        await his.connect()


async def test_the_id_of_a_connection_is_worth_nothing_without_its_cookie(browsers: Any, site: Site) -> None:
    hers, his = browsers(), browsers()
    await hers.post("/session")
    await his.post("/session")
    address = f"{site.url}/chat/socket.io/?EIO=4&transport=polling"
    async with hers.http.get(address) as response:
        sid = json.loads((await response.text())[1:])["sid"]
    async with hers.http.post(f"{address}&sid={sid}", data="40") as response:
        assert response.status == 200
    for thief in (his.http, aiohttp.ClientSession()):
        async with thief.get(f"{address}&sid={sid}") as response:
            assert response.status == 403
        async with thief.post(f"{address}&sid={sid}", data="41") as response:
            assert response.status == 403
    await thief.close()
    async with hers.http.get(f"{address}&sid={sid}") as response:
        assert "welcome" in await response.text()


async def test_an_idle_sign_in_ends_on_an_open_page(browsers: Any, site: Site) -> None:
    site.core.idle = timedelta(seconds=2)
    page = browsers()
    await page.open()
    await page.sign_in()
    told = await page.wait(lambda: next((data for name, data in page.events if name == "signed_out"), None))
    assert "重新登录" in told["text"]
    refusal = await page.call("say", {"id": "m", "text": "余额"})
    assert refusal["code"] == "signed_out" and site.rasa.seen == []
    assert "no_session" in await page.refused()
    assert site.core.signed_out == ["session 1 of zhangwei"]


async def test_a_session_the_core_has_ended_ends_here(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    await page.sign_in()
    site.rasa.answer = SIGN_IN
    await page.say("查余额")
    await page.next("signed_out")
    assert "no_session" in await page.refused()
    welcome = await page.open(consent=False)
    assert welcome["customer"] is None and welcome["items"] == []
    welcome = await page.sign_in()
    assert [button["title"] for button in welcome["items"][-1]["buttons"]] == ["查余额"]


async def test_other_sites_are_refused(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    for origin in ("https://evil.example", "null", f"{site.url}.evil.example", site.url.replace("http", "https"), ""):
        for path in ("/session", "/sign-in", "/sign-out"):
            status, body = await page.post(path, headers={"Origin": origin})
            assert (status, body["error"]["code"]) == (403, "bad_origin")
        if origin:
            for transport in ("websocket", "polling"):
                assert await page.refused(headers={"Origin": origin}, transports=[transport])
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with page.http.options(f"{site.url}/chat/socket.io/?EIO=4", headers=preflight) as response:
        assert "Access-Control-Allow-Origin" not in response.headers
    assert await page.refused(headers={"Origin": "", "Sec-Fetch-Site": "cross-site"})
