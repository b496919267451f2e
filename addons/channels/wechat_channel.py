"""What the connectors of WeChat and of WeCom are to Rasa and to HTTP: one account's webhook, health and page."""

import logging
import os
import time
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from addons.channels import log_privacy
from addons.channels.core_client import CoreClient
from addons.channels.exchange import OnNewMessage
from addons.channels.sealed_store import open_sealed_store
from addons.channels.wechat_account import Account, House, keep_running
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_receive import Received, Receiver, Refused, refusal, text_response
from addons.channels.wechat_settings import required
from addons.stores.store import Store, StoreUnavailable

S = TypeVar("S")
Channel = TypeVar("Channel", bound="AccountChannel[Any]")

logger = logging.getLogger(__name__)
log_privacy.install()


@dataclass(frozen=True)
class Served:
    """An account at work.

    `answer` gives the body of the answer to a push that came at a moment of time.monotonic(), or raises Refused.
    `watch` runs as long as the server.
    """

    account: Account
    http: WeChatHttp
    answer: Callable[[Received, float], Awaitable[str]]
    watch: Callable[[], Awaitable[None]] | None = None


class AccountChannel(InputChannel, Generic[S]):
    """Tencent calls {WECHAT_ORIGIN}<prefix>/webhook; <prefix>/bind is where customers bind.

    A subclass says its `title` for people, its name for Rasa, which variable switches it on (`switch`), and what
    mends a missing one.
    """

    title: ClassVar[str]
    key: ClassVar[str]
    prefix: ClassVar[str]
    switch: ClassVar[str]
    mending: ClassVar[str]

    def __init__(self, core: CoreClient, store: Store, context_key: str, settings: S | None) -> None:
        """`settings` None: the channel is off. Raises ValueError for a setting that cannot be right."""
        self._house, self._settings = House(store, core, context_key), settings
        self._receiver = None if settings is None else self.receiver(settings)
        self._account: Account | None = None

    @staticmethod
    @abstractmethod
    def read_settings() -> S | None:
        """Settings of this process; None: the channel is off. Raises RasaException."""

    @staticmethod
    @abstractmethod
    def receiver(settings: S) -> Receiver:
        """What checks the account's pushes. Raises ValueError."""

    @abstractmethod
    def serve(self, settings: S, house: House, on_new_message: OnNewMessage) -> Served:
        """Put the account together."""

    @classmethod
    def name(cls) -> str:
        """Name in credentials and in response variations."""
        return cls.key

    @classmethod
    def from_credentials(cls: type[Channel], credentials: dict[str, Any] | None) -> Channel:
        """Channel of this process; everything comes from the environment. Raises RasaException."""
        settings = cls.read_settings()
        if settings is None:
            logger.info("The %s channel is off: %s is not set.", cls.title, cls.switch)
        url, token, key = (
            required(os.environ, name, cls.mending)
            for name in ("CORE_BANK_URL", "CORE_BANK_TOKEN_CHANNEL", "CONTEXT_KEY")
        )
        try:
            return cls(CoreClient(url, token), open_sealed_store(key), key, settings)
        except (ValueError, StoreUnavailable) as error:
            raise RasaException(f"The {cls.title} channel cannot start: {error}") from error

    def url_prefix(self) -> str:
        """Absolute, so that one rule of a proxy covers webhook and page."""
        return self.prefix

    def get_output_channel(self) -> OutputChannel | None:
        """For what is said without being asked; the recipient is a conversation id."""
        return self._account.output if self._account is not None else None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel; none but the health check while it is off."""
        routes = Blueprint(f"{self.key}_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        if self._settings is not None and self._receiver is not None:
            served = self.serve(self._settings, self._house, on_new_message)
            self._account = served.account
            _hang(routes, self._receiver, served)

        @routes.listener("after_server_stop")
        async def close_connections(app: Sanic, loop: Any) -> None:
            await self._house.core.close()
            await self._house.store.close()

        return routes


def _hang(routes: Blueprint, receiver: Receiver, served: Served) -> None:
    """The webhook and the page of an account, and what runs beside them."""
    served.account.attend(routes)
    if served.watch is not None:
        keep_running(routes, served.watch)

    @routes.get("/webhook")
    async def verify(request: Request) -> HTTPResponse:
        try:
            return text_response(receiver.verify(request))
        except Refused as refused:
            return refusal(refused)

    @routes.post("/webhook", stream=True)
    async def push(request: Request) -> HTTPResponse:
        moment = time.monotonic()
        try:
            return text_response(await served.answer(await receiver.receive(request), moment))
        except Refused as refused:
            return refusal(refused)

    @routes.listener("after_server_stop")
    async def close(app: Sanic, loop: Any) -> None:
        await served.http.close()
