"""Answers that WeChat was promised (`success`) and customers have not got: kept until they have, whoever dies."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from addons.channels.answers import Answer, Message, origin, packed, unpacked
from addons.stores.store import Store, StoreUnavailable

ALIVE_SECONDS, BEAT_SECONDS = 15.0, 4.0
OWED_SECONDS = 24 * 3600.0
KEPT_SECONDS = 7 * 24 * 3600.0
MOST_OWED, MOST_OWNERS, MOST_KEPT = 1000, 50, 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owed:
    """What a process that died owed: an answer, or that there is none (its turn was cut off).

    `owner`: whose it is (Follower.owner).
    """

    openid: str
    conversation: str
    answer: Answer | None
    owner: str = ""


class OwedAnswers:
    """Of one account. Each process has its own; the others take over what it leaves when it dies.

    `record` and `take_kept` may raise StoreUnavailable.
    """

    def __init__(self, store: Store, account: str) -> None:
        self._store, self._prefix, self._me = store, f"wechat:{account}", secrets.token_hex(8)
        self._known = False
        self._listed: set[str] = set()
        # What waits in this process until the store is there again.
        self._postponed: list[tuple[Owed, str]] = []
        self._settled: set[str] = set()

    async def record(self, key: str, owed: Owed) -> None:
        """Before WeChat hears `success`, and again when there is an answer."""
        await self._beat()
        self._settled.discard(key)  # owed anew, before the store could be told that it was settled
        answer = packed(owed.answer) if owed.answer is not None else None
        value = json.dumps({**vars(owed), "answer": answer})
        if key not in self._listed:  # first, lest something is owed that nobody can find
            await self._store.append(self._log(self._me), key, MOST_OWED, OWED_SECONDS)
            self._listed.add(key)
        await self._store.set(self._owed_key(key), value, OWED_SECONDS)

    async def settle(self, key: str) -> None:
        """The customer got it, or it is kept."""
        self._settled.add(key)
        await self._unless_down(self._forget_settled)

    def postpone(self, owed: Owed, key: str) -> None:
        """To be paid by this process as soon as the store is there again."""
        self._postponed.append((owed, key))

    async def keep(self, openid: str, owner: str, messages: tuple[Message, ...]) -> None:
        """For the owner's next message: it cannot be pushed now. Without a store it is pushed when there is one."""
        try:
            await self._keep(self._kept_key(openid, owner), messages)
        except StoreUnavailable as error:
            logger.warning("messages wait in this process, store unavailable: %s", error)
            self.postpone(Owed(openid, "", Answer(messages), owner), f"kept.{secrets.token_hex(8)}")

    async def _keep(self, key: str, messages: tuple[Message, ...]) -> None:
        while messages:
            held = await self._store.get(key)
            before = unpacked(held).messages if held else ()
            value = packed(Answer((*before, *messages)[-MOST_KEPT:]))
            if held is None and await self._store.add(key, value, KEPT_SECONDS):
                return
            if held is not None and await self._store.replace(key, held, value, KEPT_SECONDS):
                return

    async def keeps(self, openid: str, owner: str) -> bool:
        """Whether there is anything that could not be given before."""
        return await self._store.get(self._kept_key(openid, owner)) is not None

    async def take_kept(self, openid: str, owner: str) -> tuple[Message, ...]:
        """What could not be given before."""
        held = await self._store.take(self._kept_key(openid, owner))
        return unpacked(held).messages if held else ()

    async def watch(self, pay: Callable[[Owed, str], Awaitable[None]]) -> None:
        """Say that this process lives, and `pay` what dead ones owe; runs until it is cancelled.

        `pay` may raise StoreUnavailable while nothing is pushed yet; it is called again then.
        """
        # The beat does not wait for payments: whoever skips it is taken for dead.
        await asyncio.gather(self._again_and_again(self._beat), self._again_and_again(lambda: self._look_after(pay)))

    async def _again_and_again(self, job: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._unless_down(job)
            await asyncio.sleep(BEAT_SECONDS)

    async def _unless_down(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except StoreUnavailable as error:
            logger.warning("answers owed are not looked after: %s", error)
        except Exception as error:  # the next beat must come
            logger.error("answers owed are not looked after: %s", origin(error))

    async def _look_after(self, pay: Callable[[Owed, str], Awaitable[None]]) -> None:
        await self._forget_settled()
        while self._postponed:
            await self._pay(pay, *self._postponed.pop(0))
        await self._take_over(pay)

    async def _pay(self, pay: Callable[[Owed, str], Awaitable[None]], owed: Owed, key: str) -> None:
        try:
            await pay(owed, key)
        except StoreUnavailable:
            self.postpone(owed, key)
            raise

    async def _forget_settled(self) -> None:
        for key in tuple(self._settled):
            await self._store.delete(self._owed_key(key))
            self._listed.discard(key)
            self._settled.discard(key)

    async def _beat(self) -> None:
        await self._store.set(f"{self._prefix}:alive:{self._me}", "1", ALIVE_SECONDS)
        if not self._known:
            await self._store.append(f"{self._prefix}:owners", self._me, MOST_OWNERS, OWED_SECONDS)
            self._known = True

    async def _take_over(self, pay: Callable[[Owed, str], Awaitable[None]]) -> None:
        for _, owner in await self._store.entries(f"{self._prefix}:owners"):
            if owner != self._me and not await self._lives(owner):
                for _, key in await self._store.entries(self._log(owner)):
                    if await self._lives(owner):  # it was busy, and answers by itself
                        break
                    held = await self._store.take(self._owed_key(key))
                    if held is not None:
                        await self._pay(pay, _read(held), key)
                else:
                    await self._store.delete(self._log(owner))

    async def _lives(self, owner: str) -> bool:
        return await self._store.get(f"{self._prefix}:alive:{owner}") is not None

    def _owed_key(self, key: str) -> str:
        return f"{self._prefix}:owed:{key}"

    def _kept_key(self, openid: str, owner: str) -> str:
        return f"{self._prefix}:kept:{openid}:{owner}"

    def _log(self, owner: str) -> str:
        return f"{self._prefix}:owed-by:{owner}"


def _read(held: str) -> Owed:
    value = json.loads(held)
    answer = unpacked(value["answer"]) if value["answer"] else None
    return Owed(**{**value, "answer": answer})
