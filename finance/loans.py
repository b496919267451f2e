"""Loans repaid monthly: 等额本息 (equal payments), 等额本金 (equal principal), and prepayment.

Amounts are integer 分, rates annual fractions (0.049 = 4.9 %), a month costs rate / 12, odd days rate / 360 each.
Interest and payment of every period are rounded half up to the 分; the last period absorbs what the rounding left.
Sources: rates of months and days, 银发〔2005〕129号; the annuity P x i / (1 - (1 + i)^-n) and P / n + remaining x i are
the textbook's, held against published figures of Chinese loan calculators in the tests.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from finance import checks
from finance.interest import MONTHS_OF_YEAR, add_months, by_days, by_months
from finance.rounding import to_fen


class Method(Enum):
    """How a loan is repaid."""

    EQUAL_PAYMENT = "equal_payment"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金


class Effect(Enum):
    """What a partial prepayment changes."""

    SHORTER_TERM = "shorter_term"  # 月供不变，缩短期限
    LOWER_PAYMENT = "lower_payment"  # 期限不变，减少月供


@dataclass(frozen=True)
class Loan:
    """A loan as it stands, on its first day or later.

    principal: still owed, 分, at least 1. months: still to pay, 1 to 480. paid_to: the day to which interest is paid,
    that is the last due date or the day of the draw-down; the next payment is due a month later. due_day: day of the
    month, needed where paid_to is the end of a shorter month. level: what every month repeats, 分: the payment (equal
    payment) or the principal part (equal principal); None is calculated.
    Raises ValueError naming the field that is out of range.
    """

    principal: int
    annual_rate: Decimal
    months: int
    paid_to: date
    method: Method = Method.EQUAL_PAYMENT
    due_day: int | None = None
    level: int | None = None

    def __post_init__(self) -> None:
        checks.amount("principal", self.principal)
        checks.rate("annual_rate", self.annual_rate)
        checks.months("months", self.months)
        if self.due_day is not None:
            checks.count("due_day", self.due_day, 1, 31)
        if self.level is not None:
            checks.amount("level", self.level, least=0)

    def due(self, period: int) -> date:
        """Due date of a period from now, 1 the next; the last day of a month that has no such day."""
        first_of_month = add_months(self.paid_to.replace(day=1), period)
        last_day = add_months(first_of_month, 1) - timedelta(1)
        return min(first_of_month + timedelta((self.due_day or self.paid_to.day) - 1), last_day)


@dataclass(frozen=True)
class Row:
    """One period of a schedule, amounts in 分: payment = principal + interest, remaining = owed after it."""

    period: int
    due: date
    payment: int
    principal: int
    interest: int
    remaining: int


def monthly_payment(principal: int, annual_rate: Decimal, months: int) -> int:
    """月供 of an equal-payment loan, 分: P x i / (1 - (1 + i)^-n) with i = annual_rate / 12, P / n without interest.

    Raises ValueError for a principal below 1, a rate outside 0..1 and months outside 1..480.
    """
    return to_fen(_annuity(principal, annual_rate, months))


def _annuity(principal: int, annual_rate: Decimal, months: int) -> Decimal:
    checks.amount("principal", principal)
    checks.months("months", months)
    rate = checks.rate("annual_rate", annual_rate) / MONTHS_OF_YEAR
    return principal * rate / (1 - (1 + rate) ** -months) if rate else Decimal(principal) / months


def total_interest(principal: int, annual_rate: Decimal, months: int, method: Method) -> int:
    """Total interest in 分 as loan calculators state it: the formula, rounded once.

    A schedule, rounded every month, differs from it by a few 分, with equal payments over decades by a few yuan.
    Raises ValueError as `monthly_payment`.
    """
    payment = _annuity(principal, annual_rate, months)
    if method is Method.EQUAL_PAYMENT:
        return to_fen(payment * months - principal)
    return to_fen(by_months(principal, annual_rate, months + 1) / 2)


def schedule(loan: Loan) -> list[Row]:
    """The periods still to pay, never more than `loan.months`; the last pays all that is left.

    Raises ValueError when the level does not cover the interest of a month.
    """
    rows: list[Row] = []
    remaining, repeated = loan.principal, level(loan)
    while remaining:
        interest = to_fen(by_months(remaining, loan.annual_rate, 1))
        part = repeated - interest if loan.method is Method.EQUAL_PAYMENT else repeated
        if part < 0:
            raise ValueError(f"level {repeated} does not cover the interest of a month, {interest}")
        period = len(rows) + 1
        principal = remaining if period == loan.months else min(part, remaining)
        remaining -= principal
        rows.append(Row(period, loan.due(period), principal + interest, principal, interest, remaining))
    return rows


def level(loan: Loan) -> int:
    """What every month repeats, 分: the loan's own level, or the one that ends it after its months."""
    if loan.level is not None:
        return loan.level
    if loan.method is Method.EQUAL_PAYMENT:
        return monthly_payment(loan.principal, loan.annual_rate, loan.months)
    return to_fen(Decimal(loan.principal) / loan.months)


def after(loan: Loan, periods: int) -> Loan:
    """The loan after `periods` payments on time; its schedule is the rest of the schedule before.

    Raises ValueError for a number of periods outside 0..the last but one.
    """
    rows = schedule(loan)
    checks.count("periods", periods, 0, len(rows) - 1)
    if periods == 0:
        return loan
    row = rows[periods - 1]
    return replace(
        loan,
        principal=row.remaining,
        months=loan.months - periods,
        paid_to=row.due,
        due_day=loan.due_day or loan.paid_to.day,
        level=level(loan),
    )


@dataclass(frozen=True)
class Prepayment:
    """What paying early costs now and saves later, amounts in 分.

    principal, interest, payment: due on the day, payment is their sum. interest_saved: against the schedule before,
    with `interest` taken off. months_saved: periods that fall away. rest: the loan that remains, or None.
    """

    principal: int
    interest: int
    interest_saved: int
    months_saved: int
    rest: Loan | None

    @property
    def payment(self) -> int:
        """What the customer pays on the day."""
        return self.principal + self.interest


def prepay(loan: Loan, on: date, amount: int, effect: Effect = Effect.SHORTER_TERM) -> Prepayment:
    """Repay `amount` of the principal, all of it or a part, before the next due date.

    A fee of the contract is not included. 利随本清: the amount repaid bears interest for the days since `paid_to` at
    rate / 360, paid with it; what stays bears interest for the whole month as before.
    Raises ValueError for an amount outside 1..principal and a day outside paid_to..the day before the next due date.
    """
    checks.count("amount", amount, 1, loan.principal)
    checks.order("paid_to", loan.paid_to, "on", on)
    if on >= loan.due(1):
        raise ValueError(f"on {on} is not before the next due date {loan.due(1)}")
    interest = to_fen(by_days(amount, loan.annual_rate, (on - loan.paid_to).days))
    before = schedule(loan)
    rest = _rest(loan, amount, effect) if amount < loan.principal else None
    later = schedule(rest) if rest else []
    saved = sum(row.interest for row in before) - sum(row.interest for row in later) - interest
    return Prepayment(amount, interest, saved, len(before) - len(later), rest)


def _rest(loan: Loan, amount: int, effect: Effect) -> Loan:
    if effect is Effect.LOWER_PAYMENT:
        return replace(loan, principal=loan.principal - amount, level=None)
    shorter = replace(loan, principal=loan.principal - amount, level=level(loan))
    return replace(shorter, months=len(schedule(shorter)))
