"""Opening hours and days off by law."""

from datetime import date, datetime, time

import pytest

from chinese.opening_hours import Hours
from chinese.public_holidays import public_holiday

EVERY_DAY = Hours((time(9), time(17)), (time(9, 30), time(16)))
WORKING_DAYS = Hours((time(9), time(17)))


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 1), "元旦"),
        (date(2026, 2, 15), None),
        (date(2026, 2, 16), "春节"),
        (date(2026, 2, 19), "春节"),
        (date(2026, 2, 20), None),
        (date(2026, 4, 5), "清明节"),
        (date(2026, 5, 2), "劳动节"),
        (date(2026, 6, 19), "端午节"),
        (date(2026, 9, 25), "中秋节"),
        (date(2026, 10, 3), "国庆节"),
        (date(2026, 10, 4), None),
    ],
)
def test_thirteen_days_a_year(day: date, holiday: str | None) -> None:
    assert public_holiday(day) == holiday


@pytest.mark.parametrize(
    ("hours", "now", "status"),
    [
        (EVERY_DAY, datetime(2026, 11, 23, 10), "现在营业，今天 17:00 结束"),
        (EVERY_DAY, datetime(2026, 11, 22, 16), "现在没有营业，11月23日（周一）9:00 开门"),
        (WORKING_DAYS, datetime(2026, 11, 20, 17), "现在没有营业，11月23日（周一）9:00 开门"),
        (EVERY_DAY, datetime(2026, 10, 1, 10), "今天国庆节休息，10月4日（周日）9:30 开门"),
    ],
)
def test_what_the_door_says(hours: Hours, now: datetime, status: str) -> None:
    assert hours.status(now) == status
    assert hours.is_open(now) == status.startswith("现在营业")


def test_appointments_begin_on_the_half_hour_and_not_over_lunch() -> None:
    slots = WORKING_DAYS.slots(date(2026, 11, 23))
    assert (slots[0], slots[-1], len(slots)) == ("09:00", "16:30", 14)
    assert "12:00" not in slots
    assert WORKING_DAYS.slots(date(2026, 11, 22)) == []
