"""WeCom 微信客服 as a channel: a doorbell rings, messages are fetched, answers are sent; the rest is WeChat's."""

import asyncio
import logging
import os
import secrets
import time
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
from addons.channels.wechat_compose import Words, pushes
from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_delivery import Abilities
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_parse import Doorbell
from addons.channels.wechat_receive import Receiver, Refused, refusal, text_response
from addons.channels.wechat_reply import NOTHING
from addons.channels.wechat_settings import required
from addons.channels.wechat_token import AccessTokens
from addons.channels.wecom_api import WeComApi, work_token
from addons.channels.wecom_content import MENU
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_inbox import Hands, Inbox
from addons.channels.wecom_messages import Entered
from addons.channels.wecom_sending import Sender
from addons.channels.wecom_settings import PREFIX, WeComSettings, read_settings
from addons.channels.wecom_taking import Taking
from addons.stores.open import open_store
from addons.stores.store import Store, StoreUnavailable

NAME = "wecom"
WELCOME_SECONDS = 20  # WeCom's

logger = logging.getLogger(__name__)
log_privacy.install()


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
        if settings is None:
            logger.info("The WeCom channel is off: WECOM_CORP_ID is not set.")
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
        http = WeChatHttp(settings.api_url)
        corporation = _Corporation(settings, http, self._house, on_new_message)
        self._account = corporation.account
        corporation.account.attend(routes)

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
            if isinstance(received.what, Doorbell):
                await corporation.inbox.ring(received.what)
            return text_response(NOTHING)

        watching: list[asyncio.Task[None]] = []

        @routes.listener("after_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            watching.append(asyncio.ensure_future(corporation.inbox.watch()))

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, loop: Any) -> None:
            for task in watching:
                task.cancel()

        @routes.listener("after_server_stop")
        async def close(app: Sanic, loop: Any) -> None:
            await http.close()


class _Corporation:
    """The account with all that WeCom has and WeChat has not."""

    def __init__(self, settings: WeComSettings, http: WeChatHttp, house: House, on_new_message: OnNewMessage) -> None:
        store, corp_id = house.store, settings.corp_id
        tokens = AccessTokens(store, f"wecom {corp_id}", work_token(http, corp_id, settings.secret))
        self._api = api = WeComApi(http, tokens)
        places = Places(store, corp_id, settings.desks[0])
        desk = WeComDesk(store, corp_id, api, places, settings.servicers, self._catch_up)
        sender = Sender(store, corp_id, api, places, desk)
        self.account = Account(_line(settings, sender, desk), house, on_new_message)
        hands = Hands(Taking(self.account, desk), desk, places, self.welcome, sender.bounced)
        self.inbox = Inbox(api, store, corp_id, settings.desks, hands)
        self._tasks: set[asyncio.Task[None]] = set()

    async def _catch_up(self, desk: str) -> None:
        await self.inbox.fetch(desk, doubt=True)

    def welcome(self, entered: Entered) -> None:
        """Greet who may be greeted; a greeting that comes too late is not worth another try."""
        if entered.code and entered.created > time.time() - WELCOME_SECONDS:
            task = asyncio.ensure_future(self._welcome(entered))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _welcome(self, entered: Entered) -> None:
        try:
            greeting = await self.account.turns.greeting(entered.customer, "wechat.welcome")
            (message,) = pushes(greeting.messages, Words("zh", True), MENU, False, 1)
            await self._api.respond(entered.code, message, secrets.token_hex(16))
        except Exception as error:  # ApiError, StoreUnavailable, a fault of ours: the customer has asked nothing yet
            logger.warning("a customer was not welcomed: %s", origin(error))


def _line(settings: WeComSettings, sender: Sender, desk: WeComDesk) -> Line:
    async def typing(customer: str) -> None:
        """微信客服 has nothing of the kind."""

    return Line(
        name=NAME,
        id=settings.corp_id,
        prefix=PREFIX,
        origin=settings.origin,
        can=Abilities(passive=False, push=True, menu=MENU, articles=False),
        send=sender.send,
        typing=typing,
        sign_in=settings.sign_in,
        desk=desk,
    )
