"""An HTTP server in WeChat's place, for the unit tests of the API client (not the stand-in of services/)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_token import Source, stable_token

APPID, SECRET = "wx1234567890abcdef", "s3cr3t-0123456789abcdef"
SEND, TYPING, TOKEN = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing", "/cgi-bin/stable_token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class WeChat:
    """Gives tokens and honours `good` ones; answers a path by `faults` first (one each), then with errcode 0."""

    def __init__(self) -> None:
        self.faults: dict[str, list[Handler]] = {}
        self.always: dict[str, Handler] = {}
        self.calls: list[tuple[str, bytes]] = []
        self.served, self.good, self.expires_in = "TOKEN-0", {"TOKEN-0"}, 7200
        self.stuck = False  # gives the served token whatever is asked
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self.server = TestServer(app)

    def bodies(self, path: str = SEND) -> list[Any]:
        return [json.loads(raw) for called, raw in self.calls if called == path]

    def count(self, path: str) -> int:
        return sum(called == path for called, _ in self.calls)

    def new_token(self) -> None:
        self.served = f"TOKEN-{int(self.served.rpartition('-')[2]) + 1}"
        self.good = {self.served}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.path, await request.read()))
        if self.faults.get(request.path):
            return await self.faults[request.path].pop(0)(request)
        if request.path in self.always:
            return await self.always[request.path](request)
        if request.path == TOKEN:
            return self._token(await request.json())
        if request.query["access_token"] not in self.good:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential rid: 65f-1"})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _token(self, asked: dict[str, Any]) -> web.Response:
        assert asked["grant_type"] == "client_credential"
        assert (asked["appid"], asked["secret"]) == (APPID, SECRET)
        if not self.stuck and (asked["force_refresh"] or self.served not in self.good):
            self.new_token()
        return web.json_response({"access_token": self.served, "expires_in": self.expires_in})


def code(number: int, message: str = "rid: 65f-2") -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": number, "errmsg": message})

    return handler


def raw(body: bytes, status: int = 200) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type="text/html")

    return handler


async def silence(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(2)
    return web.json_response({"errcode": 0})


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(f"/elsewhere?{request.query_string}")


@asynccontextmanager
async def running_wechat() -> AsyncIterator[tuple[WeChat, WeChatHttp]]:
    """A server and a client of it that loses no time."""
    wechat = WeChat()
    await wechat.server.start_server()
    timeout = aiohttp.ClientTimeout(total=1, sock_connect=1)
    http = WeChatHttp(str(wechat.server.make_url("/")), timeout, pauses=(0.01, 0.01))
    yield wechat, http
    await http.close()
    await wechat.server.close()


def source(http: WeChatHttp) -> Source:
    return stable_token(http, APPID, SECRET)
