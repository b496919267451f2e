"""Loans at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class LoanProduct:
    """A loan that is offered; `annual_rate` is a decimal fraction as text, the lowest there is."""

    code: str
    name: str
    annual_rate: str
    least_fen: int
    most_fen: int
    months_most: int
    note: str


@dataclass(frozen=True, slots=True)
class LoanPayment:
    """One payment to come."""

    due_on: date
    payment_fen: int
    principal_fen: int
    interest_fen: int
    remaining_fen: int


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan with something owed; `payments` are the next few."""

    account_id: str
    name: str
    principal_fen: int
    annual_rate: str
    method: Literal["equal_payment", "equal_principal"]
    months_left: int
    interest_left_fen: int
    ends_on: date
    payments: tuple[LoanPayment, ...]


@dataclass(frozen=True, slots=True)
class LoanApplication:
    """An application and where it stands."""

    number: str
    product_name: str
    amount_fen: int
    months: int
    purpose: str
    state: Literal["received", "reviewing", "approved", "declined"]
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class ApplyLoan(Order):
    """Apply for a loan; a person calls.

    Refused: AmountInvalid, NotPossible no_such_product, below_minimum, above_maximum, term_too_long,
    purpose_forbidden, already_applied.
    """

    kind: ClassVar[str] = "apply_loan"
    product_code: str
    amount_fen: int
    months: int
    purpose: str


@dataclass(frozen=True, slots=True)
class PrepayLoan(Order):
    """Pay principal back early; the interest on it since the last payment is paid with it.

    Refused: NotPossible nothing_owed, above_debt, below_minimum, payment_due, and what a paying account refuses (as a
    transfer).
    """

    kind: ClassVar[str] = "prepay_loan"
    account_id: str
    from_account_id: str
    amount_fen: int
    effect: Literal["shorter_term", "lower_payment"]


@dataclass(frozen=True, slots=True)
class NegotiateOverdue(Order):
    """Payments cannot be made: have a person call. Needs no code."""

    kind: ClassVar[str] = "negotiate_overdue"
    debt: Literal["mortgage", "credit_card", "any"]


class LoanBank(Protocol):
    """Reading loans."""

    def loan_products(self, session: str | None) -> tuple[LoanProduct, ...]:
        """What is offered, for visitors (None) too."""

    def loans(self, session: str) -> tuple[Loan, ...]:
        """The customer's loans."""

    def loan_applications(self, session: str) -> tuple[LoanApplication, ...]:
        """The customer's applications, newest first."""
