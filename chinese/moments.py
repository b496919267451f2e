"""Stretches of time and the calendar arithmetic on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2592000,
    "quarter": 7776000,
    "year": 31536000,
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Moment:
    """`[start, end)` at a grain. A point (kind "value") is one unit of its grain; an interval may be open at one side.

    own_date: the words named a day, month or year, not only a time of day.
    feast: the holiday the words named.
    """

    start: datetime | None
    end: datetime | None
    grain: str
    kind: str = "value"
    own_date: bool = True
    feast: str | None = None
    approximate: bool = False


class OutOfCalendar(ValueError):
    """A date no bank deals with; the words are left alone."""


def shift(moment: datetime, grain: str, count: int) -> datetime:
    """`count` units later; the last day of the month where the target month is shorter. Raises OutOfCalendar."""
    if abs(count) * SECONDS[grain] > 300 * SECONDS["year"]:
        raise OutOfCalendar(f"{count} {grain}s away")
    if grain not in _MONTHS:
        return _checked(moment + timedelta(seconds=SECONDS[grain] * count))
    years, month = divmod(moment.month - 1 + count * _MONTHS[grain], 12)
    if moment.year + years not in _YEARS:
        raise OutOfCalendar(f"year {moment.year + years}")
    first = moment.replace(year=moment.year + years, month=month + 1, day=1)
    return first.replace(day=min(moment.day, _days_in_month(first)))


def floor(moment: datetime, grain: str) -> datetime:
    """The start of the unit that `moment` lies in; weeks begin on Monday."""
    if grain == "second":
        return moment.replace(microsecond=0)
    if grain == "minute":
        return moment.replace(second=0, microsecond=0)
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
    return day.replace(day=1, month=1) if grain == "year" else day


def unit_at(start: datetime, grain: str) -> Moment:
    """The point that begins at `start`: one day, one month, one hour."""
    return Moment(start, shift(start, grain, 1), grain)


def interval(start: datetime | None, end: datetime | None, grain: str) -> Moment:
    return Moment(start, end, grain, "interval")


def is_calendar_grain(grain: str) -> bool:
    return SECONDS[grain] >= SECONDS["day"]


def time_value(moment: Moment) -> dict[str, Any]:
    """Duckling's value: a point with its grain, or an interval whose `to` is exclusive at that grain."""
    if moment.kind == "value" and moment.start is not None:
        value: dict[str, Any] = {"type": "value", "value": _iso(moment.start), "grain": moment.grain}
    else:
        value = {"type": "interval"}
        for side, instant in (("from", moment.start), ("to", moment.end)):
            if instant is not None:
                value[side] = {"value": _iso(instant), "grain": moment.grain}
    value["values"] = [dict(value)]
    if moment.feast:
        value["holidayBeta"] = moment.feast
    if moment.approximate:
        value["precision"] = "approx"
    return value


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds")


def _checked(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise OutOfCalendar(f"year {moment.year}")
    return moment


def _days_in_month(first: datetime) -> int:
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return (following - first).days
