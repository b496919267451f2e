"""Deposits at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class DepositTerm:
    """A term that is offered; `annual_rate` is a decimal fraction as text."""

    months: int
    name: str
    annual_rate: str


@dataclass(frozen=True, slots=True)
class DepositRates:
    """Today's yearly rates; `least_fen` opens a time deposit."""

    demand_rate: str
    notice_rate: str
    least_fen: int
    terms: tuple[DepositTerm, ...]


@dataclass(frozen=True, slots=True)
class TimeDeposit:
    """A customer's time deposit; `interest_fen` is what it brings when it is left to mature."""

    account_id: str
    name: str
    principal_fen: int
    annual_rate: str
    months: int
    opened_on: date
    matures_on: date
    interest_fen: int


@dataclass(frozen=True, slots=True)
class OpenTimeDeposit(Order):
    """Put money into a new time deposit.

    Refused: NotPossible term_unknown, below_minimum, and what a paying account refuses (as a transfer).
    """

    kind: ClassVar[str] = "open_time_deposit"
    from_account_id: str
    amount_fen: int
    months: int


@dataclass(frozen=True, slots=True)
class WithdrawTimeDeposit(Order):
    """Take all or a part of a time deposit out, to a debit account.

    Refused: AmountInvalid, AccountNotFound, NotPossible above_deposit, whole_only (it matured), rest_too_small.
    """

    kind: ClassVar[str] = "withdraw_time_deposit"
    account_id: str
    to_account_id: str
    amount_fen: int


class DepositBank(Protocol):
    """Reading deposits."""

    def deposit_rates(self, session: str | None) -> DepositRates:
        """What is offered, for visitors (None) too."""

    def time_deposits(self, session: str) -> tuple[TimeDeposit, ...]:
        """The customer's time deposits, in the order of the accounts."""
