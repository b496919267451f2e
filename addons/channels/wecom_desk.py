"""The people of WeCom 微信客服: who of them has a customer, and handing customers over."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from random import SystemRandom

from addons.channels.wechat_outcome import ApiError
from addons.channels.wechat_reply import TextReply
from addons.channels.wecom_api import OVER, PERSON, QUEUE, WeComApi
from addons.channels.wecom_settings import POOL
from addons.channels.wording import say
from addons.stores.store import Store

HELD, QUEUED, FREE, SETTLED = "held", "queued", "free", "settled"
SESSION_SECONDS = 48 * 3600.0  # after which WeCom ends a session
OVER_SECONDS = 20.0  # in which a message may be sent after we have ended one

CatchUp = Callable[[str], Awaitable[object]]
"""Fetch what WeCom has told about an account until now."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """Which of the corporation's accounts a customer talks to. Every method may raise StoreUnavailable."""

    store: Store
    corp_id: str
    first: str

    async def note(self, customer: str, desk: str) -> None:
        """The customer is at `desk` now."""
        await self.store.set(self._key(customer), desk, SESSION_SECONDS)

    async def of(self, customer: str) -> str:
        """Where the customer was last, else the first account."""
        return await self.store.get(self._key(customer)) or self.first

    def _key(self, customer: str) -> str:
        return f"wecom:{self.corp_id}:place:{customer}"


@dataclass(frozen=True)
class WeComDesk:
    """As wechat_desk.Desk, of one corporation. `servicers` as in WeComSettings.

    WeCom tells of a person who takes a customer over, not of every way in which that ends: whether it is so still is
    asked before the bot is silent. A state that WeCom says is over, before any event has told so, is FREE: an event may
    still come, and what was said before it was for the person. It is SETTLED when no event was there.
    """

    store: Store
    corp_id: str
    api: WeComApi
    places: Places
    servicers: tuple[str, ...]
    catch_up: CatchUp

    @property
    def on(self) -> bool:
        """Whether the bot may hand customers over."""
        return bool(self.servicers)

    async def queue(self, openid: str) -> None:
        """Nothing yet: only WeCom's consent makes it so."""

    async def waits(self, openid: str) -> bool:
        """Whether the customer is in the account's queue."""
        return await self._state(openid) == QUEUED

    async def holds(self, openid: str) -> bool:
        """Whether what the customer says may be for a person: one who has them, soon will, or had a moment ago."""
        return await self._state(openid) in (HELD, QUEUED, FREE)

    async def silences(self, openid: str, held: bool) -> bool:
        """The same, with WeCom's word for it; what was said before the person was done was for them too."""
        state = await self._state(openid)
        if state is None or state == SETTLED:
            return held and state is None
        if state != FREE and await self.look(openid):
            return True
        # If somebody ended it, WeCom has told so by now.
        await self.catch_up(await self.places.of(openid))
        await self.store.replace(self._key("state", openid), FREE, SETTLED, SESSION_SECONDS)
        return held and await self._state(openid) is None

    async def look(self, openid: str) -> bool:
        """Ask WeCom whether a person has the customer; when it cannot be asked, what was last known."""
        before = await self._state(openid)
        try:
            state = await self.api.state(await self.places.of(openid), openid)
        except ApiError as error:
            logger.warning("not known who talks to a customer: %s", error)
            return before in (HELD, QUEUED)
        if state in (PERSON, QUEUE):
            await self._mark(openid, HELD if state == PERSON else QUEUED)
            return True
        if before in (HELD, QUEUED):  # unless an event has told of the end meanwhile
            await self.store.replace(self._key("state", openid), before, FREE, SESSION_SECONDS)
        return False

    async def leave(self, openid: str) -> None:
        """End the session, so that the bot may begin another one with the customer's next message."""
        try:
            code = await self.api.change(await self.places.of(openid), openid, OVER)
        except ApiError as error:
            logger.warning("a customer stays in the queue: %s", error)
            return
        await self.store.delete(self._key("state", openid))
        if code is not None:
            await self.store.set(self._key("code", openid), code, OVER_SECONDS)

    async def code(self, openid: str) -> str | None:
        """The code with which one message may be sent to a session that is over."""
        return await self.store.take(self._key("code", openid))

    async def changed(self, openid: str, change: str) -> None:
        """What an event says: create, switch or close."""
        if change == "close":
            return await self.store.delete(self._key("state", openid))
        await self._mark(openid, HELD)

    async def connect(self, openid: str, language: str) -> bool:
        """Ask one servicer after another, then the queue, and tell the customer who is found."""
        desk = await self.places.of(openid)
        for state, servicer in self._choices():
            try:
                code = await self.api.change(desk, openid, state, servicer)
            except ApiError as error:
                logger.warning("a customer was not handed over: %s", error)
                continue
            await self._mark(openid, HELD if state == PERSON else QUEUED)
            sentence = say("wechat.desk_called" if state == PERSON else "wechat.desk_queued", language)
            await self._tell(code, sentence)
            return True
        return await self.look(openid)

    def _choices(self) -> Iterator[tuple[int, str | None]]:
        named = [servicer for servicer in self.servicers if servicer != POOL]
        SystemRandom().shuffle(named)
        yield from ((PERSON, servicer) for servicer in named)
        if POOL in self.servicers:
            yield QUEUE, None

    async def _tell(self, code: str | None, sentence: str) -> None:
        if code is None:
            return
        try:
            await self.api.respond(code, TextReply(sentence), secrets.token_hex(16))
        except ApiError as error:
            logger.warning("a customer was not told of being handed over: %s", error)

    async def _state(self, openid: str) -> str | None:
        return await self.store.get(self._key("state", openid))

    async def _mark(self, openid: str, state: str) -> None:
        await self.store.set(self._key("state", openid), state, SESSION_SECONDS)

    def _key(self, kind: str, openid: str) -> str:
        return f"wecom:{self.corp_id}:{kind}:{openid}"
