"""Credit cards at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class RepayCreditCard(Order):
    """Pay back what a credit card owes. Refused: NotPossible nothing_owed, above_debt, and those of a transfer."""

    kind: ClassVar[str] = "repay_credit_card"
    account_id: str
    from_account_id: str
    amount_fen: int
