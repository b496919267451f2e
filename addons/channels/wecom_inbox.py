"""Fetching from WeCom 微信客服: once over all processes, in order, nothing lost when a process dies.

A doorbell only says that there is something. What is noted in the store before WeCom hears `success` is fetched by some
process; the cursor moves when all messages of a page have been taken (wecom_taking), which no message is twice.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from addons.channels.answers import Message, origin
from addons.channels.wechat_outcome import ApiError, Reason
from addons.channels.wechat_parse import Doorbell, Push
from addons.channels.wecom_api import BAD_TOKEN, Page, WeComApi
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_messages import Bounced, Changed, Entered, desk_of, understood
from addons.channels.wecom_taking import Taking
from addons.stores.store import Store, StoreUnavailable

CURSOR_SECONDS = 30 * 24 * 3600.0
LEASE_SECONDS = 15.0  # of the right to fetch, when its holder dies
RUNG_SECONDS = 3 * 24 * 3600.0  # how long WeCom keeps messages
STALE_SECONDS = 3600  # an older message is not carried out any more: its customer has gone on
FIRST_SECONDS = 300  # where no cursor is known, older ones are from before, or were answered before the store was lost
WATCH_SECONDS, MOST_WATCH_SECONDS = 5.0, 30.0
ASK_SECONDS = 600.0  # a doorbell may be lost on its way: one process asks unbidden; WeCom allows that only seldom

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hands:
    """What the inbox gives entries to. `welcome` must not wait for WeCom; `bounced` finds a message by its id."""

    taking: Taking
    desk: WeComDesk
    places: Places
    welcome: Callable[[Entered], None]
    bounced: Callable[[str], Awaitable[tuple[Message, ...]]]


class Inbox:
    """Messages of the accounts `desks` of one corporation."""

    def __init__(self, api: WeComApi, store: Store, corp_id: str, desks: tuple[str, ...], hands: Hands) -> None:
        self._api, self._store, self._desks, self._hands = api, store, desks, hands
        self._prefix = f"wecom:{corp_id}"
        self._tasks: set[asyncio.Task[bool]] = set()
        self._doubt = True  # whether something may wait that no doorbell is noted for: at the start, after an outage

    async def ring(self, bell: Doorbell) -> None:
        """Note the doorbell and set out; WeCom is answered meanwhile."""
        if bell.desk not in self._desks:
            logger.warning("a doorbell of an account that WECOM_KFID does not name")
            return
        try:
            await self._store.set(self._rung_key(bell.desk), bell.token, RUNG_SECONDS)
        except StoreUnavailable as error:
            self._doubt = True
            logger.error("a doorbell was not noted, store unavailable: %s", error)
            return
        task = asyncio.ensure_future(self.fetch(bell.desk))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def watch(self) -> None:
        """Fetch what a dead process, an outage or a failure has left; runs until it is cancelled."""
        pause = WATCH_SECONDS
        while True:
            doubt, self._doubt = self._doubt, False
            done = [await self.fetch(desk, doubt) for desk in self._desks]
            pause = WATCH_SECONDS if all(done) else min(2 * pause, MOST_WATCH_SECONDS)
            await asyncio.sleep(pause)

    async def fetch(self, desk: str, doubt: bool = False) -> bool:
        """Fetch all there is if somebody has rung, in `doubt`, or when nobody has asked for long; whether it went well.

        What did not is tried again by `watch`.
        """
        try:
            doubt = await self._store.add(f"{self._prefix}:asked:{desk}", "", ASK_SECONDS) or doubt
            if doubt or await self._store.get(self._rung_key(desk)):
                async with self._store.lock(f"{self._prefix}:lock:{desk}", LEASE_SECONDS):
                    await self._pages(desk, doubt)
            return True
        except ApiError as error:
            logger.error("messages of WeCom were not fetched: %s", error)
        except StoreUnavailable as error:
            logger.error("messages of WeCom were not fetched, store unavailable: %s", error)
        except Exception as error:  # the next round must come
            logger.error("messages of WeCom were not taken: %s", origin(error))
        self._doubt = self._doubt or doubt
        return False

    async def _pages(self, desk: str, doubt: bool) -> None:
        """All there is, with the lock held."""
        token = await self._store.get(self._rung_key(desk)) or ""
        if not token and not doubt:
            return  # another one has fetched it meanwhile
        cursor = await self._store.get(self._cursor_key(desk)) or ""
        first = not cursor or await self._store.get(self._first_key(desk)) is not None
        if not cursor:  # so for all pages of the first time, though a failure comes between them
            await self._store.set(self._first_key(desk), "", CURSOR_SECONDS)
        more = True
        while more:
            page = await self._page(desk, cursor, token)
            for entry in page.entries:
                await self._take(desk, entry, fresh_only=first)
            await self._store.set(self._cursor_key(desk), page.cursor, CURSOR_SECONDS)
            moved = page.entries or page.cursor != cursor
            more, cursor = page.more and bool(moved), page.cursor
        if first:
            await self._store.delete(self._first_key(desk))
        if token:  # unless it has rung again
            await self._store.replace(self._rung_key(desk), token, "", RUNG_SECONDS)

    async def _page(self, desk: str, cursor: str, token: str) -> Page:
        """A page, without the token when that is too old, and from the beginning when the cursor is no good."""
        try:
            return await self._api.sync(desk, cursor, token)
        except ApiError as error:
            if error.code == BAD_TOKEN and token:
                return await self._page(desk, cursor, "")
            # WeCom does not document its code for a cursor it knows nothing of; to begin anew only costs calls.
            if error.reason is Reason.UNKNOWN and cursor:
                logger.error("WeCom takes the cursor of %s no more (%s): fetching from the beginning", desk, error)
                return await self._page(desk, "", token)
            raise

    async def _take(self, desk: str, entry: Mapping[str, Any], fresh_only: bool) -> None:
        """`fresh_only`: nothing was ever fetched here, and older messages are from before."""
        try:
            if desk_of(entry) == desk:
                await self._give(entry, fresh_only)
        except StoreUnavailable:
            raise
        except Exception as error:  # an entry that we stumble over must not stop all that come after it
            logger.error("an entry of WeCom was not taken: %s", origin(error))

    async def _give(self, entry: Mapping[str, Any], fresh_only: bool) -> None:
        what, hands = understood(entry), self._hands
        if isinstance(what, Push):
            await self._said(what, fresh_only)
        elif isinstance(what, Entered):
            await hands.places.note(what.customer, what.desk)
            hands.welcome(what)
        elif isinstance(what, Changed):
            await hands.places.note(what.customer, what.desk)
            await hands.desk.changed(what.customer, what.change)
        elif isinstance(what, Bounced):
            messages = await hands.bounced(what.identity)
            if messages:
                logger.warning("a message did not reach a customer (fail_type %s), it is kept", what.why)
                await hands.taking.keep(what.customer, messages)

    async def _said(self, push: Push, fresh_only: bool) -> None:
        age = time.time() - push.created
        if fresh_only and age > FIRST_SECONDS:
            return
        stale = age > STALE_SECONDS
        await self._hands.places.note(push.openid, push.account)
        if not stale:
            await self._hands.taking.take(push)
        elif await self._store.add(f"{self._prefix}:missed:{push.openid}", "", STALE_SECONDS):
            await self._hands.taking.take(push, missed=True)  # once, however much the customer wrote

    def _rung_key(self, desk: str) -> str:
        return f"{self._prefix}:rung:{desk}"

    def _first_key(self, desk: str) -> str:
        return f"{self._prefix}:first:{desk}"

    def _cursor_key(self, desk: str) -> str:
        return f"{self._prefix}:cursor:{desk}"
