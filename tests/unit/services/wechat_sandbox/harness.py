"""A running stand-in, an account on it, and a receiver that plays the connector."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvicorn
from aiohttp import web

from services.wechat_sandbox.app import create_app
from services.wechat_sandbox.settings import Settings

CONTROL_TOKEN = "control-token-for-tests"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcbA"
PUSH_TOKEN = "pushtoken"
SECRET = "secret-of-the-account"

Answer = Callable[[web.Request, bytes], Awaitable[web.Response]]


@dataclass
class Receiver:
    """The callback; `answer` may be replaced. `bodies` and `queries` are what it was sent."""

    url: str
    answer: Answer
    bodies: list[bytes] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)


async def success(request: web.Request, body: bytes) -> web.Response:
    return web.Response(text="success")


def replying(make: Callable[[bytes], bytes]) -> Answer:
    async def answer(request: web.Request, body: bytes) -> web.Response:
        return web.Response(body=make(body))

    return answer


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        receiver.bodies.append(body)
        receiver.queries.append(dict(request.query))
        return await receiver.answer(request, body)

    app = web.Application()
    app.router.add_route("*", "/callback", handle)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    listener = loopback()
    await web.SockSite(runner, listener).start()
    receiver = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/callback", success)
    yield receiver
    await runner.cleanup()


@dataclass
class StandIn:
    """The stand-in over HTTP."""

    url: str
    http: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        """Status is checked; 2xx unless said otherwise. `path` follows /control/accounts."""
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        url = f"{self.url}/control/accounts{path}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            text = await response.text()
            assert response.status == expect if expect else response.ok, f"{response.status} {text}"
            return json.loads(text) if text else None

    async def account(self, receiver: Receiver, app_id: str = "wx0001", **changes: Any) -> AccountUser:
        body = {
            "app_id": app_id,
            "secret": SECRET,
            "token": PUSH_TOKEN,
            "aes_keys": [AES_KEY, OTHER_KEY],
            "callback_url": receiver.url,
            "timeout_seconds": 0.5,
            **changes,
        }
        await self.control("POST", "", body)
        user = AccountUser(self, app_id, body)
        user.openid = (await self.control("POST", f"/{app_id}/customers", {"nickname": "小伟"}))["openid"]
        return user


@dataclass
class AccountUser:
    """One account with one follower, as a test uses it."""

    stand_in: StandIn
    app_id: str
    body: dict[str, Any]
    openid: str = ""
    token: str = ""

    async def control(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        return await self.stand_in.control(method, f"/{self.app_id}{path}", body, expect)

    async def act(self, what: str, expect: int | None = None, **body: Any) -> Any:
        """say, event, press, desk; waits until the push is over."""
        waiting = {} if what == "desk" else {"wait": True}
        return await self.control("POST", f"/customers/{self.openid}/{what}", {**waiting, **body}, expect)

    async def phone(self, after: int = 0, wait: float = 0.0) -> Any:
        return await self.control("GET", f"/customers/{self.openid}?after={after}&wait={wait}")

    async def shown(self, *hows: str) -> list[tuple[str, str, str]]:
        """(how, kind, text) of what the phone shows, without the follower's own."""
        items = (await self.phone())["shown"]
        return [(one["how"], one["kind"], one["text"]) for one in items if one["how"] != "customer"]

    async def api(self, path: str, body: Any = None, raw: bytes | None = None, token: str | None = None) -> Any:
        """POST (or GET without a body) to /cgi-bin/..., with a token that is fetched once."""
        if token is None:
            token = self.token = self.token or (await self.stable())["access_token"]
        url = f"{self.stand_in.url}{path}"
        data = raw if raw is not None else None if body is None else json.dumps(body, ensure_ascii=False).encode()
        method = "GET" if data is None else "POST"
        async with self.stand_in.http.request(method, url, params={"access_token": token}, data=data) as response:
            assert response.status == 200
            return json.loads(await response.read())

    async def stable(self, **changes: Any) -> Any:
        body = {"grant_type": "client_credential", "appid": self.app_id, "secret": SECRET, **changes}
        async with self.stand_in.http.post(f"{self.stand_in.url}/cgi-bin/stable_token", json=body) as response:
            return json.loads(await response.read())

    async def send(self, kind: str = "text", content: Any = None, **more: Any) -> int:
        """errcode of a customer-service message."""
        body = {"touser": self.openid, "msgtype": kind, kind: content or {"content": "您好"}, **more}
        answer = await self.api("/cgi-bin/message/custom/send", body)
        return int(answer["errcode"])


@asynccontextmanager
async def running(settings: Settings | None = None) -> AsyncIterator[StandIn]:
    """On a free port, in the test's own loop."""
    listener = loopback()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(settings or Settings(CONTROL_TOKEN, "127.0.0.1", 1, url))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", log_config=None, timeout_graceful_shutdown=1))
    task = asyncio.create_task(server._serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    async with aiohttp.ClientSession() as http:
        yield StandIn(url, http)
    server.should_exit = True
    await task


def loopback() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener
