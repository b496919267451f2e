"""The phone page: only by its own address, only from itself, and usable in a real browser."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright

from services.wechat_sandbox.accounts import Setup
from services.wechat_sandbox.settings import Settings, SettingsError, from_environment
from tests.debian import program
from tests.unit.services.wechat_sandbox.harness import (
    AES_KEY,
    CONTROL_TOKEN,
    PUSH_TOKEN,
    SECRET,
    AccountUser,
    Receiver,
    StandIn,
    receiving,
    replying,
    running,
)

FOLLOWER = "oDemoXiaowei0001"
DEMO = {"WECHAT_APP_ID": "wxdemo", "WECHAT_APP_SECRET": SECRET, "WECHAT_TOKEN": PUSH_TOKEN, "WECHAT_AES_KEY": AES_KEY}
ENVIRONMENT = {
    "ZHANGGUI_SANDBOX": "1",
    "WECHAT_SANDBOX_HOST": "127.0.0.1",
    "WECHAT_SANDBOX_PORT": "8300",
    "WECHAT_SANDBOX_URL": "http://127.0.0.1:8300",
    "WECHAT_SANDBOX_TOKEN": CONTROL_TOKEN,
    "WECHAT_SANDBOX_CALLBACK_URL": "http://127.0.0.1:5005/webhooks/wechat/webhook",
}


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as started:
        yield started


@pytest_asyncio.fixture
async def demo(receiver: Receiver) -> AsyncIterator[AccountUser]:
    setup = Setup("wxdemo", SECRET, PUSH_TOKEN, [AES_KEY], receiver.url, mode="plain")
    settings = Settings(CONTROL_TOKEN, "127.0.0.1", 1, "http://127.0.0.1", setup, "http://bank.test/sandbox/phone")
    async with running(settings) as stand_in:
        yield AccountUser(stand_in, "wxdemo", {}, FOLLOWER)


@pytest_asyncio.fixture
async def following(demo: AccountUser) -> AccountUser:
    """The account with somebody who follows it already."""
    await demo.control("PATCH", f"/customers/{FOLLOWER}", {"subscribed": True})
    return demo


async def status(demo: AccountUser, method: str, path: str, **headers: str) -> int:
    url = f"{demo.stand_in.url}/wechat-sandbox/{path}"
    body = b'{"text": "hi"}' if method == "POST" else None
    given = {"Content-Type": "application/json", **headers}
    async with demo.stand_in.http.request(method, url, data=body, headers=given) as response:
        return response.status


async def test_files_come_with_strict_headers_and_nothing_else_is_served(demo: AccountUser) -> None:
    for name in ("", "page.js", "bubbles.js", "page.css", "icon.svg"):
        async with demo.stand_in.http.get(f"{demo.stand_in.url}/wechat-sandbox/{name}") as response:
            policy = response.headers["Content-Security-Policy"]
            assert (response.status, "unsafe" in policy, policy.startswith("default-src 'none'")) == (200, False, True)
            text = await response.text()
            assert "http:" not in text.replace("http://www.w3.org", "") and "https:" not in text
    for name in ("other.js", "../app.py", "%2e%2e/app.py", "page.js/x"):
        assert await status(demo, "GET", name) == 404


async def test_other_sites_can_neither_act_nor_read(following: AccountUser) -> None:
    demo, say = following, f"api/phones/{FOLLOWER}/say"
    own = demo.stand_in.url
    assert await status(demo, "POST", say) == 403, "an act without an origin"
    assert await status(demo, "POST", say, Origin="https://evil.example") == 403
    assert await status(demo, "POST", say, Origin="null") == 403
    assert await status(demo, "GET", f"api/phones/{FOLLOWER}", Origin="https://evil.example") == 403
    assert await status(demo, "GET", f"api/phones/{FOLLOWER}", Host="evil.example") == 403
    assert await status(demo, "POST", say, Host="evil.example", Origin="http://evil.example") == 403
    assert await status(demo, "POST", say, Origin=own) == 200
    assert [one["text"] for one in (await demo.phone())["shown"]] == ["hi"]
    assert await status(demo, "POST", "api/phones/somebody/say", Origin=own) == 404


async def test_without_credentials_the_page_says_what_is_missing(stand_in: StandIn) -> None:
    async with stand_in.http.get(f"{stand_in.url}/wechat-sandbox/api/account") as response:
        assert response.status == 503
        assert "WECHAT_AES_KEY" in await response.text()


async def test_only_followers_can_write(demo: AccountUser) -> None:
    say, own = f"api/phones/{FOLLOWER}/say", demo.stand_in.url
    assert await status(demo, "POST", say, Origin=own) == 409
    await demo.act("event", event="subscribe")
    assert await status(demo, "POST", say, Origin=own) == 200
    await demo.act("event", event="unsubscribe")
    assert await status(demo, "POST", say, Origin=own) == 409


def test_settings_from_the_environment() -> None:
    settings = from_environment(ENVIRONMENT | DEMO)
    assert settings.demo is not None
    assert (settings.demo.app_id, settings.demo.aes_keys, settings.port) == ("wxdemo", [AES_KEY], 8300)
    assert SECRET not in repr(settings) and CONTROL_TOKEN not in repr(settings)
    assert from_environment(ENVIRONMENT).demo is None and from_environment(ENVIRONMENT).codes_url == ""
    bank = from_environment(ENVIRONMENT | {"CORE_BANK_URL": "http://127.0.0.1:8100"})
    assert bank.codes_url == "http://127.0.0.1:8100/sandbox/phone"
    for wrong in (
        {"ZHANGGUI_SANDBOX": "0"},
        {"WECHAT_SANDBOX_TOKEN": "short"},
        {"WECHAT_SANDBOX_PORT": "eighty"},
        {"WECHAT_SANDBOX_URL": ""},
        DEMO | {"WECHAT_AES_KEY": "short"},
    ):
        with pytest.raises(SettingsError, match="wechat sandbox: "):
            from_environment({**ENVIRONMENT, **wrong})


def plain_reply(text: str) -> bytes:
    return (
        f"<xml><ToUserName>{FOLLOWER}</ToUserName><FromUserName>gh_zhanggui0001</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content></xml>"
    ).encode()


@pytest_asyncio.fixture
async def page(demo: AccountUser) -> AsyncIterator[Page]:
    chromium = program("chromium", "chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = await browser.new_page(viewport={"width": 390, "height": 844})
        await opened.goto(f"{demo.stand_in.url}/wechat-sandbox/")
        yield opened
        await browser.close()


async def _pushed(receiver: Receiver, part: bytes) -> None:
    """Wait until the bank has got a push that holds this."""
    deadline = time.monotonic() + 30
    while not any(part in body for body in receiver.bodies):
        assert time.monotonic() < deadline, f"no push with {part!r}"
        await asyncio.sleep(0.05)


async def test_a_chat_in_the_browser(demo: AccountUser, receiver: Receiver, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%8C%82%E5%A4%B1&msgmenuid=g1">挂失</a>'
    evil = '<a href="javascript:alert(1)">点我</a><img src=x onerror=alert(1)>'
    receiver.answer = replying(lambda body: plain_reply(link + evil) if b"g1" not in body else plain_reply("好的"))
    menu = {"button": [{"name": "余额", "type": "click", "key": "balance"}]}
    await demo.api("/cgi-bin/menu/create", menu)
    await page.get_by_role("button", name="关注公众号").click()
    await _pushed(receiver, b"<Event><![CDATA[subscribe]]>")
    await page.fill("#text", "您好")
    await page.press("#text", "Enter")
    bubble = page.locator("#screen .bubble", has_text="挂失").last
    await bubble.wait_for()
    assert await bubble.locator("a, img").count() == 0
    assert "点我<img src=x onerror=alert(1)>" in await bubble.inner_text()
    await bubble.get_by_role("button", name="挂失").click()
    await page.locator("#screen .bubble", has_text="好的").wait_for()
    assert b"<bizmsgmenuid><![CDATA[g1]]>" in receiver.bodies[-1]
    await demo.send(
        "msgmenu", {"head_content": "办什么？", "list": [{"id": "m9", "content": "转账"}], "tail_content": ""}
    )
    await page.get_by_role("button", name="转账").click()
    await _pushed(receiver, b"<bizmsgmenuid><![CDATA[m9]]>")
    await page.get_by_role("navigation").get_by_role("button", name="余额").click()
    await _pushed(receiver, b"<EventKey><![CDATA[balance]]>")
    receiver.answer = replying(lambda body: b"not XML")
    await page.fill("#text", "坏")
    await page.press("#text", "Enter")
    await page.locator("#screen .failure", has_text="该公众号提供的服务出现故障").first.wait_for()
    assert problems == []


async def test_a_new_user_is_told_what_to_do(demo: AccountUser, receiver: Receiver, page: Page) -> None:
    start = page.locator("#screen .start")
    assert "小伟" in await start.inner_text() and "绑定" in await start.inner_text()
    assert await start.get_by_role("link").get_attribute("href") == "http://bank.test/sandbox/phone"
    assert not await page.locator("#text").is_visible(), "who does not follow cannot write"
    receiver.answer = replying(lambda body: plain_reply("欢迎\n" * 40))
    items = [{"name": "余额", "type": "click", "key": "balance"}]
    menu = {"button": [*items, {"name": "办理", "sub_button": [{"name": "转账", "type": "click", "key": "转账"}]}]}
    await demo.api("/cgi-bin/menu/create", menu)
    await page.get_by_role("button", name="关注公众号").click()
    await page.locator("#screen .bubble", has_text="欢迎").wait_for()
    await page.get_by_role("navigation").get_by_role("button", name="余额").wait_for()
    assert await page.locator("#text").is_visible() and await start.count() == 1
    bottom = "e => Math.abs(e.scrollHeight - e.scrollTop - e.clientHeight) < 2"
    assert await page.locator("#screen").evaluate(bottom), "the newest line is seen, above the menu"
    below = page.get_by_role("navigation").get_by_role("button", name="转账")
    for beside in ("#screen", "#more"):
        await page.get_by_role("navigation").get_by_role("button", name="办理").click()
        await below.wait_for()
        await page.locator(beside).click()
        assert not await below.is_visible()
    await page.reload()
    await page.get_by_role("navigation").get_by_role("button", name="余额").wait_for()
    assert await page.locator("#screen").evaluate(bottom)


async def test_the_process_starts_answers_and_stops(tmp_path: Path) -> None:
    import sys

    from tests.unit.services.wechat_sandbox.harness import loopback

    with loopback() as probe:
        port = probe.getsockname()[1]
    env = {**os.environ, **ENVIRONMENT, "WECHAT_SANDBOX_PORT": str(port), "ZHANGGUI_VAR": str(tmp_path)}
    arguments = [sys.executable, "-m", "services.wechat_sandbox"]
    process = await asyncio.create_subprocess_exec(*arguments, env=env, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert b"/wechat-sandbox/" in await process.stdout.readline()
    process.terminate()
    await asyncio.wait_for(process.wait(), 30)
    refused = await asyncio.create_subprocess_exec(
        *arguments, env={**env, "ZHANGGUI_SANDBOX": "0"}, stderr=asyncio.subprocess.PIPE
    )
    _, text = await refused.communicate()
    assert (refused.returncode, b"sandbox only" in text, text.count(b"\n")) == (1, True, 1)
