"""Turns of a conversation: each message once, in order, detached from its request, never without an answer."""

import asyncio
import logging
import secrets
import time
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from addons.channels.wording import say

BUDGET_SECONDS = 30.0
MOST_WAITING = 3
REMEMBERED_SECONDS = 600
MOST_REMEMBERED = 10_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Button:
    """A button as a customer sees it: pressed by `id`, or a link."""

    title: str
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """One bubble. `carried` holds what is neither text nor button: image, attachment, custom."""

    text: str
    buttons: tuple[Button, ...] = ()
    carried: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """All that one message of a customer brings back."""

    messages: tuple[Message, ...]
    reading: dict[str, Any] | None = None
    incident: str | None = None
    refusal: str | None = None


Job = Callable[[], Awaitable[Answer]]


@dataclass
class _Lane:
    """Queue of one conversation: `pending` counts the running turn and those that wait behind it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    pending: int = 0


class TurnQueue:
    """Runs the turns of all conversations of one process."""

    def __init__(self, budget: float = BUDGET_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._budget, self._now = budget, now
        self._lanes: dict[str, _Lane] = {}
        self._late: dict[str, tuple[Message, ...]] = {}
        # Strong references: the loop keeps weak ones only, and a client that hangs up drops its own.
        self._tasks: set[asyncio.Task[Any]] = set()
        self._remembered: OrderedDict[tuple[str, str], tuple[asyncio.Task[Answer], float]] = OrderedDict()

    async def take(self, conversation: str, message_id: str | None, job: Job) -> Answer:
        """Run `job` after the conversation's earlier turns and return its answer.

        The same message id joins the running turn or gets the stored answer again. Behind three waiting messages a
        further one is refused ("busy") and not remembered, so that it can be sent again. Cancelling the caller does not
        cancel the turn.
        """
        key = (conversation, message_id) if message_id else None
        if key is not None and key in self._remembered:
            return await asyncio.shield(self._remembered[key][0])
        lane = self._lanes.setdefault(conversation, _Lane())
        if lane.pending > MOST_WAITING:
            return Answer((Message(say("busy")),), refusal="busy")
        lane.pending += 1
        turn = self._keep(asyncio.ensure_future(self._answer(conversation, lane, job)))
        if key is not None:
            self._remember(key, turn)
        return await asyncio.shield(turn)

    def forget(self, conversation: str) -> None:
        """Drop what a conversation that is over would have been told next."""
        self._late.pop(conversation, None)

    async def _answer(self, conversation: str, lane: _Lane, job: Job) -> Answer:
        work = self._keep(asyncio.ensure_future(self._work(conversation, lane, job)))
        done, _ = await asyncio.wait({work}, timeout=self._budget)
        if not done:
            work.add_done_callback(lambda finished: self._keep_late(conversation, finished))
            return apologise("turn over its time budget", "still_working")
        answer = work.result()
        if answer.refusal:
            return answer
        return replace(answer, messages=self._late.pop(conversation, ()) + answer.messages)

    async def _work(self, conversation: str, lane: _Lane, job: Job) -> Answer:
        try:
            async with lane.lock:
                return await job()
        except Exception as error:  # whatever went wrong, the customer must hear something
            return apologise(_origin(error))
        finally:
            lane.pending -= 1
            if not lane.pending:
                self._lanes.pop(conversation, None)

    def _keep_late(self, conversation: str, finished: "asyncio.Task[Answer]") -> None:
        """A turn that ended after its apology is told with the customer's next answer."""
        if not finished.cancelled():
            self._late[conversation] = self._late.get(conversation, ()) + finished.result().messages

    def _keep(self, task: "asyncio.Task[Answer]") -> "asyncio.Task[Answer]":
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _remember(self, key: tuple[str, str], turn: "asyncio.Task[Answer]") -> None:
        self._remembered[key] = (turn, self._now() + REMEMBERED_SECONDS)
        while self._remembered:
            oldest, (task, expires) = next(iter(self._remembered.items()))
            if not task.done() or (expires > self._now() and len(self._remembered) <= MOST_REMEMBERED):
                break
            del self._remembered[oldest]


def apologise(reason: str, sentence: str = "apology") -> Answer:
    """Apology with an incident id; the log gets the id and the reason, and no word of the customer."""
    incident = secrets.token_hex(4).upper()
    logger.error("incident %s: %s", incident, reason)
    return Answer((Message(say(sentence, incident=incident)),), incident=incident)


def _origin(error: BaseException) -> str:
    """Type and place of an exception; its message may quote the customer."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
