"""The record of one push: every attempt, how long it took and what became of it."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """`outcome`: passive, success, transfer, silent (empty), timeout, unreachable, bad."""

    seconds: float
    outcome: str
    status: int | None = None
    problem: str | None = None


@dataclass
class Delivery:
    """`key` is what a receiver should de-duplicate on: MsgId, or sender and time and event."""

    id: int
    openid: str
    key: str
    fields: dict[str, Any] = field(repr=False)
    attempts: list[Attempt] = field(default_factory=list)
    done: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
