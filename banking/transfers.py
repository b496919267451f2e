"""Transfers beyond the one at once, the address book and the limit at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order

Repeats = Literal["once", "weekly", "monthly"]
TransferState = Literal["done", "review", "failed"]


@dataclass(frozen=True, slots=True)
class PaidPayee:
    """Who was or will be paid; `bank` is "本行" for ours."""

    name: str
    bank: str
    tail: str


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """What became of a transfer to somebody else.

    Done: `receipt_no` and the latest day of arrival. Failed: nothing moved; `failure` is rejected (by the review),
    refused (the customer called it suspicious), locked (wrong codes), expired, or the code of the core's refusal;
    `scheduled_for` is the day of a scheduled one. `recall_no`: its return was asked for.
    """

    id: str
    state: TransferState
    at: datetime
    amount_fen: int
    payee: PaidPayee
    account_tail: str
    receipt_no: str | None
    arrives_on: date | None
    recall_no: str | None
    failure: str | None
    scheduled_for: date | None


@dataclass(frozen=True, slots=True)
class ScheduledTransfer:
    """A transfer to come."""

    id: str
    payee: PaidPayee
    account_tail: str
    amount_fen: int
    repeats: Repeats
    next_on: date


@dataclass(frozen=True, slots=True)
class TransferOwnAccounts(Order):
    """Between two debit accounts of the customer, outside the daily limit.

    Refused: NotPossible same_account, not_a_debit_account, and those of a transfer.
    """

    kind: ClassVar[str] = "transfer_own_accounts"
    from_account_id: str
    to_account_id: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ScheduleTransfer(Order):
    """A transfer on `first_on` (ISO day) and, when it repeats, every week or month from then on.

    Refused: NotPossible day_invalid, day_not_ahead, day_too_far, day_of_month; PayeeNotFound, PayeeUnavailable and what
    the paying account refuses. Funds and limits are looked at on the day.
    """

    kind: ClassVar[str] = "schedule_transfer"
    payee_id: str
    account_id: str
    amount_fen: int
    repeats: str
    first_on: str


@dataclass(frozen=True, slots=True)
class CancelTransfer(Order):
    """Take back a scheduled transfer or a draft in review. Refused: NotPossible nothing_to_cancel."""

    kind: ClassVar[str] = "cancel_transfer"
    transfer_id: str


@dataclass(frozen=True, slots=True)
class ReportWrongTransfer(Order):
    """Have the payee's bank asked to return a transfer. Refused: NotPossible no_such_transfer, already_recalled."""

    kind: ClassVar[str] = "report_wrong_transfer"
    transfer_id: str


@dataclass(frozen=True, slots=True)
class ChangeTransferLimit(Order):
    """Another daily limit; up it is yellow or red. Refused: AmountInvalid, NotPossible above_maximum, same_limit."""

    kind: ClassVar[str] = "change_transfer_limit"
    daily_fen: int


@dataclass(frozen=True, slots=True)
class AddPayee(Order):
    """A payee with the number that the channel handed to the core under this reference.

    Refused: NotPossible number_expired, name_invalid, bank_unknown, account_unknown, own_account, name_mismatch,
    payee_exists, too_many_payees.
    """

    kind: ClassVar[str] = "add_payee"
    number_reference: str
    name: str
    alias: str | None


@dataclass(frozen=True, slots=True)
class RemovePayee(Order):
    """Out of the address book. Refused: PayeeNotFound, NotPossible has_scheduled."""

    kind: ClassVar[str] = "remove_payee"
    payee_id: str


class TransferBank(Protocol):
    """What a core bank knows about transfers."""

    def transfers(self, session: str, limit: int = 10) -> tuple[TransferRecord, ...]:
        """What became of the newest transfers to other people, newest first."""

    def scheduled_transfers(self, session: str) -> tuple[ScheduledTransfer, ...]:
        """Those to come, the next one first."""
