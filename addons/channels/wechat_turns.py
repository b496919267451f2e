"""What a push of WeChat starts: a turn of the bot, an answer of the channel's own, or nothing."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from addons.channels.answers import Answer, Message, apologise, origin
from addons.channels.exchange import Exchange
from addons.channels.inbound import RawMessage
from addons.channels.turns import Turn, TurnQueue
from addons.channels.wechat_compose import TRANSFER, is_transfer
from addons.channels.wechat_delivery import Delivery, Seal, Work
from addons.channels.wechat_desk import Desk
from addons.channels.wechat_followers import Follower, Followers
from addons.channels.wechat_hearing import Said, bare, greeting, is_message, occasion, said, words
from addons.channels.wechat_invitations import Invitations
from addons.channels.wechat_lists import NumberAsked
from addons.channels.wechat_owed import Owed
from addons.channels.wechat_parse import AgentSession, Click, Push, Unsubscribe
from addons.channels.wechat_quota import Quota
from addons.channels.wechat_reply import NOTHING, TextReply
from addons.channels.wording import say
from addons.stores.local_locks import LocalLocks
from addons.stores.store import StoreUnavailable

logger = logging.getLogger(__name__)

REPLY_SECONDS = 4.5  # WeChat closes the connection after five
TYPING_SECONDS = 1.5
CLOSED_SECONDS = 5.5
LAST_ATTEMPT = 3  # of WeChat's, at least


@dataclass(frozen=True)
class _Phone:
    """A follower's phone as the listener of one turn (turns.Listener)."""

    turns: "WeChatTurns"
    work: Work

    async def heard(self, text: str) -> None:
        """The customer sees their own words already."""

    async def answered(self, answer: Answer) -> None:
        """Deliver the answer."""
        await self.turns.deliver(self.work, answer)

    async def late(self, answer: Answer) -> None:
        """Deliver the answer after the apology."""
        await self.turns.deliver(self.work, answer)


class WeChatTurns:
    """Takes the pushes of one account."""

    def __init__(
        self,
        exchange: Exchange,
        queue: TurnQueue,
        followers: Followers,
        delivery: Delivery,
        quota: Quota,
        desk: Desk,
        invitations: Invitations,
        typing: Callable[[str], Awaitable[None]],
        number_asked: NumberAsked,
    ) -> None:
        self._exchange, self._queue, self._followers = exchange, queue, followers
        self._delivery, self._quota, self._desk = delivery, quota, desk
        self._invitations, self._typing, self._number_asked = invitations, typing, number_asked
        self._doors = LocalLocks()
        self._works: dict[str, Work] = {}
        # Strong references: the loop keeps weak ones only, and WeChat hangs up.
        self._tasks: set[asyncio.Future[Any]] = set()

    async def answer(self, push: Push, seal: Seal, received: float, stale: bool = False) -> str:
        """Body of the response to one attempt of WeChat's, at the latest 4.5 s after it was `received` (monotonic).

        `stale`: it may be something old that somebody sends again. The customer is asked to say it once more.
        """
        try:
            work = await self._taken(push, seal, received, stale)
            if work is None:
                return await self._again(push)
        except StoreUnavailable as error:
            logger.error("a push was not taken, store unavailable: %s", error)
            return self._excuse(push, seal, "store_unavailable") or NOTHING
        return await self._wait(work, received)

    def start(self, work: Work) -> None:
        """Answer a message that was fetched; WeChat does not wait for it."""
        self._spawn(self._follow(work))

    async def greeting(self, openid: str, sentence: str) -> Answer:
        """What to tell a customer who has said nothing yet. Raises StoreUnavailable."""
        return await self._invitations.greet(await self._followers.find(openid), sentence)

    async def deliver(self, work: Work, answer: Answer) -> None:
        """Deliver what a turn brought, with a way to bind where the bot asks for a sign-in."""
        assert work.follower is not None, "known before the turn began"
        messages = answer.messages
        try:
            if is_transfer(messages):
                await self._desk.queue(work.push.openid)
            messages = await self._invitations.with_link(work.follower, answer)
        except StoreUnavailable as error:
            logger.warning("an answer goes out as the bot gave it, store unavailable: %s", error)
        await self._delivery.deliver(work, Answer(messages, refusal=answer.refusal))

    async def _taken(self, push: Push, seal: Seal, received: float, stale: bool) -> Work | None:
        """The work on a push that is to be answered; None for one whose answer is decided."""
        # WeChat may hang up while the store is slow: a push that is half taken would earn nothing and stay unanswered.
        taking = asyncio.ensure_future(self._take(push, seal, received, stale))
        self._keep(taking)
        return await asyncio.shield(taking)

    async def _take(self, push: Push, seal: Seal, received: float, stale: bool) -> Work | None:
        async with self._doors.of(push.openid):  # in the order of arrival
            routes = self._delivery.routes
            if await routes.begin(push.key):
                await (self._earn(push) if stale else self._first(push))
            elif not await routes.open(push.key):
                return None
            return self._work(push, seal, received, stale)

    async def _again(self, push: Push) -> str:
        """The same response as before."""
        work = self._works.get(push.key)
        body = await self._delivery.routes.passive_body(push.key)
        if work is not None and body is not None:
            work.taken = True
        return body or NOTHING

    async def _first(self, push: Push) -> None:
        """What a push changes, once, whether it is answered or not."""
        await self._earn(push)
        if isinstance(push, AgentSession):
            await self._desk.changed(push.openid, push.change)
        if isinstance(push, Unsubscribe):
            await self._quota.forget(push.openid)
            await self._delivery.lists.forget(push.openid)
            for owner in ("", await self._followers.leave(push.openid)):
                await self._delivery.owed.take_kept(push.openid, owner)

    async def _earn(self, push: Push) -> None:
        earned = occasion(push)
        if earned is not None:
            await self._quota.earn(push.openid, earned)

    def _work(self, push: Push, seal: Seal, received: float, stale: bool) -> Work:
        work = self._works.get(push.key)
        if work is None:
            work = self._works[push.key] = Work(push, seal, received + REPLY_SECONDS, missed=stale)
            self._spawn(self._follow(work))
        work.until = max(work.until, received + REPLY_SECONDS)
        return work

    async def _wait(self, work: Work, received: float) -> str:
        work.waiting += 1
        given = False
        try:
            await self._until(work, received + TYPING_SECONDS)
            if not work.body.done() and self._delivery.can.push and is_message(work.push):
                self._spawn(self._typing(work.push.openid))
            await self._until(work, received + REPLY_SECONDS)
            excuse = None if work.body.done() else await self._late(work, received)
            given = work.taken = True
            return work.body.result() if work.body.done() else excuse or NOTHING
        finally:
            work.waiting -= 1
            if not given and work.body.done() and work.replied:
                self._spawn(self._delivery.reclaim(work))

    async def _late(self, work: Work, received: float) -> str | None:
        """Decide that there is no answer in time; what to say where even that cannot be decided."""
        try:
            await self._miss(work, received)
        except StoreUnavailable as error:
            incident = apologise(f"an answer will be late, store unavailable: {error}").incident or ""
            return self._excuse(work.push, work.seal, "still_working_pushed", incident=incident)
        return None

    async def _miss(self, work: Work, received: float) -> None:
        """An account without the customer-service API lets WeChat come again, and gives up the last time only."""
        if self._delivery.can.push:
            return await self._delivery.miss(work)
        if await self._delivery.routes.attempts(work.push.key) < LAST_ATTEMPT:
            return await self._until(work, received + CLOSED_SECONDS)
        await self._delivery.give_up(work)

    async def _until(self, work: Work, moment: float) -> None:
        # Never wait_for: it would cancel what it waits for.
        await asyncio.wait({work.body}, timeout=max(0.0, moment - time.monotonic()))

    async def _follow(self, work: Work) -> None:
        """From the push to the end of its turn."""
        try:
            async with self._doors.of(work.push.openid):
                turn = await self._begin(work)
            if turn is None:
                return await self._delivery.nothing(work)
            answer = await turn.answer()
            # Refused (busy), or another process's: that one has delivered it, unless it died in between.
            if not work.answered and (work.seal is None or await self._delivery.routes.open(work.push.key)):
                await self.deliver(work, answer)
        except StoreUnavailable as error:
            logger.error("a push was not answered, store unavailable: %s", error)
            self._respond(work, self._excuse(work.push, work.seal, "store_unavailable"))
        except Exception as error:  # a fault of ours; the customer must hear something all the same
            answer = apologise(origin(error))
            self._respond(work, self._excuse(work.push, work.seal, "apology", incident=answer.incident or ""))
            if work.seal is None and not work.answered:
                await self._delivery.pay(Owed(work.push.openid, "", answer), work.push.key)
                await self._delivery.owed.settle(work.push.key)
        finally:
            work.respond(NOTHING)
            self._works.pop(work.push.key, None)

    def _respond(self, work: Work, body: str | None) -> None:
        if body is not None and work.in_time:
            work.respond(body)

    def _excuse(self, push: Push, seal: Seal | None, sentence: str, **values: str) -> str | None:
        """For when nothing can be decided over all processes."""
        if seal is None or not self._delivery.can.passive or not is_message(push):
            return None
        return seal(TextReply(say(sentence, **values)))

    async def _begin(self, work: Work) -> Turn | None:
        """Take the push into the conversation's queue; None when there is nothing to say to it."""
        heard, sentence = said(work.push), greeting(work.push)
        if heard is None and sentence is None:
            return None
        work.follower = follower = await self._followers.find(work.push.openid)
        if heard is not None:
            return await self._heard(work, follower, heard)
        return await self._own(work, lambda: self._invitations.greet(follower, str(sentence)))

    async def _heard(self, work: Work, follower: Follower, heard: Said) -> Turn | None:
        openid, conversation = follower.openid, follower.conversation
        word = bare(heard.text or "") if heard.press is None else ""
        if word in words("leave_desk") and not work.missed and await self._desk.waits(openid):
            await self._desk.leave(openid)
            return await self._own(work, lambda: _says("wechat.desk_left", follower))
        if await self._desk.silences(openid, work.held):
            return None
        if work.missed:
            return await self._own(work, lambda: _says("wechat.missed", follower))
        if word in words("bind"):
            return await self._own(work, lambda: self._invitations.bind(follower, heard.text or ""))
        if heard.text and (code := await self._invitations.bindings.awaited(openid, heard.text)):
            return await self._own(work, partial(self._invitations.enter, follower, code))
        if word and not isinstance(work.push, Click):
            press = await self._delivery.lists.meant(openid, heard.text or "", conversation, self._number_asked)
            heard = Said(press=press) if press else heard
        desk = self._desk.on and not isinstance(work.push, Click)  # events are never handed over: the desk ignores them
        if desk and await self._desk.waits(openid):
            return await self._own(work, _transfer)
        raw = RawMessage(heard.text, heard.press, work.push.key, desk)
        return await self._exchange.begin(raw, conversation, listener=_Phone(self, work))

    async def _own(self, work: Work, job: Callable[[], Awaitable[Answer]]) -> Turn:
        """An answer of the channel's own, in the conversation's order."""
        assert work.follower is not None, "known before"
        return await self._queue.begin(work.follower.conversation.id, work.push.key, job, _Phone(self, work))

    def _spawn(self, work: "Coroutine[Any, Any, None] | Awaitable[None]") -> None:
        self._keep(asyncio.ensure_future(work))

    def _keep(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a push was not followed to its end: %s", origin(error))


async def _says(sentence: str, follower: Follower) -> Answer:
    return Answer((Message(say(sentence, follower.language)),))


async def _transfer() -> Answer:
    return Answer((TRANSFER,))
