"""Accounts of other kinds: plaintext, mini-program, without the customer-service API; and bad networks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from addons.channels import wechat_delivery, wechat_turns
from addons.stores.sqlite_store import SqliteStore
from services.wechat_sandbox.crypto import signature
from tests.contract.web_site import touch_up_once
from tests.wechat.one_server import APP_ID, TOKEN, Server, serving

pytestmark = pytest.mark.asyncio
BUTTONS = [{"title": "查余额", "payload": "/check_balance"}, {"title": "转账", "payload": "/transfer_money"}]


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)


@pytest_asyncio.fixture
async def plain() -> AsyncIterator[Server]:
    async with serving(SqliteStore(), aes_keys=()) as server:
        await server.account(mode="plain")
        yield server


async def test_the_documented_url_verification(plain: Server) -> None:
    query = {"signature": signature(TOKEN, "1714036504", "1514711492"), "timestamp": "1714036504"}
    assert query["signature"].startswith("f464b24f") and query["signature"].endswith("1696")
    query |= {"nonce": "1514711492", "echostr": "4375120948345356249"}
    async with plain.http.get(plain.webhook, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "4375120948345356249")


@pytest.mark.parametrize("body", ["xml", "json"])
async def test_plaintext(plain: Server, body: str) -> None:
    await plain.control("PATCH", f"/{APP_ID}", {"body": body})
    openid = await plain.follower()
    (attempt,) = await plain.say(openid, "你好")
    assert attempt["outcome"] == "passive"
    assert [shown["text"] for shown in await plain.shown(openid)] == ["好的"]


async def test_a_mini_program_gets_everything_pushed() -> None:
    async with serving(SqliteStore(), kind="mini_program") as server:
        await server.account(kind="mini_program", body="json")
        openid = await server.follower()
        server.rasa.answer = [{"text": "办什么？", "buttons": BUTTONS}]
        (attempt,) = await server.say(openid, "你好")
        assert attempt["outcome"] == "success"
        (shown,) = await server.shown(openid, after=1, wait=5)
        assert shown["how"] == "push" and "1. 查余额\n2. 转账" in shown["text"]
        await server.say(openid, "2")
        assert server.rasa.texts == ["你好", "/transfer_money"]
        await server.control(
            "POST", f"/{APP_ID}/customers/{openid}/event", {"event": "user_enter_tempsession", "wait": True}
        )
        while "掌柜" not in (await server.shown(openid))[-1]["text"]:
            await asyncio.sleep(0.05)


async def test_an_account_without_the_api_lets_wechat_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_turns, "TYPING_SECONDS", 0.1)
    monkeypatch.setattr(wechat_turns, "REPLY_SECONDS", 0.5)
    monkeypatch.setattr(wechat_turns, "CLOSED_SECONDS", 0.8)
    async with serving(SqliteStore(), may_push=False) as server:
        await server.account(customer_service=False, timeout_seconds=0.6)
        openid = await server.follower()
        hold = asyncio.Event()

        async def slowly(message: Any) -> None:
            await hold.wait()

        server.rasa.before = slowly
        asyncio.get_running_loop().call_later(0.9, hold.set)
        attempts = await server.say(openid, "余额")
        assert [attempt["outcome"] for attempt in attempts] == ["timeout", "passive"]
        hold.clear()
        attempts = await server.say(openid, "还有")
        assert [attempt["outcome"] for attempt in attempts] == ["timeout", "timeout", "passive"]
        assert "还在处理" in (await server.shown(openid))[-1]["text"]
        server.rasa.answer = [{"text": "迟到的结果"}]
        hold.set()
        while "迟到的结果" not in (text := (await server.shown(openid))[-1]["text"]):
            await server.say(openid, "好了吗")
        assert text.startswith("先告诉您") and server.rasa.texts[:2] == ["余额", "还有"]


async def test_a_reply_whose_connection_breaks_is_pushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_delivery, "UNCLAIMED_SECONDS", 0.3)
    async with serving(SqliteStore()) as server:
        await server.account()
        openid = await server.follower()
        reached, go_on = asyncio.Event(), asyncio.Event()

        async def slowly(message: Any) -> None:
            reached.set()
            await go_on.wait()

        server.rasa.before = slowly
        held = await server.control("POST", f"/{APP_ID}/customers/{openid}/say", {"text": "余额", "hold": True})
        request = held["request"]
        async with aiohttp.ClientSession() as wechat:
            sending = asyncio.ensure_future(
                wechat.post(request["url"], data=request["body"].encode(), headers={"Content-Type": "text/xml"})
            )
            await reached.wait()
            sending.cancel()
        await asyncio.sleep(0.2)
        go_on.set()
        (shown,) = await server.shown(openid, wait=5) or await server.shown(openid, after=1, wait=5)
        assert (shown["how"], shown["text"]) == ("push", "好的") and server.rasa.texts == ["余额"]


async def test_the_bank_cannot_be_asked_who_it_is() -> None:
    async with serving(SqliteStore()) as server:
        await server.account()
        server.core.away = True
        server.rasa.answer = [{"text": "请先登录", "custom": {"type": "sign_in"}}]
        openid = await server.follower()
        await server.say(openid, "余额")
        (shown,) = await server.shown(openid)
        assert "银行系统暂时无法连接" in shown["text"] and "<a" not in shown["text"]


async def test_what_nobody_asked_for_is_pushed_or_waits(plain: Server) -> None:
    openid = await plain.follower()
    await plain.say(openid, "你好")
    output = plain.channel.get_output_channel()
    assert output is not None
    conversation = plain.rasa.seen[0].sender_id
    assert openid not in conversation
    await output.send_response(conversation, {"text": "工单已办结", "image": "https://bank.example/a.png"})
    shown = (await plain.shown(openid))[-1]
    assert (shown["how"], shown["kind"], shown["data"]["picurl"]) == ("push", "news", "https://bank.example/a.png")
    await plain.control("PATCH", f"/{APP_ID}/customers/{openid}", {"refuses": True})
    await output.send_response(conversation, {"text": "第二张工单"})
    await plain.control("PATCH", f"/{APP_ID}/customers/{openid}", {"refuses": False})
    await plain.say(openid, "你好")
    assert "第二张工单" in (await plain.shown(openid))[-1]["text"]
