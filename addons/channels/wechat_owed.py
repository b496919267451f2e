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
    """What a process that died owed: an answer, or that there is none (its turn was cut off)."""

    openid: str
    conversation: str
    answer: Answer | None


class OwedAnswers:
    """Of one account. Each process has its own; the others take over what it leaves when it dies.

    `record`, `settle`, `keep` and `take_kept` may raise StoreUnavailable.
    """

    def __init__(self, store: Store, account: str) -> None:
        self._store, self._prefix, self._me = store, f"wechat:{account}", secrets.token_hex(8)
        self._known = False
        self._listed: set[str] = set()

    async def record(self, key: str, owed: Owed) -> None:
        """Before WeChat hears `success`, and again when there is an answer."""
        await self._beat()
        answer = packed(owed.answer) if owed.answer is not None else None
        value = json.dumps({"openid": owed.openid, "conversation": owed.conversation, "answer": answer})
        if key not in self._listed:  # first, lest something is owed that nobody can find
            await self._store.append(self._log(self._me), key, MOST_OWED, OWED_SECONDS)
            self._listed.add(key)
        await self._store.set(self._owed_key(key), value, OWED_SECONDS)

    async def settle(self, key: str) -> None:
        """The customer got it, or it is kept."""
        await self._store.delete(self._owed_key(key))
        self._listed.discard(key)

    async def keep(self, openid: str, messages: tuple[Message, ...]) -> None:
        """For the customer's next message: it cannot be pushed now."""
        key = self._kept_key(openid)
        while messages:
            held = await self._store.get(key)
            before = unpacked(held).messages if held else ()
            value = packed(Answer((*before, *messages)[-MOST_KEPT:]))
            if held is None and await self._store.add(key, value, KEPT_SECONDS):
                return
            if held is not None and await self._store.replace(key, held, value, KEPT_SECONDS):
                return

    async def take_kept(self, openid: str) -> tuple[Message, ...]:
        """What could not be given before."""
        held = await self._store.take(self._kept_key(openid))
        return unpacked(held).messages if held else ()

    async def watch(self, pay: Callable[[Owed, str], Awaitable[None]]) -> None:
        """Say that this process lives, and `pay` what dead ones owe; runs until it is cancelled."""
        while True:
            try:
                await self._beat()
                await self._take_over(pay)
            except StoreUnavailable as error:
                logger.warning("answers owed are not looked after: %s", error)
            except Exception as error:  # the next beat must come
                logger.error("an answer owed was not paid: %s", origin(error))
            await asyncio.sleep(BEAT_SECONDS)

    async def _beat(self) -> None:
        await self._store.set(f"{self._prefix}:alive:{self._me}", "1", ALIVE_SECONDS)
        if not self._known:
            await self._store.append(f"{self._prefix}:owners", self._me, MOST_OWNERS, OWED_SECONDS)
            self._known = True

    async def _take_over(self, pay: Callable[[Owed, str], Awaitable[None]]) -> None:
        for _, owner in await self._store.entries(f"{self._prefix}:owners"):
            if owner != self._me and not await self._store.get(f"{self._prefix}:alive:{owner}"):
                for _, key in await self._store.entries(self._log(owner)):
                    held = await self._store.take(self._owed_key(key))
                    if held is not None:
                        await pay(_read(held), key)
                await self._store.delete(self._log(owner))

    def _owed_key(self, key: str) -> str:
        return f"{self._prefix}:owed:{key}"

    def _kept_key(self, openid: str) -> str:
        return f"{self._prefix}:kept:{openid}"

    def _log(self, owner: str) -> str:
        return f"{self._prefix}:owed-by:{owner}"


def _read(held: str) -> Owed:
    value = json.loads(held)
    answer = unpacked(value["answer"]) if value["answer"] else None
    return Owed(value["openid"], value["conversation"], answer)
