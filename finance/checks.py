"""What every calculation refuses, in one wording: each function raises ValueError naming the argument."""

from datetime import date
from decimal import Decimal

MAX_FEN = 10**15  # ten trillion yuan: beyond it the 28 digits of a Decimal no longer hold every 分 of a product
MAX_MONTHS = 480
LEAST_RATE = Decimal("1E-8")  # a smaller one drowns in the 28 digits: (1 + rate) ** months
LEAST_PRICE, MOST_PRICE = Decimal("1E-6"), Decimal("1E9")


def amount(name: str, minor: int, least: int = 1) -> int:
    """`minor` units of money, unless it is below `least` or absurdly large."""
    return count(name, minor, least, MAX_FEN)


def count(name: str, number: int, least: int, most: int) -> int:
    """`number`, unless it is outside `least`..`most`."""
    if not least <= number <= most:
        raise ValueError(f"{name} must be {least} to {most}, got {number}")
    return number


def months(name: str, number: int) -> int:
    """`number` of months, unless it is outside 1..480."""
    return count(name, number, 1, MAX_MONTHS)


def rate(name: str, value: Decimal) -> Decimal:
    """A fraction, 0 <= value < 1: 0.0145 is 1.45 %. 1 and more is a percentage written without its division."""
    if not value.is_finite() or not (value == 0 or LEAST_RATE <= value < 1):
        raise ValueError(f"{name} must be a fraction from 0 to below 1 (0.0145 is 1.45 %), got {value}")
    return value


def shares(name: str, value: Decimal) -> Decimal:
    """A number of shares, unless it is not above 0 or absurdly large."""
    if not value.is_finite() or not 0 < value <= MAX_FEN:
        raise ValueError(f"{name} must be above 0 and at most {MAX_FEN}, got {value}")
    return value


def price(name: str, value: Decimal) -> Decimal:
    """A price or net value in yuan, unless it is not above 0 or out of all proportion."""
    if not value.is_finite() or not LEAST_PRICE <= value <= MOST_PRICE:
        raise ValueError(f"{name} must be {LEAST_PRICE} to {MOST_PRICE}, got {value}")
    return value


def order(earlier_name: str, earlier: date, later_name: str, later: date) -> None:
    """Both dates in their order; the same day is in order."""
    if later < earlier:
        raise ValueError(f"{later_name} {later} is before {earlier_name} {earlier}")
