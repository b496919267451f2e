"""Lines that do not behave: read by nobody, opened again and again, kept from one customer to the next."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from addons.channels.web_limits import Limits, Rates
from addons.channels.web_server import MOST_UNREAD, WebServer
from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import WAIT, Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio


@pytest.fixture
def rates() -> Rates:
    return Rates()


@pytest.fixture
def servers() -> list[WebServer]:
    """The Socket.IO server of the site, when it runs."""
    return []


@pytest_asyncio.fixture
async def site(monkeypatch: pytest.MonkeyPatch, rates: Rates, servers: list[WebServer]) -> AsyncIterator[Site]:
    def server(*arguments: Any) -> WebServer:
        servers.append(WebServer(*arguments))
        return servers[0]

    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    monkeypatch.setattr("addons.channels.web.Limits", partial(Limits, rates=rates))
    monkeypatch.setattr("addons.channels.web.WebServer", server)
    async with sign_in_page() as page, serving(SqliteStore(), page, FakeRasa(), SigningCore()) as running:
        yield running


@pytest_asyncio.fixture
async def tab(site: Site) -> AsyncIterator[Page]:
    page = Page(site)
    await page.open()
    yield page
    await page.close()


class Deaf:
    """A WebSocket that sends and reads nothing but what its buffers take."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    @classmethod
    async def connected(cls, site: Site, cookie: str) -> Deaf:
        """A page that has just asked for its welcome."""
        where = urlsplit(site.url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=1024)
        writer.write(
            f"GET /chat/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {where.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {site.origin}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        deaf = cls(writer)
        await deaf.send('40{"after":0,"lang":"zh"}')
        return deaf

    async def send(self, text: str) -> bool:
        """Send a frame; whether the connection still takes any."""
        raw = text.encode()
        size = bytes([0x80 | len(raw)]) if len(raw) < 126 else b"\xfe" + len(raw).to_bytes(2, "big")
        try:
            self._writer.write(b"\x81" + size + b"\0\0\0\0" + raw)
            await self._writer.drain()
        except OSError:
            return False
        return not self._writer.is_closing()

    def lose(self) -> None:
        """The line is gone without a word."""
        if (line := self._writer.get_extra_info("socket")) is None:
            return
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


@pytest.mark.parametrize("rates", [Rates(requests_of_sender=10**6)], ids=["no limit but the line's own"])
async def test_what_nobody_reads_fills_no_memory(
    tab: Page, site: Site, servers: list[WebServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addons.channels.web_server.UNREAD_SECONDS", 1.0)
    site.rasa.answer = [{"text": "字" * 4000}]
    for number in range(12):
        await tab.say(f"第{number}句")
    deaf = await Deaf.connected(site, tab.cookie)
    deadline, number = time.monotonic() + 3 * WAIT, 0
    while await deaf.send(f'42{number}["history",{{"before":1000000}}]'):
        waiting = [connection.queue.qsize() for connection in servers[0].eio.sockets.values()]
        assert max(waiting) <= MOST_UNREAD + 2 and time.monotonic() < deadline
        number += 1
        await asyncio.sleep(0.002)
    deaf.lose()
    assert [item["text"][:1] for item in await tab.say("还在吗")] == ["字"]


@pytest.mark.parametrize("rates", [Rates(connections_of_address=3)], ids=["three a minute"])
async def test_an_address_connects_so_often_and_no_more(tab: Page) -> None:
    for _ in range(2):
        await tab.connect()
    assert await tab.refused() == "rate_limited"


async def test_a_page_that_missed_a_sign_out_keeps_nothing_of_the_customer(tab: Page, site: Site) -> None:
    welcome = await tab.sign_in()
    await tab.say("查余额")
    known = {"after": tab.items[-1]["seq"], "lang": "zh", "log": welcome["log"]}
    await tab.leave()  # asleep, while another tab signs out and somebody else begins to talk
    other = Page(site, beside=tab)
    await other.post("/sign-out")
    await other.open()
    for number in range(4):
        await other.say(f"第{number}句")
    back = await tab.connect(auth=known)
    assert back["log"] != welcome["log"]
    assert [item["seq"] for item in back["items"]] == list(range(1, 9)) and back["customer"] is None
    again = await tab.connect(auth={"after": 8, "lang": "zh", "log": back["log"]})
    assert again["items"] == []
    await other.close()


async def test_a_page_that_comes_back_hears_which_buttons_still_live(tab: Page, site: Site) -> None:
    site.rasa.answer = [{"text": "请选择", "buttons": [{"title": "好", "payload": "/affirm"}]}]
    (first,) = await tab.say("一")
    (second,) = await tab.say("二")  # the same choice again: the older one is over
    welcome = await tab.connect(after=second["seq"])
    assert welcome["items"] == []
    assert welcome["live"] == [second["buttons"][0]["id"]] != [first["buttons"][0]["id"]]


async def test_what_cannot_be_written_in_a_comment(tab: Page, caplog: pytest.LogCaptureFixture) -> None:
    assert await tab.call("rate", {"score": 5, "comment": "好\ud800\u202e\x00评"}) == {"ok": True}
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
