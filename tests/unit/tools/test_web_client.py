"""The client of the web channel, against the channel itself with a fake Rasa and a sign-in page in the bank's place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import SigningCore, SignInPage, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa
from tools.local_client import ChannelRefused, LocalChannelDown
from tools.web_client import WebClient

NONCE = "n" * 43


class SignInForm:
    """Asks for login and password (demo) as the sandbox's page does, and sends the browser back with a token."""

    def __init__(self, page: SignInPage) -> None:
        self._page = page
        self.asked: list[dict[str, list[str]]] = []

    async def show(self, request: web.Request) -> web.Response:
        self.asked.append(parse_qs(request.query_string))
        return web.Response(text=f'<input type="hidden" name="nonce" value="{NONCE}">')

    async def submit(self, request: web.Request) -> web.Response:
        form, query = await request.post(), request.query
        if form["nonce"] != NONCE or form["password"] != "demo":
            return web.Response(status=403, text="no")
        token = self._page.token(query["binding"], str(form["login"]))
        return web.Response(status=303, headers={"Location": f"{query['return']}#token={token}"})


class Running:
    """The channel and the form in a thread with a loop of its own, as the client is synchronous."""

    def __init__(self) -> None:
        self.ready, self.stop = threading.Event(), asyncio.Event()
        self.site: Site
        self.form: SignInForm
        self.loop: asyncio.AbstractEventLoop
        self.thread = threading.Thread(target=asyncio.run, args=(self._serve(),))

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        async with sign_in_page() as page:
            self.form = SignInForm(page)
            app = web.Application()
            app.router.add_get("/sign-in", self.form.show)
            app.router.add_post("/sign-in", self.form.submit)
            runner = web.AppRunner(app)
            await runner.setup()
            place = web.TCPSite(runner, "127.0.0.1", 0)
            await place.start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/sign-in"
            async with serving(SqliteStore(), page, FakeRasa(), SigningCore(), sign_in_url=url) as self.site:
                self.ready.set()
                await self.stop.wait()
            await runner.cleanup()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    running = Running()
    running.thread.start()
    assert running.ready.wait(30)
    yield running
    running.loop.call_soon_threadsafe(running.stop.set)
    running.thread.join(30)


@pytest.fixture
def client(running: Running) -> WebClient:
    return WebClient(running.site.url, timeout=20)


def test_a_visitor(client: WebClient, running: Running) -> None:
    client.health()
    client.open()
    running.site.rasa.answer = [{"text": "确认吗？", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    reply = client.say("转账")
    assert client.customer is None and reply.text == "确认吗？" and reply.incident is None
    running.site.rasa.answer = [{"text": "好的", "custom": {"type": "card"}}]
    done = client.press(str(reply.buttons[0].id))
    assert done.text == "好的" and done.messages[0].carried == {"custom": {"type": "card"}}
    assert "按钮已失效" in client.press(str(reply.buttons[0].id)).text
    assert running.site.rasa.texts == ["转账", "/affirm"]
    client.close()


def test_a_customer_signs_in_through_the_banks_page(client: WebClient, running: Running) -> None:
    client.open("lina", world="w1")
    assert client.customer == {"name": "*伟", "elder_mode": False}
    (asked,) = running.form.asked
    assert asked["world"] == ["w1"] and urlsplit(asked["return"][0]).path == "/chat/"
    assert client.say("你好").text == "好的"
    client.close()
    assert running.site.core.signed_out == ["session 1 of lina"]


def test_texts_sent_by_several_threads_get_their_own_answers(client: WebClient, running: Running) -> None:
    client.open()
    replies: dict[str, Any] = {}
    threads = [threading.Thread(target=lambda text=text: replies.update({text: client.say(text)})) for text in "一二三"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {text: reply.text for text, reply in replies.items()} == {"一": "好的", "二": "好的", "三": "好的"}
    client.close()


def test_an_apology_has_its_incident(client: WebClient, running: Running) -> None:
    client.open()
    running.site.rasa.answer = []
    reply = client.say("你好")
    assert reply.incident and reply.incident in reply.text
    client.close()


def test_what_goes_wrong(client: WebClient, running: Running) -> None:
    with pytest.raises(ChannelRefused, match="not_signed_in"):
        client.open("lina", password="wrong")
    with pytest.raises(LocalChannelDown):
        client.say("你好")
    with pytest.raises(LocalChannelDown):
        WebClient("http://127.0.0.1:9").health()
    client.open()
    with pytest.raises(ChannelRefused, match="too_large"):
        client.say("x" * 5001)
    client.close()
