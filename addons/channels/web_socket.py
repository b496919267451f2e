"""Events of the chat page's socket: who may connect, what is asked, and what is answered at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

import socketio

from addons.channels import web_events
from addons.channels.answers import origin
from addons.channels.exchange import Reader
from addons.channels.web_consent import VERSION, Consents, Ratings
from addons.channels.web_events import BadMessage
from addons.channels.web_limits import Limits
from addons.channels.web_log import ConversationLog
from addons.channels.web_push import Push
from addons.channels.web_requests import from_our_page
from addons.channels.web_server import WebServer
from addons.channels.web_sessions import Visit, WebSessions
from addons.channels.web_settings import WebSettings
from addons.channels.web_turns import WebTurns
from addons.channels.wording import say
from addons.stores.store import StoreUnavailable

SWEEP_SECONDS = 30.0

Reply = dict[str, Any]
Handler = Callable[[Visit, str, Any], Awaitable[Reply]]

logger = logging.getLogger(__name__)


class NotNow(Exception):
    """An event that is refused: `code`, as the page knows it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Connected:
    """A socket: the token of its cookie, and the address it is counted by."""

    token: str
    address: str
    signed_in: bool
    language: str


@dataclass
class WebSocketEvents:
    """Handlers of one process; `connected` are its sockets."""

    server: WebServer
    settings: WebSettings
    sessions: WebSessions
    consents: Consents
    ratings: Ratings
    log: ConversationLog
    limits: Limits
    push: Push
    turns: WebTurns
    reader: Callable[[], Reader | None]
    connected: dict[str, Connected] = field(default_factory=dict)

    def register(self) -> None:
        """Hang the handlers into the server."""
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        handlers: dict[str, Handler] = {
            "say": self._say,
            "press": self._press,
            "rate": self._rate,
            "consent": self._consent,
            "history": self._history,
        }
        for event, handler in handlers.items():
            self.server.on(event, self._answering(handler))

    async def sweep(self) -> None:
        """Close, for as long as the process runs, the sockets of sign-ins that have run out."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.close_expired()
            except StoreUnavailable as error:
                logger.warning("sign-ins that have run out are not looked for: %s", error)

    async def close_expired(self) -> None:
        """Close the sockets of this process whose sign-in has run out. Raises StoreUnavailable."""
        for sid, known in list(self.connected.items()):
            if known.signed_in and sid in self.connected and await self.sessions.visit(known.token) is None:
                await self._signed_out(sid)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        request = environ["sanic.request"]
        try:
            if not from_our_page(request.headers, self.settings):
                raise socketio.exceptions.ConnectionRefusedError("bad_origin")
            wanted = web_events.connecting(auth)
            if not await self.limits.connection(self.server.address(environ)):
                raise socketio.exceptions.ConnectionRefusedError("rate_limited")
            visit = await self.sessions.find(_cookie(request.headers.get("cookie", ""), self.settings.cookie))
            if visit is None:
                raise socketio.exceptions.ConnectionRefusedError("no_session")
            await self._welcome(sid, environ, visit, wanted)
        except BadMessage as error:
            raise socketio.exceptions.ConnectionRefusedError(error.code) from error
        except StoreUnavailable as error:
            self.connected.pop(sid, None)
            logger.warning("a page was not connected: store unavailable: %s", error)
            raise socketio.exceptions.ConnectionRefusedError("unavailable") from error

    async def _welcome(self, sid: str, environ: dict[str, Any], visit: Visit, wanted: web_events.Connecting) -> None:
        """What the page needs to go on. The rooms come first: what is said meanwhile reaches it twice, not never."""
        known = Connected(visit.token, self.server.address(environ), visit.customer is not None, wanted.language)
        self.connected[sid] = known
        conversation = visit.conversation
        name = self.sessions.keys.pseudonym("log", conversation.id)
        await self.push.join(sid, conversation.id, visit.device)
        # A page may have missed that somebody else signed in: it has items then, but not of this conversation.
        page = await self.log.since(conversation.id, wanted.after if wanted.log in (None, name) else 0)
        welcome = {
            "log": name,
            "customer": visit.customer,
            "items": page.items,
            "more": page.more,
            "last": page.last,
            "consent": await self.consents.given(conversation.id),
            "language": conversation.manner.language,
            "elder_mode": conversation.manner.elder_mode,
            "pending": await self.turns.pending(conversation.id),
            "live": sorted(await self.log.live(conversation.id)),
        }
        await self.server.emit("welcome", welcome, to=sid)

    async def _disconnect(self, sid: str, reason: str) -> None:
        self.connected.pop(sid, None)

    def _answering(self, handler: Handler) -> Callable[[str, Any], Awaitable[Reply]]:
        """The handler behind the checks that all events share; whatever goes wrong becomes its acknowledgement."""

        async def answer(sid: str, data: Any) -> Reply:
            known = self.connected.get(sid)
            try:
                visit = await self.sessions.visit(known.token) if known else None
                if known is None or visit is None:
                    await self._signed_out(sid)
                    raise NotNow("signed_out")
                return {"ok": True, **await handler(visit, known.address, data)}
            except (BadMessage, NotNow) as refused:
                code = refused.code
            except StoreUnavailable as error:
                logger.warning("an event was not taken: store unavailable: %s", error)
                code = "unavailable"
            except Exception as error:  # a fault of ours: the page must not wait for ever
                logger.error("an event failed: %s", origin(error))
                code = "unavailable"
            return {"ok": False, "code": code, "message": say(f"web.{code}", known.language if known else "zh")}

        return answer

    async def _say(self, visit: Visit, address: str, data: Any) -> Reply:
        return await self._take(web_events.said(data), visit, address)

    async def _press(self, visit: Visit, address: str, data: Any) -> Reply:
        return await self._take(web_events.pressed(data), visit, address)

    async def _take(self, said: web_events.Said, visit: Visit, address: str) -> Reply:
        if not await self.consents.given(visit.conversation.id):
            raise NotNow("consent_needed")
        if not await self.limits.message(visit.device, address):
            raise NotNow("rate_limited")
        await self.sessions.keep_alive(visit)
        if not await self.turns.take(said, visit, self.reader()):
            raise NotNow("busy")
        return {}

    async def _rate(self, visit: Visit, address: str, data: Any) -> Reply:
        rated = web_events.rated(data)
        await self._within_limits(visit)
        await self.ratings.add(visit.conversation.id, rated.score, rated.comment)
        return {}

    async def _consent(self, visit: Visit, address: str, data: Any) -> Reply:
        version = web_events.consented(data)
        await self._within_limits(visit)
        if version != VERSION:
            raise BadMessage
        await self.consents.give(visit.conversation.id)
        return {}

    async def _history(self, visit: Visit, address: str, data: Any) -> Reply:
        number = web_events.before(data)
        await self._within_limits(visit)
        page = await self.log.before(visit.conversation.id, number)
        return {"items": page.items, "more": page.more}

    async def _within_limits(self, visit: Visit) -> None:
        if not await self.limits.request(visit.device):
            raise NotNow("rate_limited")

    async def _signed_out(self, sid: str) -> None:
        """Nothing of the conversation may reach this socket any more."""
        known = self.connected.pop(sid, None)
        await self.server.emit("signed_out", {"text": say("web.signed_out", known.language if known else "zh")}, to=sid)
        for room in self.server.rooms(sid):
            if room != sid:
                await self.server.leave_room(sid, room)


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
