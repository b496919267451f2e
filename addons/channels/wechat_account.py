"""One account of WeChat or WeCom, put together: what both connectors share."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rasa.core.channels.channel import OutputChannel
from sanic import Blueprint, Sanic

from addons.channels.core_client import CoreClient
from addons.channels.exchange import Exchange, OnNewMessage
from addons.channels.inbound import Services
from addons.channels.turns import TurnQueue
from addons.channels.web_token import KeyCache, TokenChecker, fetch_keys
from addons.channels.wechat_binding import Bindings
from addons.channels.wechat_delivery import Abilities, Delivery
from addons.channels.wechat_desk import Desk
from addons.channels.wechat_followers import Followers
from addons.channels.wechat_invitations import Invitations
from addons.channels.wechat_lists import Lists, asks_for_number
from addons.channels.wechat_outbox import Notify, Outbox, Send
from addons.channels.wechat_output import WeChatOutput
from addons.channels.wechat_owed import OwedAnswers
from addons.channels.wechat_pages import BindPages
from addons.channels.wechat_quota import Quota
from addons.channels.wechat_routes import Routes
from addons.channels.wechat_settings import SignInPage
from addons.channels.wechat_turns import WeChatTurns
from addons.stores.store import Store

AUDIENCE = "zhanggui-wechat"

logger = logging.getLogger(__name__)


class NumberQuestions:
    """Looks into Rasa's tracker: is an amount asked for?"""

    def __init__(self) -> None:
        self._app: Sanic | None = None

    def attach(self, app: Sanic) -> None:
        """The server whose agent has the trackers."""
        self._app = app

    async def asked(self, conversation: str) -> bool:
        """Whether the bot awaits an amount in a conversation."""
        agent = getattr(self._app.ctx, "agent", None) if self._app is not None else None
        tracker = await agent.tracker_store.retrieve(conversation) if agent is not None else None
        return tracker is not None and asks_for_number(tracker.current_slot_values())


@dataclass(frozen=True)
class Line:
    """The account's side: its name for Rasa and for itself, what it can do, how it is reached.

    `id`: AppID or CorpID. `origin` and `prefix`: where the channel's own page is.
    """

    name: str
    id: str
    prefix: str
    origin: str
    can: Abilities
    send: Send
    typing: Callable[[str], Awaitable[None]]
    sign_in: SignInPage
    desk: Desk
    notify: Notify | None = None


@dataclass(frozen=True)
class House:
    """The bank's side: store, core, and the key that everything is derived from (CONTEXT_KEY)."""

    store: Store
    core: CoreClient
    key: str


class Account:
    """Everything that a connector needs behind its webhook."""

    def __init__(self, line: Line, house: House, on_new_message: OnNewMessage) -> None:
        """Raises ValueError for a key that is not 32 bytes in base64url."""
        store, core = house.store, house.core
        services, queue = Services.over(store, core, house.key), TurnQueue(store)
        exchange = Exchange(services, on_new_message, queue)
        followers = Followers(line.id, line.name, services.conversations, core, store, house.key)
        self.quota, owed = Quota(store, line.id), OwedAnswers(store, line.id)
        outbox = Outbox(line.send, self.quota, owed, line.can.push, line.notify)
        lists, questions = Lists(store, line.id, services.buttons), NumberQuestions()
        self.delivery = Delivery(
            Routes(store, line.id), owed, outbox, lists, line.can, line.desk.connect, followers.owns
        )
        checker = TokenChecker(
            line.sign_in.issuer, KeyCache(partial(fetch_keys, line.sign_in.keys_url)), store, audience=AUDIENCE
        )
        bindings = Bindings(line.id, line.sign_in, store, core, checker, followers)
        self.followers, self.questions = followers, questions
        self.turns = WeChatTurns(
            exchange,
            queue,
            followers,
            self.delivery,
            self.quota,
            line.desk,
            Invitations(followers, bindings),
            line.typing,
            questions.asked,
        )
        self.output: OutputChannel = WeChatOutput(line.name, exchange, services.conversations, followers, self.delivery)
        self._pages = BindPages(bindings, line.origin, line.prefix)

    def attend(self, routes: Blueprint) -> None:
        """Add the page for binding, and look after answers owed while the server runs."""
        self._pages.register(routes)

        @routes.listener("after_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            self.questions.attach(app)

        keep_running(routes, partial(self.delivery.owed.watch, self.delivery.pay))


def keep_running(routes: Blueprint, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` from the start of the server to its end."""
    running: list[asyncio.Future[None]] = []

    @routes.listener("after_server_start")
    async def start(app: Sanic, loop: Any) -> None:
        running.append(asyncio.ensure_future(work()))

    @routes.listener("before_server_stop")
    async def stop(app: Sanic, loop: Any) -> None:
        for task in running:
            task.cancel()
