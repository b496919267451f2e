"""From an answer to the customer's phone: exactly one of passive reply and push, and nothing lost on the way."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from addons.channels.answers import Answer, Message, apologise
from addons.channels.wechat_compose import Pushed, Words, is_transfer, passive, pressable, pushes
from addons.channels.wechat_followers import Follower
from addons.channels.wechat_lists import Lists
from addons.channels.wechat_menu import WECHAT, Menu, MenuSize
from addons.channels.wechat_outbox import Outbox
from addons.channels.wechat_owed import Owed, OwedAnswers
from addons.channels.wechat_parse import Push
from addons.channels.wechat_reply import NOTHING, Reply, TextReply
from addons.channels.wechat_routes import Routes
from addons.channels.wording import say
from addons.stores.store import StoreUnavailable

MOST_PUSHES = 5
UNCLAIMED_SECONDS = 16.0  # in which WeChat comes again for a reply that did not get through

logger = logging.getLogger(__name__)

Seal = Callable[[Reply], str]
"""Body of the HTTP response to a push that carries this reply."""
Transfer = Callable[[str, str], Awaitable[bool]]
"""(openid, language): connect a customer with the account's desk by the API; False when nobody is there."""
Owns = Callable[[str, str], Awaitable[bool]]
"""(openid, owner): whether that customer has bound the openid at this moment."""


@dataclass(frozen=True)
class Abilities:
    """What the kind of account can do."""

    passive: bool = True
    push: bool = True
    menu: MenuSize | None = WECHAT
    articles: bool = True


@dataclass(eq=False)
class Work:
    """A push that is being answered in this process.

    `body` is the HTTP response, as soon as it is decided; `waiting` counts the connections of WeChat that wait for it
    and `taken` tells that one of them got it. `until`: when they are answered at the latest (time.monotonic).
    `replied`: what the passive reply says. `missed`: it came too late to be carried out. `held`: a person had the
    customer when it was said.
    """

    push: Push
    seal: Seal | None
    until: float
    body: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    follower: Follower | None = None
    waiting: int = 0
    taken: bool = False
    answered: bool = False
    replied: tuple[Message, ...] = ()
    missed: bool = False
    held: bool = False

    def respond(self, body: str) -> None:
        """Decide what WeChat hears; only the first decision counts."""
        if not self.body.done():
            self.body.set_result(body)

    @property
    def in_time(self) -> bool:
        """Whether WeChat still waits for a passive reply."""
        return self.waiting > 0 and not self.body.done() and time.monotonic() < self.until


@dataclass(frozen=True)
class Delivery:
    """Of one account. Every method but `deliver` may raise StoreUnavailable, before anything is pushed."""

    routes: Routes
    owed: OwedAnswers
    outbox: Outbox
    lists: Lists
    can: Abilities
    transfer: Transfer
    owns: Owns

    async def deliver(self, work: Work, answer: Answer) -> None:
        """Bring an answer of this process's turn to the customer; a second one of the same turn is pushed."""
        first, work.answered = not work.answered, True
        messages = answer.messages
        try:
            messages = await self._with_kept(work, messages)
            if not messages:
                return await self.nothing(work)
            await self._deliver(work, messages, first)
        except StoreUnavailable as error:
            logger.warning("an answer is delivered as well as it can be, store unavailable: %s", error)
            self._without_store(work, messages, first)

    async def _deliver(self, work: Work, messages: tuple[Message, ...], first: bool) -> None:
        assert work.follower is not None, "known before the turn began"
        openid, conversation = work.push.openid, work.follower.conversation.id
        words = Words(work.follower.language, await self.lists.countable(conversation, pressable(messages)))
        if first and await self._as_menu(work, messages, words):
            return
        if first and await self._passively(work, messages, words):
            return
        owed = Owed(openid, conversation, Answer(messages), work.follower.owner)
        await self.owed.record(work.push.key, owed)
        await self.routes.to_push(work.push.key)
        work.respond(NOTHING)
        await self._push(owed, words, work.push.key if first else _late(work.push.key))
        await self.owed.settle(work.push.key)

    def _without_store(self, work: Work, messages: tuple[Message, ...], first: bool) -> None:
        """Nothing has been pushed: on the push's own connection, or as soon as there is a store again."""
        assert work.follower is not None, "known before the turn began"
        openid, reply = work.push.openid, None
        if first and work.in_time and work.seal is not None and (self.can.passive or is_transfer(messages)):
            made = passive(messages, Words(work.follower.language, countable=False))
            reply, messages = work.seal(made.reply), made.rest
        if messages:
            owed = Owed(openid, work.follower.conversation.id, Answer(messages), work.follower.owner)
            self.owed.postpone(owed, _late(work.push.key))
        work.respond(reply or NOTHING)

    async def nothing(self, work: Work) -> None:
        """There is nothing to say."""
        await self.routes.to_push(work.push.key)
        await self.owed.settle(work.push.key)
        work.respond(NOTHING)

    async def miss(self, work: Work) -> None:
        """WeChat is answered now, although there is no answer yet."""
        conversation = work.follower.conversation.id if work.follower else ""
        if not work.answered:
            await self.owed.record(work.push.key, Owed(work.push.openid, conversation, None))
        if await self.routes.to_push(work.push.key):
            return work.respond(NOTHING)
        if not work.answered:
            await self.owed.settle(work.push.key)
        work.respond(await self.routes.passive_body(work.push.key) or NOTHING)

    async def give_up(self, work: Work) -> None:
        """The same for an account that cannot push: the customer is told to ask for the answer."""
        if work.seal is None:
            return work.respond(NOTHING)
        body = work.seal(TextReply(say("wechat.wait", work.follower.language if work.follower else "zh")))
        await self.routes.to_passive(work.push.key, body)
        work.respond(await self.routes.passive_body(work.push.key) or NOTHING)

    async def reclaim(self, work: Work) -> None:
        """The connection broke before the passive reply was on it: push, unless WeChat comes for it again."""
        await asyncio.sleep(UNCLAIMED_SECONDS)
        body = work.body.result()
        if work.taken or not await self.routes.not_given(work.push.key, body):
            return
        assert work.follower is not None, "there was an answer"
        owed = Owed(work.push.openid, work.follower.conversation.id, Answer(work.replied), work.follower.owner)
        await self.pay(owed, work.push.key)

    async def pay(self, owed: Owed, key: str) -> None:
        """Push what a process owed for a push that is no more; under its key, should it have been pushed already."""
        reference, answer = key, owed.answer
        if answer is None:
            reference = _late(key)
            answer = apologise("the process ended in the middle of a turn", "wechat.interrupted")
        await self.tell(replace(owed, answer=answer), reference)

    async def tell(self, owed: Owed, reference: str, language: str = "zh") -> None:
        """Push, or keep, what answers no message of this moment. `reference`: unique, the same when it is repeated."""
        messages = owed.answer.messages if owed.answer else ()
        if owed.owner and messages and not await self.owns(owed.openid, owed.owner):
            await self.owed.keep(owed.openid, owed.owner, messages)
        elif messages:
            words = Words(language, await self.lists.countable(owed.conversation, pressable(messages)))
            await self._push(owed, words, reference)

    async def _as_menu(self, work: Work, messages: tuple[Message, ...], words: Words) -> bool:
        """Push an answer with buttons as a menu; if WeChat takes nothing of it, there is time for a list still."""
        if not (work.in_time and self.can.menu and pressable(messages)) or is_transfer(messages):
            return False
        room = min(await self.outbox.room(work.push.openid), MOST_PUSHES)
        made = pushes(messages, words, self.can.menu, self.can.articles, room)
        if not 0 < len(made) <= room or not _has_menu(made):
            return False
        assert work.follower is not None, "known before the turn began"
        owner = work.follower.owner
        owed = Owed(work.push.openid, work.follower.conversation.id, Answer(messages), owner)
        await self.owed.record(work.push.key, owed)
        if not await self.routes.to_push(work.push.key):
            return False
        await self.lists.forget(work.push.openid)
        rest = await self.outbox.push(work.push.openid, made, work.push.key)
        # A push whose confirmation was lost may be on the phone: a passive reply would be the second answer.
        in_vain = not rest.sent and not rest.unsure
        if not (in_vain and await self._passively(work, messages, words, pushed_in_vain=True)):
            await self.outbox.keep(work.push.openid, owner, rest.messages)
        await self.owed.settle(work.push.key)
        work.respond(NOTHING)
        return True

    async def _passively(
        self, work: Work, messages: tuple[Message, ...], words: Words, pushed_in_vain: bool = False
    ) -> bool:
        if not work.in_time or work.seal is None or not (self.can.passive or is_transfer(messages)):
            return False
        made = passive(messages, words)
        if made.rest and not pushed_in_vain and await self.outbox.room(work.push.openid) > len(made.rest):
            return False
        openid, body = work.push.openid, work.seal(made.reply)
        await self.lists.remember(openid, made.offered, words.countable)
        work.replied = messages
        if not await self.routes.to_passive(work.push.key, body, pushed_in_vain):
            return False
        await self.owed.keep(openid, work.follower.owner if work.follower else "", made.rest)
        work.respond(body)
        return True

    async def _push(self, owed: Owed, words: Words, reference: str) -> None:
        openid, messages = owed.openid, owed.answer.messages if owed.answer else ()
        if is_transfer(messages):
            if await self.transfer(openid, words.language):
                return
            messages = (Message(say("wechat.desk_empty", words.language)),)
        room = min(await self.outbox.room(openid), MOST_PUSHES)
        made: list[Pushed] = pushes(messages, words, self.can.menu, self.can.articles, room or MOST_PUSHES)
        offered = () if _has_menu(made) else pressable(messages)
        await self.lists.remember(openid, offered, words.countable)
        await self.outbox.push_or_keep(openid, owed.owner, made, reference)

    async def _with_kept(self, work: Work, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """What could not be given before comes first."""
        if is_transfer(messages) or work.missed:  # a push that somebody recorded must not fetch it
            return messages
        assert work.follower is not None, "known before the turn began"
        earlier = await self._kept(work.push.openid, "")
        if work.follower.owner:
            earlier += await self._kept(work.push.openid, work.follower.owner)
        return (Message(say("wechat.kept", work.follower.language)), *earlier, *messages) if earlier else messages

    async def _kept(self, openid: str, owner: str) -> tuple[Message, ...]:
        """What was kept for an owner, if the openid is theirs still."""
        if not await self.owed.keeps(openid, owner) or (owner and not await self.owns(openid, owner)):
            return ()
        return await self.owed.take_kept(openid, owner)


def _late(key: str) -> str:
    """Reference of what comes after the answer to a push, or in its place."""
    return f"{key}.late"


def _has_menu(made: list[Pushed]) -> bool:
    """Whether the buttons can be touched; otherwise they stand in a list."""
    return any(isinstance(message, Menu) for message in made)
