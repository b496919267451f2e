"""The web channel on a real server: with a page that talks to it, keys of a sign-in page, and a fake Rasa."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import socketio
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OKPKey
from sanic import Sanic
from sanic.touchup.service import TouchUp

from addons.channels.core_client import CoreUnavailable, SignedIn, SignInRefused
from addons.channels.web import WebChannel
from addons.channels.web_settings import WebSettings
from addons.stores.store import Store
from tests.unit.addons.channels.fakes import KEY, FakeCore, FakeRasa

ISSUER = "https://bank.example"
WAIT = 20.0  # seconds; the machine may be busy
_numbers = count()
# engineio's client asks for the name that aiohttp 3.11 gave to this number of seconds; Rasa holds aiohttp at 3.9.
aiohttp.ClientWSTimeout = lambda ws_close: ws_close  # type: ignore[attr-defined]


class SigningCore(FakeCore):
    """Redeems tickets of the form "ticket <login>"; remembers who signed out."""

    def __init__(self) -> None:
        super().__init__()
        self.sign_in_down = False
        self.signed_out: list[str] = []
        self.idle = timedelta(minutes=30)
        self._numbers = count(1)

    async def redeem(self, ticket: str, channel: str = "web") -> SignedIn:
        if self.sign_in_down:
            raise CoreUnavailable("refused")
        word, _, login = ticket.partition(" ")
        if word != "ticket":
            raise SignInRefused("ticket_invalid")
        session = f"session {next(self._numbers)} of {login}"
        return SignedIn(session, "张伟", False, datetime.now(timezone.utc) + self.idle, f"subject of {login}")

    async def sign_out(self, session: str) -> None:
        self.signed_out.append(session)

    async def close(self) -> None:
        pass


class SignInPage:
    """Keys and tokens of the bank's sign-in page."""

    def __init__(self) -> None:
        self.key = OKPKey.generate_key("Ed25519", {"kid": "k1", "use": "sig"})
        self.url = ""
        self.fetched = 0

    async def keys(self, request: web.Request) -> web.Response:
        self.fetched += 1
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    def claims(self, cookie: str, login: str = "zhangwei", **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "zhanggui-web",
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "sub": f"subject of {login}",
            "ticket": f"ticket {login}",
            "binding": cookie,
            **changed,
        }
        return {name: held for name, held in claims.items() if held is not None}

    def token(self, cookie: str, login: str = "zhangwei", **changed: Any) -> str:
        """A token for the binding of a cookie; with `changed` claims, without those that are None."""
        header = {"alg": "EdDSA", "kid": "k1"}
        return jwt.encode(header, self.claims(cookie, login, **changed), self.key, algorithms=["EdDSA"])


class Site:
    """One server process's worth of the channel, with its address."""

    def __init__(self, url: str, channel: WebChannel, rasa: FakeRasa, core: SigningCore, page: SignInPage) -> None:
        self.url, self.channel, self.rasa, self.core, self.sign_in_page = url, channel, rasa, core, page
        self.origin = url

    async def logged(self, store: Store, number: int) -> None:
        """Return when the log of the only conversation has so many items."""
        deadline = time.monotonic() + WAIT
        while len(await store.entries(f"web:log:{self.rasa.seen[0].sender_id}")) < number:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)


class Page:
    """A browser tab on the chat page."""

    def __init__(self, site: Site, cookies: dict[str, str] | None = None, beside: Page | None = None) -> None:
        """With `cookies`, or in the browser of another tab."""
        self.site = site
        self.jar = beside.jar if beside else aiohttp.CookieJar(unsafe=True)
        self.http = aiohttp.ClientSession(cookie_jar=self.jar)
        if cookies:
            self.jar.update_cookies(cookies, aiohttp.client.URL(site.url))
        self.socket: socketio.AsyncClient | None = None
        self.events: list[tuple[str, Any]] = []
        self.refusal = ""
        self._news = asyncio.Event()

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        headers = {"Origin": self.site.origin, **kwargs.pop("headers", {})}
        if "data" not in kwargs:
            kwargs["json"] = {} if body is None else body
        url = f"{self.site.url}/chat{path}"
        async with self.http.post(url, headers=headers, allow_redirects=False, **kwargs) as response:
            return response.status, await response.json(content_type=None) if response.status != 204 else None

    async def open(self, consent: bool = True, **options: Any) -> dict[str, Any]:
        """Get a session and connect; the welcome."""
        await self.post("/session")
        return await self.connect(consent=consent, **options)

    async def sign_in(self, login: str = "zhangwei") -> dict[str, Any]:
        """Come back from the sign-in page as a customer, and connect anew; the welcome."""
        _, session = await self.post("/session")
        status, body = await self.post("/sign-in", {"token": self.site.sign_in_page.token(session["binding"], login)})
        assert status == 200, body
        return await self.connect()

    async def connect(
        self, after: int = 0, consent: bool = True, headers: dict[str, str] | None = None, **options: Any
    ) -> dict[str, Any]:
        await self.leave()
        self.events = []
        self.socket = socketio.AsyncClient(reconnection=False, http_session=self.http)
        for event in ("welcome", "item", "spent", "typing", "slow", "turn", "signed_out", "rotated"):
            self.socket.on(event, self._hearing(event))
        self.socket.on("connect_error", self._refused)
        options.setdefault("transports", ["websocket"])
        options.setdefault("auth", {"after": after, "lang": "zh"})
        sent = {"Origin": self.site.origin, **(headers or {})}
        await self.socket.connect(self.site.url, headers=sent, socketio_path="/chat/socket.io", **options)
        welcome = await self.next("welcome")
        if consent and not welcome["consent"]:
            assert await self.call("consent", {"version": "2026-11"}) == {"ok": True}
        return welcome

    async def refused(self, **options: Any) -> str:
        """Connect in vain; why."""
        self.refusal = ""
        try:
            await self.connect(**options)
        except socketio.exceptions.ConnectionError as error:
            return self.refusal or str(error)
        raise AssertionError("the connection was not refused")

    async def _refused(self, data: Any) -> None:
        self.refusal = data["message"] if isinstance(data, dict) else str(data)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in self.jar)

    def _hearing(self, event: str) -> Any:
        async def hear(data: Any) -> None:
            self.events.append((event, data))
            self._news.set()

        return hear

    async def next(self, event: str, after: int = 0) -> Any:
        """Data of the first such event behind `after` events, when it comes."""
        return await self.wait(lambda: next((data for name, data in self.events[after:] if name == event), None))

    async def wait(self, found: Any) -> Any:
        """What `found` returns as soon as it is anything."""
        deadline = time.monotonic() + WAIT
        while (result := found()) is None or result is False:
            self._news.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.2)
            assert time.monotonic() < deadline, self.events
        return result

    async def call(self, event: str, data: Any) -> Any:
        assert self.socket is not None
        return await self.socket.call(event, data, timeout=WAIT)

    async def say(self, text: str, message: str | None = None) -> list[dict[str, Any]]:
        """Say something and wait for the end of the turn; the items that answer."""
        message = message or secrets.token_hex(8)
        assert await self.call("say", {"id": message, "text": text}) == {"ok": True}
        return await self.answers(message)

    async def press(self, button: str) -> list[dict[str, Any]]:
        message = secrets.token_hex(8)
        assert await self.call("press", {"id": message, "button": button}) == {"ok": True}
        return await self.answers(message)

    async def answers(self, message: str) -> list[dict[str, Any]]:
        await self.wait(lambda: any(name == "turn" and data["reply_to"] == message for name, data in self.events))
        return [item for item in self.items if item["reply_to"] == message]

    @property
    def items(self) -> list[dict[str, Any]]:
        return [data for name, data in self.events if name == "item"]

    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    async def leave(self) -> None:
        """The network is gone."""
        if self.socket is not None:
            with suppress(asyncio.TimeoutError):  # by polling it would wait for the server's next ping
                await asyncio.wait_for(self.socket.disconnect(), 2)
            self.socket = None

    async def close(self) -> None:
        await self.leave()
        await self.http.close()


def touch_up_once(app: Sanic, touch_up: Any = TouchUp.run) -> None:
    """Sanic 21 rewrites its own code for the first app of a process, and fails on the next one."""
    with suppress(KeyError):
        touch_up(app)


@asynccontextmanager
async def sign_in_page() -> AsyncIterator[SignInPage]:
    page = SignInPage()
    app = web.Application()
    app.router.add_get("/keys.json", page.keys)
    runner = web.AppRunner(app)
    await runner.setup()
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        page.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        await web.SockSite(runner, sock).start()
        try:
            yield page
        finally:
            await runner.cleanup()


@asynccontextmanager
async def serving(
    store: Store,
    page: SignInPage,
    rasa: FakeRasa,
    core: SigningCore,
    origin: str | None = None,
    **settings: Any,
) -> AsyncIterator[Site]:
    """The channel on a free port; `origin` when its page is another server's."""
    async with AsyncExitStack() as stack:
        sock = stack.enter_context(socket.socket())
        sock.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        standard = WebSettings(
            sandbox=False,
            origins=(origin or url,),
            embed_origins=(),
            proxies=(),
            sign_in_url="https://bank.example/sign-in",
            sign_in_keys_url=f"{page.url}/keys.json",
            sign_in_issuer=ISSUER,
            phone_url=None,
            messages_a_minute=3000,
            pages=Path("/nowhere"),
        )
        channel = WebChannel(core, store, KEY, replace(standard, **settings))  # type: ignore[arg-type]
        app = Sanic(f"web_channel_test_{next(_numbers)}", configure_logging=False)
        app.config.CORS_ORIGINS = ""
        app.blueprint(channel.blueprint(rasa), url_prefix=channel.url_prefix())
        server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        site = Site(url, channel, rasa, core, page)
        site.origin = origin or url
        yield site
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()
