"""Deposits: demand (活期), time (整存整取) with early withdrawal, seven-day notice (七天通知存款).

Amounts are integer 分, rates annual fractions (0.0145 = 1.45 %), interest is rounded half up to the 分, once per
payment.
Sources: 银发〔2005〕129号 (积数计息, 逐笔计息, settlement on the 20th of a quarter's last month); 《储蓄管理条例》
articles 24 and 25 (early and late withdrawal); 《通知存款管理办法》 银发〔1999〕3号, articles 5 and 9.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from finance import checks
from finance.interest import DAYS_OF_YEAR, add_months, by_days, by_months, whole_months
from finance.rounding import to_fen

NOTICE_DAYS = 7
NOTICE_LEAST_FEN = 50_000_00


def demand_interest(balances: Iterable[tuple[int, int]], annual_rate: Decimal) -> int:
    """积数计息: interest in 分 of (balance in 分, days) pairs: sum of balance x days, times rate / 360.

    Raises ValueError for a negative balance or number of days and for a rate outside 0..1.
    """
    checks.rate("annual_rate", annual_rate)
    products = sum(
        checks.amount("balance", balance, least=0) * checks.count("days", days, 0, 100_000)
        for balance, days in balances
    )
    return to_fen(products * annual_rate / DAYS_OF_YEAR)


def next_settlement(on: date) -> date:
    """The next 结息日 of demand deposits, `on` included: the 20th of March, June, September, December."""
    quarter_end = add_months(on.replace(day=20), -on.month % 3)
    return quarter_end if quarter_end >= on else add_months(quarter_end, 3)


def period_interest(principal: int, annual_rate: Decimal, start: date, end: date) -> int:
    """逐笔计息: interest in 分 from `start` to `end`: whole months at rate / 12, odd days at rate / 360.

    Raises ValueError for a principal below 1, a rate outside 0..1 or an `end` before `start`.
    """
    checks.amount("principal", principal)
    checks.rate("annual_rate", annual_rate)
    months, days = whole_months(start, end)
    return to_fen(by_months(principal, annual_rate, months) + by_days(principal, annual_rate, days))


@dataclass(frozen=True)
class TimeDeposit:
    """A time deposit (整存整取).

    principal: 分, at least 1. annual_rate: of the day of opening, kept to maturity. months: 1 to 480.
    Raises ValueError naming the field that is out of range.
    """

    principal: int
    annual_rate: Decimal
    opened: date
    months: int

    def __post_init__(self) -> None:
        checks.amount("principal", self.principal)
        checks.rate("annual_rate", self.annual_rate)
        checks.months("months", self.months)

    @property
    def matures(self) -> date:
        """到期日: the same day of the month, or the last day of a shorter month."""
        return add_months(self.opened, self.months)

    @property
    def interest(self) -> int:
        """Interest at maturity, 分: principal x rate x months / 12."""
        return to_fen(by_months(self.principal, self.annual_rate, self.months))

    @property
    def maturity_value(self) -> int:
        """Principal and interest at maturity (本息合计), 分."""
        return self.principal + self.interest


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal pays, all 分.

    principal, interest: paid out now. lost: interest the customer gives up against waiting for maturity, 0 from
    maturity on. rest: the deposit that stays, with its rate and maturity, or None.
    """

    principal: int
    interest: int
    lost: int
    rest: TimeDeposit | None


def withdraw(deposit: TimeDeposit, on: date, demand_rate: Decimal, part: int | None = None) -> Withdrawal:
    """Withdraw the whole or, before maturity, `part` (分) of a time deposit.

    Before maturity the withdrawn part earns the demand rate for the days held, the rest keeps its rate (article 24).
    After maturity the days beyond it earn the demand rate (article 25). `lost` is negative if the demand rate pays
    more.
    Raises ValueError for `on` before the opening, a part outside 1..principal, a smaller part after maturity, a bad
    rate.
    """
    checks.order("opened", deposit.opened, "on", on)
    checks.rate("demand_rate", demand_rate)
    taken = deposit.principal if part is None else checks.count("part", part, 1, deposit.principal)
    if on >= deposit.matures:
        if taken < deposit.principal:
            raise ValueError(f"part {taken} is less than the whole, but the deposit matured on {deposit.matures}")
        overdue = to_fen(by_days(taken, demand_rate, (on - deposit.matures).days))
        return Withdrawal(taken, deposit.interest + overdue, 0, None)
    rest = replace(deposit, principal=deposit.principal - taken) if taken < deposit.principal else None
    interest = to_fen(by_days(taken, demand_rate, (on - deposit.opened).days))
    lost = deposit.interest - (rest.interest if rest else 0) - interest
    return Withdrawal(taken, interest, lost, rest)


@dataclass(frozen=True)
class NoticeDeposit:
    """A seven-day notice deposit.

    principal: 分, at least 50,000 yuan. notice_rate, demand_rate: of the day of withdrawal.
    Raises ValueError naming the field that is out of range.
    """

    principal: int
    opened: date
    notice_rate: Decimal
    demand_rate: Decimal

    def __post_init__(self) -> None:
        checks.amount("principal", self.principal, least=NOTICE_LEAST_FEN)
        checks.rate("notice_rate", self.notice_rate)
        checks.rate("demand_rate", self.demand_rate)


@dataclass(frozen=True)
class Notice:
    """A notice of withdrawal: the day it was given and the amount named in it, 分."""

    given: date
    amount: int


def notice_interest(deposit: NoticeDeposit, on: date, amount: int, notice: Notice | None = None) -> int:
    """Interest in 分 on `amount` (分) withdrawn on the day `on`: amount x days held x rate / 360.

    The notice rate is paid on what the notice named, when the withdrawal is exactly seven days after the notice, the
    money was held seven days and `amount` is at least 50,000 yuan; everything else earns the demand rate (article 9).
    What article 9 takes from a remainder that was announced and not withdrawn depends on the bank and is left out.
    Raises ValueError for an amount outside 1..principal, a notice before the opening, `on` before either.
    """
    checks.order("opened", deposit.opened, "on", on)
    checks.count("amount", amount, 1, deposit.principal)
    announced = 0
    if notice:
        checks.order("opened", deposit.opened, "notice", notice.given)
        checks.order("notice", notice.given, "on", on)
        in_time = on == notice.given + timedelta(NOTICE_DAYS)
        announced = min(amount, checks.amount("notice amount", notice.amount)) if in_time else 0
    if amount < NOTICE_LEAST_FEN:
        announced = 0
    days = (on - deposit.opened).days
    earned = by_days(announced, deposit.notice_rate, days) + by_days(amount - announced, deposit.demand_rate, days)
    return to_fen(earned)
