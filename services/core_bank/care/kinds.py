"""The kinds of tickets (data/tickets.yml): who works on them, how long that takes, what is promised.

In the sandbox the clock of the world is the staff: a ticket is received, handled and answered at fixed times after it
was opened, so that the same moment always shows the same progress.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

FILE = Path(__file__).parents[3] / "data" / "tickets.yml"
State = Literal["received", "handling", "answered"]


@dataclass(frozen=True)
class TicketKind:
    """`title` names the matter, `action` what is done when it is reported, `answer` how it ends."""

    title: str
    action: str
    unit: str
    handled_after: timedelta
    answered_after: timedelta
    promised_within: timedelta
    answer: str


@lru_cache(maxsize=1)
def _kinds() -> dict[str, TicketKind]:
    return {name: _kind(**entry) for name, entry in yaml.safe_load(FILE.read_text("utf-8")).items()}


def _kind(title: str, action: str, unit: str, hours: list[float], answer: str) -> TicketKind:
    handled, answered, promised = (timedelta(hours=count) for count in hours)
    return TicketKind(title, action, unit, handled, answered, promised, answer)


def ticket_kind(name: str) -> TicketKind:
    return _kinds()[name]


def state_at(kind: TicketKind, opened_at: datetime, now: datetime) -> State:
    """How far a ticket is."""
    if now >= opened_at + kind.answered_after:
        return "answered"
    return "handling" if now >= opened_at + kind.handled_after else "received"


def notes_at(kind: TicketKind, opened_at: datetime, now: datetime) -> list[tuple[datetime, str]]:
    """What happened so far, oldest first."""
    planned = [
        (opened_at, f"已受理，交{kind.unit}处理。"),
        (opened_at + kind.handled_after, f"{kind.unit}正在处理。"),
        (opened_at + kind.answered_after, kind.answer),
    ]
    return [(moment, text) for moment, text in planned if moment <= now]
