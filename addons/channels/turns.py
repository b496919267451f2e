"""Turns of a conversation: each message once, in order, detached from its request, never without an answer.

What holds between the Rasa processes is in the store: the order (a lock), the messages that were taken (a claim, then
the answer), the places of those in flight. Claims and places are leases: a process that dies blocks nothing for long,
and its message may then run again, because the core bank alone decides that money is posted once.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from addons.channels.answers import Answer, Message, apologise, origin, packed, unpacked
from addons.channels.wording import say
from addons.stores.local_locks import LocalLocks
from addons.stores.patience import patiently
from addons.stores.renewal import renewed
from addons.stores.store import Store, StoreUnavailable

BUDGET_SECONDS = 30.0
LEASE_SECONDS = 20.0  # shorter than the budget, so that a repeat outlives the claim of a dead process
POLL_SECONDS = 0.2
MOST_IN_FLIGHT = 3  # the running message and those that wait
REMEMBERED_SECONDS = 600.0
LATE_SECONDS = 8 * 3600.0
BUSY = "busy"
_CLAIM = "claim "

Job = Callable[[], Awaitable[Answer]]
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """A channel that delivers by itself. Calls come in the order of the conversation, one turn's after another's.

    An exception raised here is logged and changes nothing.
    """

    async def heard(self, text: str) -> None:
        """The turn begins; `text` is what the customer said as it may be shown and kept.

        Not called when there is nothing to show: no text, no button that is known.
        """

    async def answered(self, answer: Answer) -> None:
        """The answer, or the apology of a turn over its budget (which may not have begun). The caller gets it too."""

    async def late(self, answer: Answer) -> None:
        """The answer of a turn after the apology for its budget."""


@dataclass(eq=False)
class Turn:
    """A message that was taken, or refused because too many are in flight (`busy`)."""

    conversation: str
    job: Job
    listener: Listener | None
    message: str | None
    told: "asyncio.Future[Answer]"
    claim: str = field(default_factory=lambda: _CLAIM + secrets.token_hex(8))
    held: set[str] = field(default_factory=set)
    timer: asyncio.TimerHandle | None = None
    apology: "asyncio.Task[None] | None" = None
    admission: "asyncio.Task[None] | None" = None

    @property
    def busy(self) -> bool:
        """Whether it was refused; it can be sent again."""
        return self.told.done() and self.told.result().refusal == BUSY

    async def answer(self) -> Answer:
        """Its answer, as soon as there is one. Cancelling the caller does not cancel the turn."""
        return await asyncio.shield(self.told)


class TurnQueue:
    """Runs the turns that this process takes."""

    def __init__(self, store: Store, budget: float = BUDGET_SECONDS, lease: float = LEASE_SECONDS) -> None:
        self._store, self._budget, self._lease = store, budget, lease
        self._doors, self._lines = LocalLocks(), LocalLocks()
        # Strong references: the loop keeps weak ones only, and a client that hangs up drops its own.
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[str, Turn] = {}

    async def begin(
        self, conversation: str, message_id: str | None, job: Job, listener: Listener | None = None
    ) -> Turn:
        """Take a message; `job` runs after the conversation's earlier turns. Returns before that.

        The same message id joins the running turn, of whichever process, or gets its answer again for ten minutes. With
        three messages in flight a further one is refused and not remembered, so that it can be sent again.
        """
        message = f"message:{conversation}:{_digest(message_id)}" if message_id else None
        turn = self._running.get(message) if message else None
        if turn is None:
            loop = asyncio.get_running_loop()
            turn = Turn(conversation, job, listener, message, loop.create_future())
            if message:
                self._running[message] = turn
            turn.timer = loop.call_later(self._budget, self._over_budget, turn)
            turn.admission = self._spawn(self._admit(turn))
        assert turn.admission is not None, "set when the turn was made"
        await asyncio.shield(turn.admission)
        return turn

    async def forget(self, conversation: str) -> None:
        """Drop what a conversation that is over would have been told next. Raises StoreUnavailable."""
        await self._store.delete(_late_key(conversation))

    async def _admit(self, turn: Turn) -> None:
        """Claim the message and a place and set the turn going, in the order of arrival."""
        try:
            async with self._doors.of(turn.conversation):
                if turn.message and not await self._acquire(turn, turn.message):
                    self._spawn(self._follow(turn, turn.message))
                elif await self._take_place(turn):
                    self._spawn(self._work(turn))
                else:
                    await self._release(turn)
                    self._settle(turn, Answer((Message(say("busy")),), refusal=BUSY))
                    self._running.pop(turn.message or "", None)
        except StoreUnavailable as error:
            self._settle(turn, apologise(f"message not taken, store unavailable: {error}"))
            self._running.pop(turn.message or "", None)

    async def _acquire(self, turn: Turn, key: str) -> bool:
        if not await self._store.add(key, turn.claim, self._lease):
            return False
        turn.held.add(key)
        return True

    async def _take_place(self, turn: Turn) -> bool:
        for number in range(MOST_IN_FLIGHT):
            if await self._acquire(turn, f"place:{turn.conversation}:{number}"):
                return True
        return False

    async def _renew(self, turn: Turn) -> bool:
        for key in tuple(turn.held):
            # What was given back in this very moment is not lost.
            if not await self._store.replace(key, turn.claim, turn.claim, self._lease) and key in turn.held:
                return False
        return True

    async def _release(self, turn: Turn, but: str | None = None) -> None:
        given_back = turn.held - {but}
        turn.held -= given_back
        await self._unless_down(self._store.delete(*given_back), None)

    async def _follow(self, turn: Turn, message: str) -> None:
        """The message is another process's, or was: wait for its answer, or take over what a dead process left."""
        try:
            while not turn.told.done():
                held = await self._store.get(message)
                if held is None:
                    return await self._admit(turn)
                if not held.startswith(_CLAIM):
                    self._settle(turn, unpacked(held))
                    break
                await asyncio.sleep(POLL_SECONDS)
        except StoreUnavailable as error:
            self._settle(turn, apologise(f"repeated message, store unavailable: {error}"))
        self._running.pop(message, None)

    async def _work(self, turn: Turn) -> None:
        try:
            async with renewed(lambda: self._renew(turn), self._lease), self._order(turn.conversation):
                await self._tell(turn, await _run(turn.job))
        except StoreUnavailable as error:
            self._settle(turn, apologise(f"no lock, store unavailable: {error}"))
        except Exception as error:  # a fault of ours; the customer must hear something all the same
            self._settle(turn, apologise(origin(error)))
        finally:
            self._running.pop(turn.message or "", None)

    @asynccontextmanager
    async def _order(self, conversation: str) -> AsyncIterator[None]:
        """The conversation's lock. A store that hesitates is waited for: nothing of the turn has been done yet."""
        async with self._lines.of(conversation), AsyncExitStack() as stack:
            lock = partial(self._store.lock, f"turn:{conversation}", self._lease)
            await patiently(lambda: stack.enter_async_context(lock()))
            yield

    async def _tell(self, turn: Turn, answer: Answer) -> None:
        """Inside the turn, so that nobody hears of the next one first."""
        assert turn.timer is not None, "set when the turn was made"
        turn.timer.cancel()
        await self._release(turn, but=turn.message)
        if turn.apology is not None:
            await turn.apology
            await self._tell_late(turn, answer)
        else:
            if not answer.refusal:
                answer = replace(answer, messages=await self._late(turn.conversation) + answer.messages)
            if turn.listener is not None:
                await listened(turn.listener.answered(answer))
            self._settle(turn, answer)
        if turn.message:
            turn.held.clear()
            kept = self._store.set(turn.message, packed(turn.told.result()), REMEMBERED_SECONDS)
            await self._unless_down(kept, None)

    def _settle(self, turn: Turn, answer: Answer) -> None:
        if turn.timer is not None:
            turn.timer.cancel()
        if not turn.told.done():
            turn.told.set_result(answer)

    def _over_budget(self, turn: Turn) -> None:
        turn.apology = self._spawn(self._apologise(turn))

    async def _apologise(self, turn: Turn) -> None:
        ours = turn.listener if turn.held else None
        answer = apologise("turn over its time budget", "still_working_pushed" if ours else "still_working")
        if ours is not None:
            await listened(ours.answered(answer))
        if not turn.told.done():
            turn.told.set_result(answer)

    async def _tell_late(self, turn: Turn, answer: Answer) -> None:
        """By the listener; without one the customer's next answer brings it."""
        if turn.listener is not None:
            return await listened(turn.listener.late(answer))
        messages = await self._late(turn.conversation) + answer.messages
        kept = self._store.set(_late_key(turn.conversation), packed(Answer(messages)), LATE_SECONDS)
        await self._unless_down(kept, None)

    async def _late(self, conversation: str) -> tuple[Message, ...]:
        held = await self._unless_down(self._store.take(_late_key(conversation)), None)
        return unpacked(held).messages if held else ()

    async def _unless_down(self, call: Awaitable[Result], otherwise: Result) -> Result:
        """For what is not worth the answer: leases end by themselves, and an answer forgotten runs again."""
        try:
            return await call
        except StoreUnavailable as error:
            logger.warning("store unavailable at the end of a turn: %s", error)
            return otherwise

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _run(job: Job) -> Answer:
    try:
        return await job()
    except Exception as error:  # whatever went wrong, the customer must hear something
        return apologise(origin(error))


async def listened(call: Awaitable[None]) -> None:
    """Await what a listener does; its faults are its own."""
    try:
        await call
    except Exception as error:
        logger.error("an answer was not delivered: %s", origin(error))


def _late_key(conversation: str) -> str:
    return f"late:{conversation}"


def _digest(text: str) -> str:
    """Of what a client sent, which may hold what no key can."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
