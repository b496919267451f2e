"""What the in-memory bank keeps of a customer's transfers: schedules, their runs, recalls, typed numbers, the limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from banking.transfers import PaidPayee, TransferRecord


@dataclass
class Schedule:
    """A scheduled transfer; without `next_on` nothing is to come."""

    id: str
    account_id: str
    payee_id: str
    amount_fen: int
    repeats: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A full account number; `owner` is the name and `owned` whether it is the customer's own, at our bank only."""

    number: str
    bank: str | None
    owner: str | None
    owned: bool


@dataclass
class TransferBook:
    """Of one customer."""

    daily_fen: int | None = None
    schedules: dict[str, Schedule] = field(default_factory=dict)
    failed: list[TransferRecord] = field(default_factory=list)
    made: list[TransferRecord] = field(default_factory=list)
    recalls: dict[str, str] = field(default_factory=dict)
    typed: dict[str, TypedNumber] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    """Full number by payee id, for payees that were added."""


def seed_book(book: TransferBook, now: datetime) -> None:
    """张伟's scheduled transfer of three days ago, for which account 1122 did not hold enough."""
    zone = ZoneInfo("Asia/Shanghai")
    due_on = now.astimezone(zone).date() - timedelta(days=3)
    failed = TransferRecord(
        id=f"st_seeded.{due_on}",
        state="failed",
        at=datetime.combine(due_on, time(9), zone),
        amount_fen=5_000_00,
        payee=PaidPayee("王强", "建设银行", "7788"),
        account_tail="1122",
        receipt_no=None,
        arrives_on=None,
        recall_no=None,
        failure="insufficient_funds",
        scheduled_for=due_on,
    )
    book.failed.append(failed)
