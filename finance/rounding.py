"""四舍五入: half away from zero, once, at the end of a calculation."""

from decimal import ROUND_HALF_UP, Decimal


def to_fen(value: Decimal) -> int:
    """Whole 分 (or other smallest units), half up: 2.5 -> 3."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def to_places(value: Decimal, places: int) -> Decimal:
    """`value` with that many decimals, half up: (1.005, 2) -> 1.01."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
