"""A customer's message on the web: taken at once, answered over the sockets."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from addons.channels.answers import Answer, origin
from addons.channels.exchange import Exchange, Reader
from addons.channels.inbound import BUTTON_EXPIRED, RawMessage
from addons.channels.turns import Turn
from addons.channels.web_events import Said
from addons.channels.web_limits import IN_FLIGHT
from addons.channels.web_log import own_item
from addons.channels.web_push import Push
from addons.channels.web_sessions import Visit, WebSessions
from addons.channels.wording import say
from addons.stores.store import Store, StoreUnavailable

SLOW_SECONDS = 3.0
PENDING_SECONDS = 60.0  # a turn is answered, or apologised for, before

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Pages:
    """The pages of a conversation, as the listener of one turn (turns.Listener)."""

    push: Push
    conversation: str
    said: Said

    async def heard(self, text: str) -> None:
        """Show the customer's words, which stand for the bubble that the page drew itself."""
        await self.push.item(self.conversation, own_item(text, self.said.id))
        if self.said.press is not None:
            await self.push.to_conversation(self.conversation, "spent", {"buttons": [self.said.press]})

    async def answered(self, answer: Answer) -> None:
        """Show the answer."""
        spent = list(answer.spent)
        if answer.refusal == BUTTON_EXPIRED and self.said.press is not None:
            spent.append(self.said.press)
        if spent:
            await self.push.to_conversation(self.conversation, "spent", {"buttons": spent})
        await self.push.messages(self.conversation, answer.messages, self.said.id)

    async def late(self, answer: Answer) -> None:
        """Show the answer of a turn that was given up waiting for."""
        await self.answered(answer)


class WebTurns:
    """Takes messages of pages. Turns live on when the page that sent them is closed."""

    def __init__(self, exchange: Exchange, push: Push, sessions: WebSessions, store: Store) -> None:
        self._exchange, self._push, self._sessions, self._store = exchange, push, sessions, store
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, said: Said, visit: Visit, reader: Reader | None) -> bool:
        """Take a message; False when too many of the conversation are in flight. The answer comes over the sockets."""
        raw = RawMessage(text=said.text, press=said.press, message_id=said.id)
        pages = _Pages(self._push, visit.conversation.id, said)
        turn = await self._exchange.begin(raw, visit.conversation, reader, pages)
        if turn.busy:
            return False
        self._spawn(self._attend(turn, said.id, visit))
        return True

    async def pending(self, conversation: str) -> list[str]:
        """Ids of the messages that are being worked on. Raises StoreUnavailable."""
        held = [await self._store.get(key) for key in _places(conversation)]
        return [message for message in held if message is not None]

    async def _attend(self, turn: Turn, message: str, visit: Visit) -> None:
        """Typing, a word when it takes long, and the end of the turn."""
        conversation = visit.conversation.id
        slow: asyncio.Task[None] | None = None
        try:
            await self._note_pending(conversation, message)
            await self._push.to_conversation(conversation, "typing", {"on": True, "reply_to": message})
            slow = asyncio.ensure_future(self._say_slow(conversation, message, visit.conversation.manner.language))
            answer = await turn.answer()
        finally:
            if slow is not None:
                slow.cancel()
            await self._forget_pending(conversation, message)
        await self._push.to_conversation(conversation, "typing", {"on": False, "reply_to": message})
        await self._push.to_conversation(conversation, "turn", _end_of(answer, message))
        if visit.customer is not None and _sign_in_is_over(answer):
            await self._sessions.end(visit)
            await self._push.drop(visit.device, "signed_out", {"text": say("web.signed_out")})

    async def _say_slow(self, conversation: str, message: str, language: str) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        await self._push.to_conversation(conversation, "slow", {"reply_to": message, "text": say("web.slow", language)})

    async def _note_pending(self, conversation: str, message: str) -> None:
        try:
            for key in _places(conversation):
                if await self._store.add(key, message, PENDING_SECONDS):
                    return
        except StoreUnavailable as error:
            logger.warning("a message is not marked as pending: %s", error)

    async def _forget_pending(self, conversation: str, message: str) -> None:
        try:
            for key in _places(conversation):
                if await self._store.get(key) == message:
                    await self._store.delete(key)
        except StoreUnavailable as error:
            logger.warning("a message stays marked as pending for a minute: %s", error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a turn was not followed to its end: %s", origin(error))


def _sign_in_is_over(answer: Answer) -> bool:
    """Whether the core took the session for over: the bot asks a customer who is signed in to sign in."""
    asked = any((message.carried.get("custom") or {}).get("type") == "sign_in" for message in answer.messages)
    return asked or answer.refusal == "session_expired"


def _end_of(answer: Answer, message: str) -> dict[str, Any]:
    told = {"incident": answer.incident, "refusal": answer.refusal, "reading": answer.reading}
    return {"reply_to": message, **{key: held for key, held in told.items() if held is not None}}


def _places(conversation: str) -> list[str]:
    return [f"web:pending:{conversation}:{number}" for number in range(IN_FLIGHT)]
