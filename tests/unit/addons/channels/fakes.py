"""Fakes for the channels: a core bank that knows codes and numbers, and a Rasa that answers what it is told to."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from addons.channels.core_client import CodeOutcome, CoreUnavailable
from chinese.digit_groups import is_luhn

KEY = "A" * 43


class FakeCore:
    """Awaits `code`, if it is set; `down` makes it unreachable. Remembers what was handed in."""

    def __init__(self) -> None:
        self.code: str | None = None
        self.outcome: CodeOutcome | None = None
        self.down = False
        self.submitted: list[str] = []
        self.held: list[str] = []

    async def submit_code(self, session: str, code: str) -> CodeOutcome:
        self.submitted.append(code)
        if self.down:
            raise CoreUnavailable("refused")
        if self.outcome is not None:
            return self.outcome
        if self.code is None:
            return CodeOutcome.NOT_AWAITED
        if len(code) != 6 or not code.isdigit():
            return CodeOutcome.MALFORMED
        if code != self.code:
            return CodeOutcome.WRONG
        self.code = None
        return CodeOutcome.ACCEPTED

    async def hold_number(self, session: str, number: str) -> str | None:
        if self.down:
            raise CoreUnavailable("refused")
        self.held.append(number)
        return "an_reference" if is_luhn(number) else None


class FakeRasa:
    """`on_new_message` that records messages and says `answer` (messages as for OutputChannel.send_response)."""

    def __init__(self) -> None:
        self.seen: list[UserMessage] = []
        self.answer: list[dict[str, Any]] = [{"text": "好的"}]
        self.before: Callable[[UserMessage], Awaitable[None]] | None = None

    async def __call__(self, message: UserMessage) -> None:
        self.seen.append(message)
        if self.before is not None:
            await self.before(message)
        await asyncio.sleep(0)
        for said in self.answer:
            await message.output_channel.send_response(message.sender_id, dict(said))

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.seen]


class Held:
    """Rasa, held back once it has been `asked`, until `go_on`."""

    def __init__(self, rasa: FakeRasa) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        rasa.before = self._wait

    async def _wait(self, message: UserMessage) -> None:
        self.asked.set()
        await self.go_on.wait()


async def until(holds: Callable[[], object]) -> None:
    """Wait for what must come, however busy the machine is."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)


async def stop(*tasks: asyncio.Future[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
