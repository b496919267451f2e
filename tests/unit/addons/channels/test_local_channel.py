"""The local channel over real HTTP: tokens, bodies, buttons, hanging up, sign-in."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sanic.touchup.service import TouchUp

from addons.channels.core_client import CoreUnavailable, SignedIn, SignInRefused
from addons.channels.local import LARGEST_BODY, LocalChannel
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import StoreUnavailable
from tests.unit.addons.channels.fakes import KEY, FakeCore, FakeRasa

pytestmark = pytest.mark.asyncio
_numbers = count()


def touch_up_once(app: Sanic, touch_up: Any = TouchUp.run) -> None:
    """Sanic 21 rewrites its own code for the first app of a process, and fails on the next one."""
    with suppress(KeyError):
        touch_up(app)


class SigningCore(FakeCore):
    """Signs everybody in, unless `refuse` says why not."""

    def __init__(self) -> None:
        super().__init__()
        self.refuse: Exception | None = None
        self.signed_out: list[str] = []

    async def sign_in(self, login: str, password: str, world: str | None = None) -> SignedIn:
        if self.refuse is not None:
            raise self.refuse
        return SignedIn(f"session of {login} in {world}", login, False, datetime.now(timezone.utc), login)

    async def sign_out(self, session: str) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.signed_out.append(session)

    async def close(self) -> None:
        pass


class Client:
    """HTTP client of one conversation."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http, self.token = http, ""

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, f"/webhooks/local{path}", headers=headers, **kwargs) as response:
            return response.status, await response.json(content_type=None)

    async def open(self, **body: Any) -> Any:
        status, opened = await self.call("POST", "/conversations", json=body)
        assert status == 201
        self.token = opened["token"]
        return opened

    async def say(self, **body: Any) -> tuple[int, Any]:
        return await self.call("POST", "/messages", json=body)


@pytest.fixture
def core() -> SigningCore:
    return SigningCore()


@pytest_asyncio.fixture
async def client(core: SigningCore, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    app = Sanic(f"local_channel_test_{next(_numbers)}", configure_logging=False)
    channel = LocalChannel(core, SqliteStore(), KEY)  # type: ignore[arg-type]
    app.blueprint(channel.blueprint(rasa), url_prefix="/webhooks/local")
    app.ctx.agent = SimpleNamespace(tracker_store=Trackers(rasa))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{sock.getsockname()[1]}") as http:
            yield Client(http)
        server.close()
        await server.wait_closed()


class Trackers:
    """Tracker store of what the fake Rasa saw."""

    def __init__(self, rasa: FakeRasa) -> None:
        self._rasa = rasa

    async def retrieve(self, sender_id: str) -> Any:
        intent = {"name": "greet", "confidence": 0.98765}
        parsed = {"intent_ranking": [intent] * 9}
        entities = [{"entity": "person", "value": "李娜", "start": 0, "end": 2, "extractor": "x"}]
        events = [
            UserUttered(seen.text, intent, entities, parsed, message_id=seen.message_id)
            for seen in self._rasa.seen
            if seen.sender_id == sender_id
        ]
        return SimpleNamespace(events=events)


async def test_a_conversation(client: Client, rasa: FakeRasa) -> None:
    opened = await client.open(login="zhangwei", password="demo", world="w1")
    assert opened["customer"] == {"name": "zhangwei", "elder_mode": False}
    rasa.answer = [{"text": "好的", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    status, body = await client.say(text="你好")
    (message,) = body["messages"]
    assert status == 200 and message["text"] == "好的" and message["buttons"][0]["title"] == "确认"
    assert body["reading"]["intent"] == "greet" and body["reading"]["confidence"] == 0.9877
    assert len(body["reading"]["ranking"]) == 5
    assert body["reading"]["entities"] == [{"entity": "person", "value": "李娜", "start": 0, "end": 2}]
    assert rasa.seen[0].sender_id == opened["conversation"] != "default"
    assert (await client.say(press=message["buttons"][0]["id"]))[0] == 200
    status, body = await client.say(press=message["buttons"][0]["id"])
    assert status == 409 and body["error"]["code"] == "button_expired" and "按钮已失效" in body["error"]["message"]
    assert rasa.texts == ["你好", "/affirm"]


async def test_another_conversations_button(client: Client, rasa: FakeRasa) -> None:
    await client.open()
    rasa.answer = [{"text": "好的", "buttons": [{"title": "确认", "payload": "/affirm"}]}]
    _, body = await client.say(text="你好")
    await client.open()
    assert (await client.say(press=body["messages"][0]["buttons"][0]["id"]))[0] == 409 and len(rasa.seen) == 1


async def test_tokens(client: Client, rasa: FakeRasa) -> None:
    for token in ("", "x", "é" * 20):
        client.token = token
        status, body = await client.say(text="你好")
        assert status == 401 and body["error"]["code"] == "bad_token"
    assert rasa.seen == []


BAD_BODIES = {
    "nothing": "",
    "list": "[1]",
    "number": "1",
    "null": "null",
    "string": '"x"',
    "broken": "{",
    "deep": "[" * 20_000,
    "empty": "{}",
    "text is a number": '{"text": 5}',
    "text is null": '{"text": null}',
    "text and press": '{"text": "a", "press": "b"}',
    "empty press": '{"press": ""}',
    "sender": '{"text": "a", "sender": "other"}',
    "metadata": '{"text": "a", "metadata": {}}',
    "long id": '{"text": "a", "message_id": "' + "x" * 129 + '"}',
    "not UTF-8": "\xff\xfe",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_bad_bodies(body: str, client: Client, rasa: FakeRasa) -> None:
    await client.open()
    status, answer = await client.call("POST", "/messages", data=body.encode("latin-1"))
    assert (status, answer["error"]["code"]) == (422, "bad_body") and answer["error"]["message"]
    assert rasa.seen == []


async def test_bodies_have_a_limit(client: Client) -> None:
    await client.open()
    status, answer = await client.call("POST", "/messages", data=b"x" * (LARGEST_BODY + 1))
    assert (status, answer["error"]["code"]) == (413, "body_too_large")


async def test_sign_in_refusals(client: Client, core: SigningCore) -> None:
    for error, expected in (
        (SignInRefused("bad_credentials"), 401),
        (SignInRefused("sign_in_locked"), 429),
        (CoreUnavailable("down"), 502),
    ):
        core.refuse = error
        status, body = await client.call("POST", "/conversations", json={"login": "zhangwei", "password": "x"})
        assert status == expected and body["error"]["message"]
    status, _ = await client.call("POST", "/conversations", json={"login": "zhangwei"})
    assert status == 422


async def test_closing_signs_out(client: Client, core: SigningCore) -> None:
    await client.open(login="lina", password="demo")
    assert (await client.call("DELETE", "/conversations"))[0] == 204
    assert core.signed_out == ["session of lina in None"]
    assert (await client.say(text="你好"))[0] == 401


async def test_hanging_up_leaves_the_turn_running(client: Client, rasa: FakeRasa) -> None:
    await client.open()
    finished = asyncio.Event()

    async def take_long(message: UserMessage) -> None:
        await asyncio.sleep(0.1)
        finished.set()

    rasa.before = take_long
    message = {"text": "转账", "message_id": "m1"}
    with pytest.raises(asyncio.TimeoutError):
        await client.call("POST", "/messages", json=message, timeout=aiohttp.ClientTimeout(0.03))
    await asyncio.wait_for(finished.wait(), 1)
    status, body = await client.say(text="转账", message_id="m1")
    assert status == 200 and body["messages"][0]["text"] == "好的" and len(rasa.seen) == 1


async def test_same_message_id_twice(client: Client, rasa: FakeRasa) -> None:
    await client.open()
    answers = await asyncio.gather(*(client.say(text="你好", message_id="m1") for _ in range(3)))
    assert len(rasa.seen) == 1 and all(answer == answers[0] for answer in answers)


async def test_health_and_incident(client: Client, rasa: FakeRasa) -> None:
    assert await client.call("GET", "/") == (200, {"status": "ok"})
    await client.open()
    rasa.answer = []
    _, body = await client.say(text="你好")
    assert body["incident"] in body["messages"][0]["text"]


async def test_without_the_store_it_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*args: object) -> None:
        raise StoreUnavailable("TimeoutError")

    await client.open()
    monkeypatch.setattr(SqliteStore, "get", down)
    status, body = await client.say(text="你好")
    assert (status, body["error"]["code"]) == (503, "store_unavailable") and "繁忙" in body["error"]["message"]


async def test_it_runs_in_the_sandbox_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANNEL_DB", str(tmp_path / "channels.db"))
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("CONTEXT_KEY", KEY)
    monkeypatch.setenv("CORE_BANK_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CORE_BANK_TOKEN_CHANNEL", "t")
    for value in ("0", "", "true"):
        monkeypatch.setenv("ZHANGGUI_SANDBOX", value)
        with pytest.raises(RasaException, match="ZHANGGUI_SANDBOX"):
            LocalChannel.from_credentials(None)
    monkeypatch.setenv("ZHANGGUI_SANDBOX", "1")
    assert LocalChannel.from_credentials(None).name() == "local"
    monkeypatch.setenv("CONTEXT_KEY", "short")
    with pytest.raises(RasaException, match="CONTEXT_KEY"):
        LocalChannel.from_credentials(None)
    monkeypatch.delenv("CORE_BANK_TOKEN_CHANNEL")
    monkeypatch.setenv("CONTEXT_KEY", KEY)
    with pytest.raises(RasaException, match="CORE_BANK_TOKEN_CHANNEL"):
        LocalChannel.from_credentials(None)
    monkeypatch.setenv("CORE_BANK_TOKEN_CHANNEL", "t")
    monkeypatch.setenv("CHANNEL_DB", str(tmp_path))
    with pytest.raises(RasaException, match="cannot start"):
        LocalChannel.from_credentials(None)
