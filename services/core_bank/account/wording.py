"""How documents and orders write days and accounts."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Row


def spoken_day(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def account_name(account: Row | dict[str, Any]) -> str:
    """借记卡（尾号6789）, 一年定期"""
    name, tail = account["name"], account["tail"]
    return f"{name}（尾号{tail}）" if tail else str(name)


def masked_number(tail: str | None) -> str:
    """The bank prints no full number: **** **** **** 6789"""
    return f"**** **** **** {tail}" if tail else "（无卡号）"
