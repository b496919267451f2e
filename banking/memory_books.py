"""What the in-memory bank keeps of a customer's deposits, wealth holdings and loans, and what is there at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from banking.loan import LoanApplication
from finance.deposits import TimeDeposit
from finance.interest import add_months
from finance.loans import Loan, monthly_payment

BANK_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class HoldingRecord:
    """Shares of a product; none are left once it is redeemed."""

    id: str
    product_code: str
    shares: Decimal
    cost_fen: int
    bought_at: datetime
    cooling_until: datetime | None = None


@dataclass(frozen=True)
class Redemption:
    """Money on its way back."""

    account_id: str
    product_name: str
    amount_fen: int
    arrives_on: date


@dataclass(frozen=True)
class Assessment:
    """A result of the risk questionnaire."""

    level: int
    valid_until: date


@dataclass
class Books:
    """By account id: terms of deposits (the principal is the account's) and loans."""

    deposits: dict[str, TimeDeposit] = field(default_factory=dict)
    holdings: dict[str, HoldingRecord] = field(default_factory=dict)
    redemptions: list[Redemption] = field(default_factory=list)
    assessment: Assessment | None = None
    loans: dict[str, Loan] = field(default_factory=dict)
    applications: list[LoanApplication] = field(default_factory=list)


def bank_day(moment: datetime) -> date:
    return moment.astimezone(BANK_ZONE).date()


def fill(books: dict[str, Books], now: datetime) -> None:
    """The demo customers' books, by login; the same as the sandbox's."""
    today, wei = bank_day(now), books["zhangwei"]
    deposit = TimeDeposit(50_000_00, Decimal("0.0110"), today - timedelta(days=160), 12)
    wei.deposits["ac_zhangwei_time_deposit"] = deposit
    for code, shares, cost_fen, days in (("WX90", "19607.84", 20_000_00, 120), ("JHYX", "10000.00", 10_000_00, 60)):
        holding = HoldingRecord(f"wh_{code}", code, Decimal(shares), cost_fen, now - timedelta(days=days))
        wei.holdings[holding.id] = holding
    wei.assessment = Assessment(3, add_months(bank_day(now - timedelta(days=100)), 12))
    rate, months = Decimal("0.0335"), 276
    level, paid_to = monthly_payment(680_000_00, rate, months), _last_due(today)
    wei.loans["ac_zhangwei_mortgage"] = Loan(680_000_00, rate, months, paid_to, due_day=paid_to.day, level=level)
    books["lina"].applications.append(
        LoanApplication("DK-DEMO", "信用消费贷", 50_000_00, 24, "装修", "reviewing", now - timedelta(days=2))
    )


def _last_due(today: date) -> date:
    if 11 <= today.day <= 20:
        return today.replace(day=5)
    first = today.replace(day=1)
    return (first - timedelta(days=1) if today.day <= 10 else first).replace(day=20)
