"""What the screen of a follower's phone shows, in order, and how each thing came there."""

import asyncio
import contextlib
import time
from dataclasses import asdict, dataclass, field
from typing import Any

FAILURE = "该公众号提供的服务出现故障，请稍后再试"
"""What a follower reads when nothing usable came back."""

HOW = ("customer", "passive", "push", "template", "agent", "error", "notice")


@dataclass(frozen=True)
class Shown:
    """`at` is seconds since 1970 by the account's clock; `data` is the content of all that is not text."""

    seq: int
    at: float
    how: str
    kind: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    message_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Phone:
    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self._changed = asyncio.Event()

    def show(
        self,
        at: float,
        how: str,
        kind: str,
        text: str,
        data: dict[str, Any] | None = None,
        message_id: str | None = None,
    ) -> Shown:
        item = Shown(len(self.shown) + 1, at, how, kind, text, data or {}, message_id)
        self.shown.append(item)
        self._changed.set()
        self._changed = asyncio.Event()
        return item

    async def after(self, seq: int, wait: float = 0.0) -> list[Shown]:
        """What came after `seq`; waits up to `wait` seconds of real time for the first of it."""
        deadline = time.monotonic() + wait
        while len(self.shown) <= seq and (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)
        return self.shown[seq:]

    def menu_choice(self, label: str) -> str | None:
        """Id of the newest choice of this label among the `msgmenu` messages on the screen."""
        for item in reversed(self.shown):
            for choice in item.data.get("list", []) if item.kind == "msgmenu" else []:
                if choice["content"] == label:
                    return str(choice["id"])
        return None
