"""Orders of the in-memory bank: what each kind checks, says and does; one class a kind, in its capability's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from banking.memory_world import CustomerRecord
from banking.model import Account, Line, Risk, Transaction
from banking.orders import Order
from banking.port import AccountNotFound

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """The words of an order, and how risky it is."""

    canonical_text: str
    lines: Lines = ()
    risk: Risk = "blue"
    risk_reasons: tuple[str, ...] = ()


class OrderRules(ABC):
    """The rules of one kind of order, the same as the core's."""

    order: ClassVar[type[Order]]
    needs_code: ClassVar[bool] = True

    @abstractmethod
    def propose(self, customer: CustomerRecord, order: Any, now: datetime) -> Offer:
        """Check and word it. Raises BankRefused."""

    @abstractmethod
    def execute(self, customer: CustomerRecord, order: Any, now: datetime) -> Lines:
        """Check again and do it. Returns what to know of the result. Raises BankRefused."""


def own_account(customer: CustomerRecord, account_id: str, kind: str) -> Account:
    """Raises AccountNotFound, also for an account of another kind."""
    account = customer.accounts.get(account_id)
    if account is None or account.kind != kind:
        raise AccountNotFound
    return account


def shown(account: Account) -> str:
    """借记卡（尾号6789）"""
    return f"{account.name}（尾号{account.tail}）" if account.tail else account.name


def post(
    customer: CustomerRecord,
    account_id: str,
    amount_fen: int,
    counterparty: str,
    summary: str,
    kind: str,
    now: datetime,
) -> None:
    """One posting of a customer's account."""
    account = customer.accounts[account_id]
    customer.put(
        replace(
            account,
            balance_fen=account.balance_fen + amount_fen,
            available_fen=account.available_fen + amount_fen,
        )
    )
    customer.transactions.append(
        Transaction(
            id=f"m{len(customer.transactions)}",
            account_id=account.id,
            account_tail=account.tail,
            posted_at=now,
            amount_fen=amount_fen,
            balance_after_fen=account.balance_fen + amount_fen,
            counterparty=counterparty,
            summary=summary,
            kind=kind,
        )
    )
