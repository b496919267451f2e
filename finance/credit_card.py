"""Credit card bills: due dates, the interest-free period, minimum payment, interest and late fee.

Amounts are integer 分, the daily rate is 0.0005 (万分之五) unless the contract says less, rounded half up to the 分.
Sources: daily rate and late fee (违约金), 银发〔2016〕111号; minimum payment 10 %, late fee 5 % of its unpaid part,
interest from the posting date (银行记账日), 《银行卡业务管理办法》 银发〔1999〕17号; three days' grace (容时) and ten
yuan's allowance (容差), 《中国银行卡行业自律公约》. A bank may give more, its contract decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from finance import checks
from finance.interest import add_months
from finance.rounding import to_fen

DAILY_RATE = Decimal("0.0005")
MINIMUM_SHARE = Decimal("0.10")
LATE_FEE_SHARE = Decimal("0.05")
GRACE_DAYS = 3
ALLOWANCE_FEN = 10_00
MAX_BILL_DAY = 28
MAX_DAYS_TO_DUE = 60


@dataclass(frozen=True)
class Posting:
    """A purchase or a repayment: the day the bank posted it, and 分, at least 1, else ValueError."""

    on: date
    amount: int

    def __post_init__(self) -> None:
        checks.amount("amount", self.amount)


def bill_date(posted: date, bill_day: int) -> date:
    """The bill (账单日) that shows a posting: the first bill day from `posted` on, that day itself included.

    Raises ValueError for a bill day outside 1..28.
    """
    checks.count("bill_day", bill_day, 1, MAX_BILL_DAY)
    this_month = posted.replace(day=bill_day)
    return this_month if posted <= this_month else add_months(this_month, 1)


def due_date(billed: date, days_to_due: int) -> date:
    """到期还款日: `days_to_due` after the bill, commonly 18 to 25. Raises ValueError for days outside 1..60."""
    return billed + timedelta(checks.count("days_to_due", days_to_due, 1, MAX_DAYS_TO_DUE))


def interest_free_days(posted: date, bill_day: int, days_to_due: int) -> int:
    """免息期 of a purchase in days, from its posting to the due date of its bill; cash advances have none.

    Raises ValueError as `bill_date` and `due_date`.
    """
    return (due_date(bill_date(posted, bill_day), days_to_due) - posted).days


def minimum_payment(purchases: int, in_full: int = 0, share: Decimal = MINIMUM_SHARE) -> int:
    """最低还款额 in 分: `share` of the purchases and all of `in_full` (fees, interest, instalments, an unpaid minimum).

    Raises ValueError for a negative amount and a share outside 0..1.
    """
    checks.amount("purchases", purchases, least=0)
    return to_fen(purchases * checks.rate("share", share)) + checks.amount("in_full", in_full, least=0)


def late_fee(minimum: int, paid: int, least: int = 0) -> int:
    """违约金 in 分: 5 % of the minimum's unpaid part, at least `least` if the contract says so; 0 if it was paid.

    `paid` is what came in by the due date and its days of grace. Raises ValueError for a negative amount.
    """
    checks.amount("minimum", minimum, least=0)
    checks.amount("least", least, least=0)
    unpaid = minimum - checks.amount("paid", paid, least=0)
    return max(to_fen(unpaid * LATE_FEE_SHARE), least) if unpaid > 0 else 0


def is_paid_in_full(purchases: Sequence[Posting], repayments: Sequence[Posting], due: date) -> bool:
    """Was the bill paid by `due`, with three days' grace and ten yuan's allowance? Then it bears no interest."""
    paid = sum(repayment.amount for repayment in repayments if repayment.on <= due + timedelta(GRACE_DAYS))
    return sum(purchase.amount for purchase in purchases) - paid <= ALLOWANCE_FEN


def bill_interest(
    purchases: Sequence[Posting],
    repayments: Sequence[Posting],
    due: date,
    through: date,
    daily_rate: Decimal = DAILY_RATE,
) -> int:
    """Interest in 分 on one bill that the next bill shows, 0 when it was paid in full.

    全额计息: every purchase bears interest from its posting date, every repayment stops it from the day it was made,
    up to and including the day `through`, the next bill day.
    Raises ValueError for repayments above the purchases, a posting after `through`, a daily rate outside 0..1.
    """
    checks.rate("daily_rate", daily_rate)
    bought, paid = (sum(posting.amount for posting in side) for side in (purchases, repayments))
    if paid > bought:
        raise ValueError(f"repayments {paid} are above the purchases {bought}")
    for posting in (*purchases, *repayments):
        checks.order("posting", posting.on, "through", through)
    if is_paid_in_full(purchases, repayments, due):
        return 0
    return to_fen(_products(purchases, repayments, through + timedelta(1)) * daily_rate)


def _products(purchases: Sequence[Posting], repayments: Sequence[Posting], end: date) -> int:
    """积数: what was owed each day before `end`, added up; money paid in advance earns nothing."""
    changes = [(item.on, item.amount) for item in purchases] + [(item.on, -item.amount) for item in repayments]
    balance, products, since = 0, 0, end
    for day, change in [*sorted(changes), (end, 0)]:
        products += max(balance, 0) * (day - since).days
        balance, since = balance + change, day
    return products
