"""Bank days: how people write them, those that come again, and workdays."""

from datetime import date, timedelta

_WEEKDAYS = "一二三四五六日"


def full_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def timing(repeats: str, day: date) -> str:
    """When it happens, in words: 每月15日, 每周一, 2026年11月23日."""
    if repeats == "monthly":
        return f"每月{day.day}日"
    return f"每周{_WEEKDAYS[day.weekday()]}" if repeats == "weekly" else full_day(day)


def following(repeats: str, day: date) -> date | None:
    """The day after `day`, None after a single one."""
    if repeats == "weekly":
        return day + timedelta(days=7)
    if repeats == "monthly":
        year, month = divmod(day.year * 12 + day.month, 12)
        return date(year, month + 1, day.day)
    return None


def workdays_after(day: date, count: int) -> date:
    """Monday to Friday; the holidays of a year are not known here."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
