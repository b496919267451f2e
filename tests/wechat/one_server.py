"""The connector on a Sanic server of its own, with a fake Rasa and the stand-in: for accounts of other kinds."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import aiohttp
from sanic import Sanic

from addons.channels.core_client import CoreUnavailable, SignedIn, SignInRefused
from addons.channels.wechat import WeChatChannel
from addons.channels.wechat_settings import SignInPage, WeChatSettings
from addons.stores.store import Store
from services.wechat_sandbox.app import create_app
from services.wechat_sandbox.settings import Settings
from tests.unit.addons.channels.fakes import KEY, FakeCore, FakeRasa

APP_ID, SECRET, TOKEN, AES_KEY = "wxba5fad812f8e6fb9", "s3cr3t-0123456789", "AAAAA", "f" * 43
CONTROL = "control-token-of-the-tests"
_numbers = count()


class NobodysCore(FakeCore):
    """Knows no binding."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def sign_in_wechat(self, app_id: str, openid: str) -> SignedIn:
        if self.away:
            raise CoreUnavailable("refused")
        raise SignInRefused("not_bound")

    async def sign_out(self, session: str) -> None:
        pass

    async def close(self) -> None:
        pass


@dataclass
class Server:
    """`webhook` of the connector; `control` posts to a route of the stand-in."""

    webhook: str
    rasa: FakeRasa
    core: NobodysCore
    channel: WeChatChannel
    http: aiohttp.ClientSession
    stand_in: str

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        url, headers = f"{self.stand_in}/control/accounts{path}", {"Authorization": f"Bearer {CONTROL}"}
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json(content_type=None) if answer.status != 204 else None

    async def account(self, **setup: Any) -> None:
        """An account at the stand-in that pushes here."""
        usual = {"app_id": APP_ID, "secret": SECRET, "token": TOKEN, "aes_keys": [AES_KEY]}
        await self.control("POST", "", {**usual, "callback_url": self.webhook, **setup})

    async def follower(self) -> str:
        return str((await self.control("POST", f"/{APP_ID}/customers", {}))["openid"])

    async def say(self, openid: str, text: str, **more: Any) -> list[dict[str, Any]]:
        """Send a message; the attempts of its delivery."""
        body = {"text": text, "wait": True, **more}
        sent = await self.control("POST", f"/{APP_ID}/customers/{openid}/say", body)
        return list(sent["delivery"]["attempts"])

    async def shown(self, openid: str, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        phone = await self.control("GET", f"/{APP_ID}/customers/{openid}?after={after}&wait={wait}")
        return [shown for shown in phone["shown"] if shown["how"] != "customer"]


@asynccontextmanager
async def serving(store: Store, **settings: Any) -> AsyncIterator[Server]:
    """Both on free ports; `settings` of the connector."""
    import uvicorn

    async with AsyncExitStack() as stack:
        there, here = (stack.enter_context(socket.socket()) for _ in range(2))
        there.bind(("127.0.0.1", 0))
        here.bind(("127.0.0.1", 0))
        stand_in, url = (f"http://127.0.0.1:{sock.getsockname()[1]}" for sock in (there, here))
        app = create_app(Settings(CONTROL, "127.0.0.1", there.getsockname()[1], stand_in))
        tencent = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        tencent.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
        import asyncio

        serving_tencent = asyncio.ensure_future(tencent.serve(sockets=[there]))
        page = SignInPage("https://bank.example/sign-in", "https://bank.example/keys", "bank", f"{url}/wechat/bind")
        usual = WeChatSettings(APP_ID, SECRET, TOKEN, (AES_KEY,), stand_in, url, page)
        core, rasa = NobodysCore(), FakeRasa()
        channel = WeChatChannel(core, store, KEY, replace(usual, **settings))  # type: ignore[arg-type]
        sanic = Sanic(f"wechat_test_{next(_numbers)}", configure_logging=False)
        sanic.blueprint(channel.blueprint(rasa), url_prefix=channel.url_prefix())
        server = await sanic.create_server(sock=here, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        while not tencent.started:
            await asyncio.sleep(0.01)
        yield Server(f"{url}/wechat/webhook", rasa, core, channel, http, stand_in)
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()
        tencent.should_exit = True
        await serving_tencent
