"""Writing rates as customers read them."""

from decimal import Decimal


def percent(rate: Decimal | str) -> str:
    """0.0095 -> 0.95%"""
    return f"{Decimal(rate) * 100:.2f}%"
