"""How Chinese banks count time and interest on it.

Source: 《中国人民银行关于人民币存贷款计结息问题的通知》 银发〔2005〕129号. Monthly rate = annual rate / 12, daily
rate = annual rate / 360; 逐笔计息 counts whole years and months at the nominal rate and the odd days at the daily
rate. Days run from the first day to the day before the last (算头不算尾).
"""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from finance import checks

DAYS_OF_YEAR = 360
MONTHS_OF_YEAR = 12


def add_months(day: date, number: int) -> date:
    """The same day `number` months later, or the last day of that month: 31 January + 1 -> 28 or 29 February.

    Raises ValueError for a negative `number`.
    """
    checks.count("number", number, 0, 100 * MONTHS_OF_YEAR)
    years, month = divmod(day.month - 1 + number, MONTHS_OF_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> tuple[int, int]:
    """(whole months, odd days) from `start` to `end`, 对年对月对日: 31 January to 1 March -> (1, 1).

    Raises ValueError when `end` is before `start`.
    """
    checks.order("start", start, "end", end)
    number = (end.year - start.year) * MONTHS_OF_YEAR + end.month - start.month
    if add_months(start, number) > end:
        number -= 1
    return number, (end - add_months(start, number)).days


def by_months(principal: int, annual_rate: Decimal, months: int) -> Decimal:
    """Interest of whole months in 分, not rounded: principal x rate x months / 12."""
    return principal * annual_rate * months / MONTHS_OF_YEAR


def by_days(principal: int, annual_rate: Decimal, days: int) -> Decimal:
    """Interest of days in 分, not rounded: principal x rate x days / 360."""
    return principal * annual_rate * days / DAYS_OF_YEAR
