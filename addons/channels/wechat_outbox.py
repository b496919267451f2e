"""Pushing to a customer within the quota; what WeChat does not take is kept for the customer's next message."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from addons.channels.wechat_compose import Pushed, kept
from addons.channels.wechat_outcome import Later, Outcome, Reason, Sent
from addons.channels.wechat_owed import OwedAnswers
from addons.channels.wechat_quota import Quota
from addons.stores.store import StoreUnavailable

logger = logging.getLogger(__name__)

Send = Callable[[str, Pushed, str], Awaitable[Outcome]]
"""(openid, message, reference): the reference is the same when the same message is sent again."""
Notify = Callable[[str], Awaitable[None]]
"""Tell a customer, outside the quota, that something waits for them."""
_SPENT = (Reason.QUOTA_SPENT, Reason.WINDOW_CLOSED)


@dataclass(frozen=True)
class Unsent:
    """What is left of some messages. `unsure`: the first of them may have got there, its confirmation was lost.

    `sent`: how many got there. What WeChat takes in no form or from nobody is neither sent nor left.
    """

    messages: Sequence[Pushed] = ()
    unsure: bool = False
    sent: int = 0


class Outbox:
    """Of one account. Pushing raises nothing: what has gone out has gone out, and the rest is kept."""

    def __init__(self, send: Send, quota: Quota, owed: OwedAnswers, may_push: bool, notify: Notify | None) -> None:
        self._send, self._quota, self._owed = send, quota, owed
        self._may_push, self._notify = may_push, notify

    async def room(self, openid: str) -> int:
        """How many messages could be pushed now. Raises StoreUnavailable."""
        return await self._quota.left(openid) if self._may_push else 0

    async def push(self, openid: str, messages: Sequence[Pushed], reference: str) -> Unsent:
        """Push in order until WeChat takes no more. Returns what is left; it was logged why."""
        sent = 0
        for index, message in enumerate(messages):
            if not await self._allowed(openid):
                return Unsent(messages[index:], sent=sent)
            outcome = await self._send(openid, message, f"{reference}.{index}")
            if isinstance(outcome, Sent):
                sent += 1
                continue
            logger.warning("a message was not pushed: %s", outcome.reason.value)
            if outcome.reason in _SPENT:
                await self._spent(openid)
            if isinstance(outcome, Later):
                return Unsent(messages[index:], outcome.reason is Reason.UNCONFIRMED, sent)
            if outcome.reason is Reason.BAD_OPENID:
                break
        return Unsent(sent=sent)

    async def push_or_keep(self, openid: str, owner: str, messages: Sequence[Pushed], reference: str) -> None:
        """Push, and keep the rest for its owner."""
        await self.keep(openid, owner, (await self.push(openid, messages, reference)).messages)

    async def keep(self, openid: str, owner: str, messages: Sequence[Pushed]) -> None:
        """Keep, and let the customer know of it if the account has a template for that."""
        if messages:
            await self._owed.keep(openid, owner, tuple(map(kept, messages)))
            if self._notify is not None:
                await self._notify(openid)

    async def _allowed(self, openid: str) -> bool:
        try:
            if self._may_push and await self._quota.spend(openid):
                return True
        except StoreUnavailable as error:
            logger.warning("a message is kept, store unavailable: %s", error)
            return False
        logger.warning("a message is kept: nothing may be pushed to the customer now")
        return False

    async def _spent(self, openid: str) -> None:
        with suppress(StoreUnavailable):  # WeChat will say so again
            await self._quota.forget(openid)
