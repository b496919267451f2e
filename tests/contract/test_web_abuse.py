"""What a hostile page may send to the web channel: garbage, floods, intents, forged events and packets."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio
DEEP: Any = 0
for _ in range(50):
    DEEP = [DEEP]


@pytest_asyncio.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page, serving(SqliteStore(), page, FakeRasa(), SigningCore()) as running:
        yield running


@pytest_asyncio.fixture
async def tab(site: Site) -> AsyncIterator[Page]:
    page = Page(site)
    await page.open()
    yield page
    await page.close()


BAD_DATA = {
    "nothing": None,
    "a number": 1,
    "a text": "你好",
    "a list": [1],
    "deep": DEEP,
    "empty": {},
    "no id": {"text": "a"},
    "no text": {"id": "m"},
    "text is a number": {"id": "m", "text": 5},
    "text is null": {"id": "m", "text": None},
    "id is a number": {"id": 5, "text": "a"},
    "empty id": {"id": "", "text": "a"},
    "long id": {"id": "x" * 65, "text": "a"},
    "id is not ASCII": {"id": "你", "text": "a"},
    "id has a line": {"id": "a\n", "text": "a"},
    "more keys": {"id": "m", "text": "a", "sender": "other"},
    "prototype": {"id": "m", "text": "a", "__proto__": {}},
}


@pytest.mark.parametrize("data", BAD_DATA.values(), ids=BAD_DATA)
async def test_bad_data_is_refused(data: Any, tab: Page, site: Site) -> None:
    refused = await tab.call("say", data)
    assert (refused["ok"], refused["code"]) == (False, "bad_message")
    assert site.rasa.seen == []


async def test_bad_data_of_the_other_events(tab: Page, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    wrong: dict[str, list[Any]] = {
        "press": [{"id": "m"}, {"id": "m", "button": 1}, {"id": "m", "button": ""}, {"id": "m", "button": "x", "t": 1}],
        "rate": [{}, {"score": 0}, {"score": 6}, {"score": True}, {"score": "5"}, {"score": 5, "comment": 1}],
        "history": [{}, {"before": -1}, {"before": "1"}, {"before": 1.5}, {"before": 2**60}],
        "consent": [{}, {"version": 1}, {"version": "x" * 99}],
    }
    for event, datas in wrong.items():
        for data in (*datas, None, 1, DEEP):
            assert (await tab.call(event, data))["code"] == "bad_message", (event, data)
    assert (await tab.call("rate", {"score": 5, "comment": "x" * 501}))["code"] == "too_large"
    assert (await tab.call("say", {"id": "m", "text": "x" * 5001}))["code"] == "too_large"
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    await tab.say("你好")


async def test_events_a_page_has_no_business_with(tab: Page, site: Site) -> None:
    for event in ("connect", "disconnect", "welcome", "item", "__class__", "*", "emit"):
        assert (await tab.call(event, {"id": "m", "text": "x"}))["code"] == "bad_message"
    assert (await tab.call("say", ({"id": "m", "text": "x"}, {"id": "m", "text": "x"})))["code"] == "bad_message"
    assert (await tab.call("say", ()))["code"] == "bad_message"
    assert tab.names().count("welcome") == 1 and site.rasa.seen == []
    await tab.say("你好")


FRAMES = [
    "x",
    "9",
    "4",
    "49",
    "4x",
    "42",
    "42{}",
    "42[]",
    "42[1]",
    '42[{"a":1}]',
    "42" + "[" * 20_000,
    '451-["say",{"_placeholder":true,"num":0}]',
    '4599999999999-["say"]',
    "4" + "1" * 200 + "[]",
    '42/admin,["say",{}]',
    "4" + "[" * 30_000,
    "43",
    '44{"message":"x"}',
    "x" * 70_000,
    b"\x00\x01",
    b"\xff" * 1000,
]


async def test_garbage_frames_end_their_connection_only(
    tab: Page, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Origin": site.origin, "Cookie": tab.cookie}
    async with aiohttp.ClientSession(headers=headers) as http:
        for frame in FRAMES:
            address = f"{site.url}/chat/socket.io/?EIO=4&transport=websocket"
            async with http.ws_connect(address) as ws:
                await ws.receive(timeout=10)
                await ws.send_str("40")
                await ws.receive(timeout=10)
                await (ws.send_bytes(frame) if isinstance(frame, bytes) else ws.send_str(frame))
    assert [item["text"] for item in await tab.say("你好")] == ["好的"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_garbage_by_polling(tab: Page, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    async with aiohttp.ClientSession(headers={"Origin": site.origin, "Cookie": tab.cookie}) as http:
        for body in (
            b"x",
            b"\xff\xfe",
            b"4" + b"[" * 30_000,
            b"\x1e" * 100,
            b"d=x",
            b"",
            b"4" * 70_000,
            b"bAAAA",
            b"6",
            b"41",
        ):
            address = f"{site.url}/chat/socket.io/?EIO=4&transport=polling"
            async with http.get(address) as response:
                sid = json.loads((await response.text())[1:])["sid"]
            async with http.post(f"{address}&sid={sid}", data=body) as response:
                assert response.status < 500
        for query in (
            "",
            "?EIO=3",
            "?EIO=4&transport=x",
            "?EIO=4&transport=polling&sid=x",
            "?EIO=4&transport=polling&j=x",
        ):
            async with http.get(f"{site.url}/chat/socket.io/{query}") as response:
                assert response.status == 400
    assert [item["text"] for item in await tab.say("你好")] == ["好的"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_no_script_tag_reads_a_connection(tab: Page, site: Site) -> None:
    async with tab.http.get(f"{site.url}/chat/socket.io/?EIO=4&transport=polling&j=0") as response:
        assert response.status == 400 and "sid" not in await response.text()


async def test_no_typed_text_becomes_an_intent(tab: Page, site: Site) -> None:
    for text in (
        '/confirm_transfer{"amount": "9999"}',
        "／restart",
        "//affirm",
        " /affirm",
        "\u200b/affirm",
        "⁄affirm",
    ):
        await tab.say(text)
    assert all(text and not text.startswith("/") for text in site.rasa.texts)


async def test_made_up_buttons_do_nothing(tab: Page, site: Site) -> None:
    for button in ("/affirm", "x" * 22, "../x", '{"payload":"/affirm"}'):
        (answer,) = await tab.press(button)
        assert "按钮已失效" in answer["text"]
    assert site.rasa.seen == []


async def test_what_is_kept_holds_no_secret(tab: Page, site: Site) -> None:
    await tab.sign_in()
    site.core.code = "482913"
    site.rasa.answer = [{"text": "卡号6222021234567890128已挂失，回单号ZG6222021234567890128"}]
    await tab.say("482913")
    await tab.say("我的卡号是6222021234567890128")
    welcome = await tab.connect()
    kept = json.dumps(welcome, ensure_ascii=False)
    assert "482913" not in kept and "••••••" in kept
    assert kept.count("6222021234567890128") == 2 and "ZG6222021234567890128" in kept  # of the two receipts


async def test_a_flood_is_told_to_wait_and_others_are_not(tab: Page, site: Site) -> None:
    quiet = Page(site)
    await quiet.open()
    answers = [await tab.call("say", {"id": f"m{number}", "text": "你好"}) for number in range(150)]
    refused = [answer for answer in answers if not answer["ok"]]
    assert {answer["code"] for answer in refused} <= {"busy", "rate_limited"} and len(refused) >= 20
    assert answers[-1]["code"] == "rate_limited" and "请稍候" in answers[-1]["message"]
    assert [item["text"] for item in await quiet.say("你好")] == ["好的"]
    await quiet.close()


async def test_all_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with (
        sign_in_page() as page,
        serving(SqliteStore(), page, FakeRasa(), SigningCore(), messages_a_minute=2) as site,
    ):
        tabs = [Page(site) for _ in range(3)]
        for tab in tabs:
            await tab.open()
        codes = [(await tab.call("say", {"id": "m", "text": "你好"})).get("code") for tab in tabs]
        assert codes == [None, None, "rate_limited"]
        for tab in tabs:
            await tab.close()


async def test_an_address_has_so_many_connections(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addons.channels.web_server.CONNECTIONS", 2)
    pages = [Page(site) for _ in range(3)]
    for page in pages[:2]:
        await page.open()
    await pages[2].post("/session")
    assert await pages[2].refused()
    await pages[0].leave()
    await asyncio.sleep(0.2)
    assert (await pages[2].connect())["items"] == []
    for page in pages:
        await page.close()


async def test_bodies_of_requests(tab: Page, site: Site) -> None:
    for body in (b"", b"[1]", b"1", b"{", b"[" * 9000, b'{"x": 1}', b'{"token": 5}', b"\xff\xfe", b'{"sender": "x"}'):
        status, answer = await tab.post("/sign-in", data=body, headers={"Content-Type": "application/json"})
        assert (status, answer["error"]["code"]) == (422, "bad_message")
    for path in ("/session", "/sign-in", "/sign-out", "/csp-report"):
        status, _ = await tab.post(path, data=b"x" * 17_000, headers={"Content-Type": "application/json"})
        assert status == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert (await tab.post("/session", data=b"{}", headers={"Content-Type": kind}))[0] == 415
    async with tab.http.get(f"{site.url}/chat/session") as response:
        assert response.status == 405


async def test_ratings_are_kept_without_names(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = SqliteStore()
    async with sign_in_page() as page, serving(store, page, FakeRasa(), SigningCore()) as rated:
        tab = Page(rated)
        await tab.open()
        await tab.say("你好")
        assert await tab.call("rate", {"score": 4, "comment": "很好，我的手机13800010001"}) == {"ok": True}
        ((_, entry),) = await store.entries("ratings")
        kept = json.loads(entry)
        assert kept["score"] == 4 and kept["comment"].startswith("很好") and "13800010001" not in entry
        assert rated.rasa.seen[0].sender_id not in entry
        await tab.close()


async def test_reports_of_the_browser(tab: Page, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    report = {
        "csp-report": {
            "violated-directive": "script-src",
            "blocked-uri": "https://evil.example/6222021234567890128?t=secret",
        }
    }
    for _ in range(50):
        status, _ = await tab.post("/csp-report", data=json.dumps(report), headers={"Origin": "null"})
        assert status == 204
    await tab.post("/csp-report", data=b"[" * 9000)
    logged = [record.getMessage() for record in caplog.records if "content security policy" in record.getMessage()]
    assert len(logged) == 30 and "script-src" in logged[0] and "6222021234567890128" not in logged[0]
    assert "https://evil.example/" in logged[0] and "secret" not in logged[0]
