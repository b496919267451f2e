"""Writing bank days as customers read them."""

from datetime import date


def full_day(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date) -> str:
    """11月22日"""
    return f"{day.month}月{day.day}日"
