"""Days that conversation tests name."""

from datetime import date

import pytest

from tools.converse_days import spoken_days


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-11-22", "11月23号和11月24号"),  # a Sunday
        ("2026-11-26", "11月27号和11月30号"),  # over a weekend
        ("2026-12-31", "1月4号和1月5号"),  # New Year's Day is a Friday
        ("2027-02-04", "2月9号和2月10号"),  # Spring Festival from the eve, Friday, to Monday
        ("2028-02-28", "2月29号和3月1号"),
    ],
)
def test_workdays_are_neither_weekend_nor_holiday(today: str, said: str) -> None:
    assert spoken_days("{workday}和{next_workday}", date.fromisoformat(today)) == said


def test_text_without_a_day_stays() -> None:
    for text in ("给李娜转500", '/transfer_money{"amount":5}', "{}"):
        assert spoken_days(text, date(2026, 11, 22)) == text


def test_a_name_that_is_none() -> None:
    with pytest.raises(ValueError, match=r"\{tomorrow\} is none of \{workday\}, \{next_workday\}"):
        spoken_days("{tomorrow}", date(2026, 11, 22))
