"""Credit card instalments (信用卡分期): equal principal, a fee on the original amount, the annual rate of both.

Amounts are integer 分, the fee rate is per period and on the original amount (0.006 = 0.6 %), rounded half up to the
分.
Sources: the annual rate is the internal rate of return of the payments, stated as simple interest (单利, monthly x
12): 中国人民银行公告〔2021〕第3号 with its annex; at most five years: 银保监发〔2022〕13号.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance import checks
from finance.interest import MONTHS_OF_YEAR, add_months
from finance.rounding import to_fen, to_places

MAX_PERIODS = 60
RATE_PLACES = 4  # 0.1303: two decimals of a percentage
_TOLERANCE = Decimal("1E-9")


@dataclass(frozen=True)
class Plan:
    """An instalment plan.

    amount: 分, at least 1. periods: months, 1 to 60. fee_rate: per period, on the original amount.
    Raises ValueError naming the field that is out of range.
    """

    amount: int
    periods: int
    fee_rate: Decimal

    def __post_init__(self) -> None:
        checks.amount("amount", self.amount)
        checks.count("periods", self.periods, 1, MAX_PERIODS)
        checks.rate("fee_rate", self.fee_rate)

    @property
    def fee(self) -> int:
        """Fee of one period, 分."""
        return to_fen(self.amount * self.fee_rate)

    @property
    def total_fee(self) -> int:
        """Fees of all periods, 分."""
        return self.fee * self.periods

    def principal(self, period: int) -> int:
        """Principal of one period in 分: amount / periods rounded down, the last period takes the remainder."""
        share, remainder = divmod(self.amount, self.periods)
        return share + (remainder if period == self.periods else 0)


@dataclass(frozen=True)
class Row:
    """One period of a plan, amounts in 分: payment = principal + fee, remaining = principal owed after it."""

    period: int
    due: date
    payment: int
    principal: int
    fee: int
    remaining: int


def schedule(plan: Plan, first_due: date) -> list[Row]:
    """All periods, due on the day of `first_due` every month, or on the last day of a month without that day."""
    rows: list[Row] = []
    remaining = plan.amount
    for period in range(1, plan.periods + 1):
        principal = plan.principal(period)
        remaining -= principal
        due = add_months(first_due, period - 1)
        rows.append(Row(period, due, principal + plan.fee, principal, plan.fee, remaining))
    return rows


def annual_rate(plan: Plan) -> Decimal:
    """近似折算年化利率（单利）: monthly internal rate of return x 12, four decimals (0.1303 = 13.03 %)."""
    payments = [plan.principal(period) + plan.fee for period in range(1, plan.periods + 1)]
    low, high = Decimal(0), Decimal(sum(payments)) / plan.amount  # at `high` even one payment of it all is worth less
    while high - low > _TOLERANCE:
        middle = (low + high) / 2
        low, high = (middle, high) if _present_value(payments, middle) > plan.amount else (low, middle)
    return to_places(low * MONTHS_OF_YEAR, RATE_PLACES)


def _present_value(payments: list[int], rate: Decimal) -> Decimal:
    """Monthly payments, the first a month from now, discounted at `rate` a month."""
    value = Decimal(0)
    for payment in reversed(payments):
        value = (value + payment) / (1 + rate)
    return value


@dataclass(frozen=True)
class Settlement:
    """Paying the rest of a plan at once, amounts in 分: principal and fee due now, fees of later periods saved."""

    principal: int
    fee: int
    saved: int


def settle(plan: Plan, paid: int, all_fees: bool = False) -> Settlement:
    """Settle a plan after `paid` periods: the remaining principal and the fee of the running period.

    all_fees: the contract claims the fees of all periods, so that nothing is saved.
    Raises ValueError for paid periods outside 0..periods - 1.
    """
    checks.count("paid", paid, 0, plan.periods - 1)
    left = plan.periods - paid
    principal = sum(plan.principal(period) for period in range(paid + 1, plan.periods + 1))
    charged = left if all_fees else 1
    return Settlement(principal, plan.fee * charged, plan.fee * (left - charged))
