"""Days: 2024-03-05, 20240305, 3月8号, 15号, 昨天, 上周五, 去年双十一."""

import re
from datetime import datetime, timedelta

from chinese.date_patterns import (
    ARABIC_STARTS,
    DAY,
    DAY_NUMBER,
    MONTH,
    MONTH_STARTS,
    NEAR,
    TO,
    WEEK,
    WEEK_STARTS,
    WEEKDAYS,
    YEAR,
    YEAR_STARTS,
    full_year,
    month_of,
    near_offset,
    number,
    year_of,
)
from chinese.holidays import FEAST_STARTS, feast_date, match_feast
from chinese.moments import Moment, floor, interval, shift, unit_at
from chinese.time_context import Reading, TimeContext

_ISO = re.compile(r"((?:19|20)[0-9]{2})([-/.])(1[0-2]|0?[1-9])\2(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9.元块万])")
_SLASH = re.compile(r"(1[0-2]|0?[1-9])/(3[01]|[12][0-9]|0?[1-9])(?:/([0-9]{4}|[0-9]{2}))?(?![0-9/])")
_NAMED = re.compile(rf"(?:{YEAR}[的 ]?)?(?:{MONTH}[的 ]?)?{DAY}(?!元|圆|币)")
_DAYS = re.compile(rf"(?:{YEAR}的?)?(?:{MONTH}的?)?(?P<first>{DAY_NUMBER})[号日]?{TO}{DAY}")
_YEAR_BEFORE_FEAST = re.compile(rf"(?:{YEAR}的?)?")
_WEEKDAY = re.compile(rf"(?P<near>{NEAR})?(?:{WEEK})(?P<weekday>[一二三四五六日天1-7])(?![0-9个年期日])")
_COUNTED_WEEKS = tuple("每一两二三四五六七八九十几个")

_RELATIVE_DAYS = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿个": -1, "昨儿": -1,
    "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "当天": 0, "当日": 0,
    "明天": 1, "明日": 1, "明儿": 1, "大后天": 3, "大后日": 3, "后天": 2, "后日": 2,
}  # fmt: skip
_RELATIVE = re.compile("|".join(sorted(_RELATIVE_DAYS, key=len, reverse=True)))
_SHORT_RELATIVE = re.compile(r"([昨今明])(?=晚|早|晨|夜)")
_SHORT_DAYS = {"昨": -1, "今": 0, "明": 1}
_PRESENT = re.compile(r"现在|此时|此刻|当前|目前")


def _day(position: int, start: datetime | None) -> Reading | None:
    return Reading(position, unit_at(start, "day")) if start is not None else None


def iso_day(context: TimeContext, position: int) -> Reading | None:
    match = _ISO.match(context.text, position)
    return match and _day(match.end(), context.date(int(match.group(1)), int(match.group(3)), int(match.group(4))))


def compact_day(context: TimeContext, position: int) -> Reading | None:
    match = _COMPACT.match(context.text, position)
    return match and _day(match.end(), context.date(*map(int, match.groups())))


def slash_day(context: TimeContext, position: int) -> Reading | None:
    """3/8 is month/day; 3/8/2024 too."""
    match = _SLASH.match(context.text, position)
    if match is None:
        return None
    month, day, year = match.groups()
    start = context.date(full_year(year), int(month), int(day)) if year else month_day(context, int(month), int(day))
    return _day(match.end(), start)


def named_day(context: TimeContext, position: int) -> Reading | None:
    """去年12月3号, 上个月15号, 3月8号, 15号."""
    match = _NAMED.match(context.text, position)
    if match is None:
        return None
    return _day(match.end(), _start_of(context, match, number(match.group("day"))))


def day_span(context: TimeContext, position: int) -> Reading | None:
    """3月1到15号, 1-3号: the last day carries the word, and the last day is included."""
    match = _DAYS.match(context.text, position)
    if match is None:
        return None
    last = _start_of(context, match, number(match.group("day")))
    first = last and context.date(last.year, last.month, number(match.group("first")))
    if last is None or first is None or first >= last:
        return None
    return Reading(match.end(), interval(first, shift(last, "day", 1), "day"))


def relative_day(context: TimeContext, position: int) -> Reading | None:
    match = _RELATIVE.match(context.text, position)
    if match is not None:
        return _day(match.end(), context.today + timedelta(days=_RELATIVE_DAYS[match.group()]))
    short = _SHORT_RELATIVE.match(context.text, position)
    return short and _day(short.end(), context.today + timedelta(days=_SHORT_DAYS[short.group(1)]))


def weekday(context: TimeContext, position: int) -> Reading | None:
    """周三 of the week that the Chinese words mean: 下周三 is in the next calendar week, never tomorrow."""
    match = _WEEKDAY.match(context.text, position)
    if match is None or (not match.group("near") and context.text[max(0, position - 1) : position] in _COUNTED_WEEKS):
        return None
    monday, offset = floor(context.now, "week"), timedelta(days=WEEKDAYS[match.group("weekday")])
    if match.group("near"):
        return _day(match.end(), monday + timedelta(weeks=near_offset(match.group("near"))) + offset)
    start = context.choose(monday + timedelta(weeks=week) + offset for week in (-1, 0, 1))
    if start == context.today and context.prefer == "future":
        start += timedelta(weeks=1)
    return _day(match.end(), start)


def feast(context: TimeContext, position: int) -> Reading | None:
    """春节, 去年双十一, 2024年国庆节."""
    year_match = _YEAR_BEFORE_FEAST.match(context.text, position)
    named = match_feast(context.text, year_match.end() if year_match else position)
    if year_match is None or named is None:
        return None
    end, number_of_feast = named
    year = year_of(context, year_match)
    if year is None and context.text[max(0, position - 1) : position] == "年":
        return None  # the 春节 of a year outside the table
    years = [year] if year else [context.now.year + offset for offset in (-1, 0, 1)]
    days = [feast_date(number_of_feast, candidate) for candidate in years]
    start = context.choose(context.date(day.year, day.month, day.day) for day in days if day)
    if start is None:
        return None
    name = context.text[year_match.end() : end]
    return Reading(end, Moment(start, shift(start, "day", 1), "day", feast=name))


def present(context: TimeContext, position: int) -> Reading | None:
    match = _PRESENT.match(context.text, position)
    return match and Reading(match.end(), unit_at(floor(context.now, "second"), "second"))


def month_day(context: TimeContext, month: int, day: int) -> datetime | None:
    """A day without a year: the one the sentence points to."""
    return context.choose(context.date(context.now.year + offset, month, day) for offset in (-1, 0, 1))


def _day_of_month(context: TimeContext, day: int) -> datetime | None:
    this_month = floor(context.now, "month")
    months = [shift(this_month, "month", offset) for offset in (-2, -1, 0, 1, 2)]
    return context.choose(context.date(month.year, month.month, day) for month in months)


def _start_of(context: TimeContext, match: "re.Match[str]", day: int) -> datetime | None:
    if not 1 <= day <= 31 or (match.start() and match.string[match.start() - 1] == "月"):
        return None  # the 30号 of 2月30号 is no day of this month
    if match.group("month") or match.group("relative_month"):
        year, month = month_of(context, match)
        return context.date(year, month, day) if year else month_day(context, month, day)
    if match.group("year") or match.group("relative_year"):
        return None
    return _day_of_month(context, day)


READERS = (
    ("12", iso_day),
    ("12", compact_day),
    (ARABIC_STARTS, slash_day),
    (MONTH_STARTS + "廿卅", named_day),
    (MONTH_STARTS + "廿卅", day_span),
    ("大前昨今当明后", relative_day),
    (WEEK_STARTS, weekday),
    (YEAR_STARTS + FEAST_STARTS, feast),
    ("现此当目", present),
)
