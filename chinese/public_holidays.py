"""Days off by law: 《全国年节及纪念日放假办法》 in the wording of 2024, thirteen days a year.

Days that are exchanged with a weekend (调休) are announced year by year and are not here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from chinese.holidays import feast_date, match_feast

_DAYS_OFF = (("元旦", 0, 1), ("春节", -1, 4), ("清明节", 0, 1), ("劳动节", 0, 2), ("端午节", 0, 1), ("中秋节", 0, 1))
_NATIONAL_DAY = ("国庆节", 0, 3)


def public_holiday(day: date) -> str | None:
    """The name of the holiday that this day is; None for any other day and for lunar feasts outside 2019-2035."""
    return next((name for name, first, days in _holidays(day.year) if first <= day < first + timedelta(days)), None)


def _holidays(year: int) -> Iterator[tuple[str, date, int]]:
    """(name, first day off, number of days)."""
    for name, offset, days in (*_DAYS_OFF, _NATIONAL_DAY):
        found = match_feast(name, 0)
        feast = feast_date(found[1], year) if found else None
        if feast:
            yield name, feast + timedelta(days=offset), days
