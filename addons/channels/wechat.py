"""The WeChat channel: an Official Account, or the customer service of a mini-program."""

import logging
import os
import time
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from addons.channels import log_privacy
from addons.channels.core_client import CoreClient
from addons.channels.exchange import OnNewMessage
from addons.channels.wechat_account import Account, House, Line
from addons.channels.wechat_api import WeChatApi
from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_delivery import Abilities
from addons.channels.wechat_desk import WeChatDesk
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_menu import WECHAT
from addons.channels.wechat_outcome import Outcome, Sent
from addons.channels.wechat_parse import Push
from addons.channels.wechat_receive import Receiver, Refused, refusal, text_response
from addons.channels.wechat_settings import OFFICIAL, PREFIX, WeChatSettings, read_settings, required
from addons.channels.wechat_token import AccessTokens, stable_token
from addons.channels.wording import say
from addons.stores.open import open_store
from addons.stores.store import Store, StoreUnavailable

NAME = "wechat"

logger = logging.getLogger(__name__)
log_privacy.install()


class WeChatChannel(InputChannel):
    """WeChat pushes to {WECHAT_ORIGIN}/wechat/webhook; /wechat/bind is where customers bind their openid."""

    def __init__(self, core: CoreClient, store: Store, context_key: str, settings: WeChatSettings | None) -> None:
        """`settings` None: the channel is off. Raises ValueError for a setting that cannot be right."""
        self._house, self._settings = House(store, core, context_key), settings
        self._account: Account | None = None
        if settings is not None:
            crypto = PushCrypto(settings.token, settings.app_id, settings.aes_keys)
            self._receiver = Receiver(crypto, safe=bool(settings.aes_keys))

    @classmethod
    def name(cls) -> str:
        """Name in credentials and in response variations."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WeChatChannel":
        """Channel of this process; everything comes from the environment. Raises RasaException."""
        settings = read_settings()
        if settings is None:
            logger.info("The WeChat channel is off: WECHAT_APP_ID is not set.")
        core = CoreClient(required(os.environ, "CORE_BANK_URL"), required(os.environ, "CORE_BANK_TOKEN_CHANNEL"))
        try:
            return cls(core, open_store(), required(os.environ, "CONTEXT_KEY"), settings)
        except (ValueError, StoreUnavailable) as error:
            raise RasaException(f"The WeChat channel cannot start: {error}") from error

    def url_prefix(self) -> str:
        """Absolute, so that one rule of a proxy covers webhook and page."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """For what is said without being asked; the recipient is a conversation id."""
        return self._account.output if self._account is not None else None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel; none but the health check while it is off."""
        routes = Blueprint("wechat_channel")

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

    def _hang(self, routes: Blueprint, on_new_message: OnNewMessage, settings: WeChatSettings) -> None:
        http = WeChatHttp(settings.api_url)
        self._account = account = Account(_line(settings, http, self._house.store), self._house, on_new_message)
        account.attend(routes)

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            try:
                return text_response(self._receiver.verify(request))
            except Refused as refused:
                return refusal(refused)

        @routes.post("/webhook", stream=True)
        async def push(request: Request) -> HTTPResponse:
            moment = time.monotonic()
            try:
                received = await self._receiver.receive(request)
                if not isinstance(received.what, Push):
                    raise Refused(400, "a push of WeCom")
            except Refused as refused:
                return refusal(refused)
            return text_response(await account.turns.answer(received.what, received.seal, moment))

        @routes.listener("after_server_stop")
        async def close(app: Sanic, loop: Any) -> None:
            await http.close()


def _line(settings: WeChatSettings, http: WeChatHttp, store: Store) -> Line:
    official = settings.kind == OFFICIAL
    tokens = AccessTokens(store, settings.app_id, stable_token(http, settings.app_id, settings.secret))
    api = WeChatApi(http, tokens, mini_program=not official)

    async def send(openid: str, message: Pushed, reference: str) -> Outcome:
        return await api.send(openid, message)

    async def notify(openid: str) -> None:
        assert settings.template is not None, "only then it is called"
        outcome = await api.notify(openid, settings.template.id, {settings.template.field: say("wechat.notice")})
        if not isinstance(outcome, Sent):
            logger.warning("a customer was not told of a message that waits: %s", outcome.reason.value)

    return Line(
        name=NAME,
        id=settings.app_id,
        prefix=PREFIX,
        origin=settings.origin,
        can=Abilities(official, settings.may_push, WECHAT if official and settings.may_push else None, official),
        send=send,
        typing=api.typing,
        sign_in=settings.sign_in,
        desk=WeChatDesk(store, settings.app_id, api, settings.desk),
        notify=notify if settings.template is not None else None,
    )
