"""WeCom 微信客服 as a channel: a doorbell rings, messages are fetched, answers are sent; the rest is WeChat's."""

import asyncio
import logging
import os
import time
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from addons.channels import log_privacy
from addons.channels.answers import origin
from addons.channels.core_client import CoreClient
from addons.channels.exchange import OnNewMessage
from addons.channels.wechat_account import Account, House, Line
from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_delivery import Abilities
from addons.channels.wechat_desk import WeChatDesk
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import ApiError, Outcome
from addons.channels.wechat_parse import Doorbell
from addons.channels.wechat_receive import Receiver, Refused, refusal, text_response
from addons.channels.wechat_reply import NOTHING
from addons.channels.wechat_settings import SignInPage, aes_keys, required, sign_in_page
from addons.channels.wechat_token import AccessTokens
from addons.channels.wecom_api import API, WeComApi, work_token
from addons.channels.wecom_messages import understood
from addons.stores.open import open_store
from addons.stores.store import Store, StoreUnavailable

NAME = "wecom"
PREFIX = "/wecom"
CURSOR_SECONDS = 30 * 24 * 3600.0
FIRST_SECONDS = 300  # without a cursor, WeCom hands out three days: older messages than this are history
_MENDING = "set it (docs/wechat.md), or remove addons.channels.wecom.WeComChannel from the credentials"

logger = logging.getLogger(__name__)
log_privacy.install()


@dataclass(frozen=True)
class WeComSettings:
    """Of one corporation's 微信客服. `aes_keys`: the current EncodingAESKey, then the previous one."""

    corp_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    desk: str
    api_url: str
    origin: str
    sign_in: SignInPage


def read_settings() -> WeComSettings | None:
    """Settings of this process; None in a sandbox without an account. Raises RasaException with one line."""
    environ = os.environ
    if not environ.get("WECOM_CORP_ID") and environ.get("ZHANGGUI_SANDBOX") == "1":
        return None
    corp_id, secret, token, _, desk = (
        required(environ, f"WECOM_{name}", _MENDING) for name in ("CORP_ID", "SECRET", "TOKEN", "AES_KEY", "KFID")
    )
    return WeComSettings(
        corp_id=corp_id,
        secret=secret,
        token=token,
        aes_keys=aes_keys(environ, "WECOM"),
        desk=desk,
        api_url=environ.get("WECOM_API_URL") or API,
        origin=required(environ, "WECHAT_ORIGIN"),
        sign_in=sign_in_page(environ, PREFIX),
    )


class WeComChannel(InputChannel):
    """WeCom rings at {WECHAT_ORIGIN}/wecom/webhook; /wecom/bind is where customers bind."""

    def __init__(self, core: CoreClient, store: Store, context_key: str, settings: WeComSettings | None) -> None:
        """`settings` None: the channel is off. Raises ValueError for a setting that cannot be right."""
        self._house, self._settings = House(store, core, context_key), settings
        self._account: Account | None = None
        if settings is not None:
            crypto = PushCrypto(settings.token, settings.corp_id, settings.aes_keys)
            self._receiver = Receiver(crypto, safe=True, work=True)

    @classmethod
    def name(cls) -> str:
        """Name in credentials and in response variations."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WeComChannel":
        """Channel of this process; everything comes from the environment. Raises RasaException."""
        settings = read_settings()
        core = CoreClient(required(os.environ, "CORE_BANK_URL"), required(os.environ, "CORE_BANK_TOKEN_CHANNEL"))
        try:
            return cls(core, open_store(), required(os.environ, "CONTEXT_KEY"), settings)
        except (ValueError, StoreUnavailable) as error:
            raise RasaException(f"The WeCom channel cannot start: {error}") from error

    def url_prefix(self) -> str:
        """Absolute, as WeChat's."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """For what is said without being asked; the recipient is a conversation id."""
        return self._account.output if self._account is not None else None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel; none but the health check while it is off."""
        routes = Blueprint("wecom_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        if self._settings is not None:
            self._hang(routes, on_new_message, self._settings)

        @routes.listener("after_server_stop")
        async def close_connections(app: Sanic, loop: Any) -> None:
            await self._house.core.close()
            await self._house.store.close()

        return routes

    def _hang(self, routes: Blueprint, on_new_message: OnNewMessage, settings: WeComSettings) -> None:
        store, http = self._house.store, WeChatHttp(settings.api_url)
        tokens = AccessTokens(store, f"wecom {settings.corp_id}", work_token(http, settings.corp_id, settings.secret))
        api = WeComApi(http, tokens)
        self._account = account = Account(_line(settings, api, store), self._house, on_new_message)
        account.attend(routes)
        mailbox = Mailbox(api, store, account, settings)

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            try:
                return text_response(self._receiver.verify(request))
            except Refused as refused:
                return refusal(refused)

        @routes.post("/webhook", stream=True)
        async def ring(request: Request) -> HTTPResponse:
            try:
                received = await self._receiver.receive(request)
            except Refused as refused:
                return refusal(refused)
            if isinstance(received.what, Doorbell) and received.what.desk == settings.desk:
                mailbox.ring(received.what.token)
            return text_response(NOTHING)

        @routes.listener("after_server_stop")
        async def close(app: Sanic, loop: Any) -> None:
            await http.close()


class Mailbox:
    """Fetches the messages of one desk account, each page once over all processes."""

    def __init__(self, api: WeComApi, store: Store, account: Account, settings: WeComSettings) -> None:
        self._api, self._store, self._account, self._desk = api, store, account, settings.desk
        self._key = f"wecom:{settings.corp_id}:{settings.desk}"
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self, token: str) -> None:
        """There is something to fetch; WeCom does not wait for it."""
        task = asyncio.ensure_future(self._fetch(token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fetch(self, token: str) -> None:
        try:
            async with self._store.lock(f"{self._key}:sync"):
                more = True
                while more:
                    more = await self._page(token)
        except (ApiError, StoreUnavailable) as error:
            # The cursor has not moved: the next ring fetches it.
            logger.error("messages of WeCom were not fetched: %s", error)
        except Exception as error:
            logger.error("messages of WeCom were not taken: %s", origin(error))

    async def _page(self, token: str) -> bool:
        cursor = await self._store.get(f"{self._key}:cursor") or ""
        page = await self._api.sync(self._desk, cursor, token)
        for entry in page.entries:
            push = understood(entry)
            if push is None or (not cursor and push.created < time.time() - FIRST_SECONDS):
                continue
            if not await self._account.held_by_agent(push):
                await self._account.turns.answer(push, None, time.monotonic())
        await self._store.set(f"{self._key}:cursor", page.cursor, CURSOR_SECONDS)
        return page.more and page.cursor != cursor


def _line(settings: WeComSettings, api: WeComApi, store: Store) -> Line:
    async def send(customer: str, message: Pushed, reference: str) -> Outcome:
        return await api.send(settings.desk, customer, message, reference)

    async def typing(customer: str) -> None:
        """微信客服 has nothing of the kind."""

    return Line(
        name=NAME,
        id=settings.corp_id,
        prefix=PREFIX,
        origin=settings.origin,
        can=Abilities(passive=False, push=True, menu=True, articles=False),
        send=send,
        typing=typing,
        sign_in=settings.sign_in,
        desk=WeChatDesk(store, settings.corp_id, None),
    )
