"""Bills and auto debit at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class AutoDebit:
    """An agreement: the biller's bills are debited from this account."""

    account_id: str
    account_tail: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class BillAccount:
    """A saved account at a biller. `number` is masked; `owed_fen` is below zero when paid ahead, None for mobile."""

    id: str
    category: Literal["electricity", "gas", "water", "mobile"]
    biller: str
    number: str
    alias: str
    owed_fen: int | None
    bill_month: date | None
    auto_debit: AutoDebit | None


@dataclass(frozen=True, slots=True)
class PayBill(Order):
    """Pay a bill or top up a mobile number.

    Refused: NotPossible bill_unknown, top_up_amount, above_bill_limit, and those of a transfer but its limit.
    """

    kind: ClassVar[str] = "pay_bill"
    bill_account_id: str
    amount_fen: int
    from_account_id: str


@dataclass(frozen=True, slots=True)
class ManageAutoDebit(Order):
    """Sign an agreement, move it to another account, or cancel it (`account_id` None).

    Refused: NotPossible bill_unknown, not_signed, already_signed, and those of a paying account.
    """

    kind: ClassVar[str] = "manage_auto_debit"
    bill_account_id: str
    on: bool
    account_id: str | None


class LifeBank(Protocol):
    """Reading."""

    def bill_accounts(self, session: str) -> tuple[BillAccount, ...]:
        """Everything saved, in the customer's order."""
