"""The web channel: the chat page, its socket, and who may use them."""

import asyncio
import logging
import os
from functools import partial
from typing import Any

import socketio
from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels import log_privacy
from addons.channels.core_client import CoreClient
from addons.channels.exchange import Exchange, OnNewMessage, Reader
from addons.channels.inbound import Services
from addons.channels.reading import read_message
from addons.channels.sealed_store import open_sealed_store
from addons.channels.turns import TurnQueue
from addons.channels.web_checks import check_app, check_channels, check_settings
from addons.channels.web_consent import Consents, Ratings
from addons.channels.web_http import PREFIX, WebRoutes
from addons.channels.web_keys import WebKeys
from addons.channels.web_limits import LARGEST_PACKET, Limits
from addons.channels.web_log import ConversationLog
from addons.channels.web_output import WebOutput
from addons.channels.web_pages import WebPages
from addons.channels.web_push import Push
from addons.channels.web_requests import address_of
from addons.channels.web_server import PATH, WebServer, serve
from addons.channels.web_sessions import NAME, WebSessions
from addons.channels.web_settings import WebSettings, read_settings, required
from addons.channels.web_socket import WebSocketEvents
from addons.channels.web_token import KeyCache, TokenChecker, fetch_keys
from addons.channels.web_turns import WebTurns
from addons.stores.store import Store, StoreUnavailable

logger = logging.getLogger(__name__)
log_privacy.install()


class WebChannel(InputChannel):
    """GET /chat/ is the page; it talks over Socket.IO at /chat/socket.io."""

    def __init__(self, core: CoreClient, store: Store, context_key: str, settings: WebSettings) -> None:
        """Raises ValueError for a `context_key` that is not 32 bytes in base64url (CONTEXT_KEY)."""
        self._core, self._store, self._settings = core, store, settings
        self._services, self._keys = Services.over(store, core, context_key), WebKeys(context_key)
        self._app: Sanic | None = None
        self._output: WebOutput | None = None

    @classmethod
    def name(cls) -> str:
        """Name in credentials and in response variations."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChannel":
        """Channel of this process; everything comes from the environment. Raises RasaException."""
        settings = read_settings()
        check_settings(settings)
        core = CoreClient(required(os.environ, "CORE_BANK_URL"), required(os.environ, "CORE_BANK_TOKEN_CHANNEL"))
        try:
            key = required(os.environ, "CONTEXT_KEY")
            return cls(core, open_sealed_store(key), key, settings)
        except (ValueError, StoreUnavailable) as error:
            raise RasaException(f"The web channel cannot start: {error}") from error

    def url_prefix(self) -> str:
        """Absolute, so that the page is not under /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """For what is said without being asked; the recipient is a conversation id."""
        return self._output

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes and socket of the channel."""
        settings, store, services = self._settings, self._store, self._services
        server = WebServer(
            list(settings.origins), settings.cookie, partial(address_of, settings=settings), _manager(settings)
        )
        log = ConversationLog(store, services.buttons)
        push, consents = Push(server, log, store), Consents(store)
        limits = Limits(store, settings.messages_a_minute)
        checker = TokenChecker(settings.sign_in_issuer, KeyCache(partial(fetch_keys, settings.sign_in_keys_url)), store)
        sessions = WebSessions(
            self._keys, services.conversations, self._core, checker, log, services.buttons, consents, store
        )
        exchange = Exchange(services, on_new_message, TurnQueue(store))
        self._output = WebOutput(exchange, services.conversations, push)
        turns = WebTurns(exchange, push, sessions, store)
        ratings = Ratings(store, self._keys)
        events = WebSocketEvents(server, settings, sessions, consents, ratings, log, limits, push, turns, self._reader)
        events.register()
        routes = _WebBlueprint(self, server)
        WebRoutes(settings, sessions, consents, limits, push, WebPages(settings)).register(routes)
        self._hang_listeners(routes, server, events)
        return routes

    def attach(self, app: Sanic, server: WebServer) -> None:
        """Add the socket to a server. Raises RasaException when the server is open to everybody."""
        check_app(app)
        self._app = app
        app.config.WEBSOCKET_MAX_SIZE = LARGEST_PACKET

        @app.route(f"{PATH}/", methods=["GET", "POST", "OPTIONS"], name="web_channel_socket")
        async def socket(request: Request) -> HTTPResponse:
            return await serve(server, request)

        app.enable_websocket()

    def _hang_listeners(self, routes: Blueprint, server: WebServer, events: WebSocketEvents) -> None:
        sweeping: list[asyncio.Task[None]] = []

        @routes.listener("before_server_start")
        async def check(app: Sanic, loop: Any) -> None:
            check_channels(getattr(app.ctx, "input_channels", []), self._settings)

        @routes.listener("after_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            sweeping.append(asyncio.ensure_future(events.sweep()))

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, loop: Any) -> None:
            for task in sweeping:
                task.cancel()
            await server.shutdown()

        @routes.listener("after_server_stop")
        async def close_connections(app: Sanic, loop: Any) -> None:
            await self._core.close()
            await self._store.close()

    def _reader(self) -> Reader | None:
        """How Rasa read a message: in the sandbox only."""
        agent = getattr(self._app.ctx, "agent", None) if self._app is not None else None
        return partial(read_message, agent) if self._settings.sandbox and agent is not None else None


class _WebBlueprint(Blueprint):
    """Sanic's blueprint knows its server only when it is registered."""

    def __init__(self, channel: WebChannel, server: WebServer) -> None:
        super().__init__("web_channel")
        self.ctx.attach = partial(channel.attach, server=server)

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Register the routes, and the socket with them."""
        self.ctx.attach(app)
        super().register(app, options)


def _manager(settings: WebSettings) -> socketio.AsyncRedisManager | None:
    """With several processes the sockets of a conversation are spread over them."""
    if settings.redis_url is None:
        return None
    return socketio.AsyncRedisManager(settings.redis_url, channel="zhanggui-web", logger=logger)
