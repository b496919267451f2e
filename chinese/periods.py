"""Weeks, months, quarters and years, and the vague stretches of speech: 月底, 年初, 这几天, 刚才."""

import re
from datetime import datetime, timedelta

from chinese.date_patterns import (
    MONTH,
    MONTH_STARTS,
    NEAR,
    NEAR_STARTS,
    TO,
    WEEK,
    WEEK_STARTS,
    YEAR,
    YEAR_STARTS,
    full_year,
    month_of,
    near_offset,
    number,
    year_of,
)
from chinese.moments import Moment, floor, interval, shift, unit_at
from chinese.time_context import Reading, TimeContext

_MONTH = re.compile(rf"(?:{YEAR}的?)?{MONTH}(?P<part>初|底|末|上旬|中旬|下旬)?(?![0-9个])")
_MONTHS = re.compile(
    rf"(?:{YEAR}的?)?(?P<first>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])(?:月份?)?{TO}"
    r"(?P<last>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![0-9一二三四五六七八九十初底末])"
)
_YEAR = re.compile(rf"{YEAR}(?:年?(?P<part>初|底|末))?(?!期|定)")
# 30年 is a length unless something of that year follows.
_SHORT_YEAR = re.compile(
    r"[0-9]{2}年(?!度|的?(?:账|流水|明细|对账|消费|支出|收入|交易|社保|公积金|工资|全年|那|以来|至今|到|[初底末])|年)"
)
_BARE_YEAR = re.compile(r"(20[0-9]{2})(?=的?(?:账单|流水|明细|社保|年报|年度|对账单|全年))")
_QUARTER = re.compile(rf"(?:{YEAR}的?)?第?(?P<quarter>[一二三四1-4])季度")
_NEAR_QUARTER = re.compile(rf"(?P<near>{NEAR})季度")
_HALF_YEAR = re.compile(rf"(?:{YEAR}的?)?(?P<half>[上下])半年")
_WEEK = re.compile(rf"(?P<near>{NEAR})(?:{WEEK})(?![一二三四五六日天末1-7])")
_WEEKEND = re.compile(rf"(?P<near>{NEAR})?(?:{WEEK})末|(?<![上下半])周末")
_PART_OF_THIS = re.compile(r"(?P<unit>[年月])(?P<part>初|底|末)")
_BEFORE_PART = re.compile(r"[0-9一二两三四五六七八九十去今明前后上下本这个当]")

# 初, 底 and the like as (first day, days); a negative first day counts from the end of the month.
_PARTS_OF_MONTH = {"初": (0, 10), "上旬": (0, 10), "中旬": (10, 10), "下旬": (20, 31), "底": (-5, 5), "末": (-5, 5)}

_LAST_DAYS = {
    "这几天": 7, "这几日": 7, "最近几天": 7, "近几天": 7, "前几天": 7, "前几日": 7, "这两天": 2, "这段时间": 30,
    "前阵子": 60, "前段时间": 60,
}  # fmt: skip
_VAGUE = re.compile("|".join(_LAST_DAYS) + "|最近几个月|近几个月|这几个月|刚才|刚刚(?!好)")
_VAGUE_MONTHS = 3
_JUST_NOW = timedelta(hours=1)


def month(context: TimeContext, position: int) -> Reading | None:
    """3月, 去年12月, 上个月, 本月底."""
    match = _MONTH.match(context.text, position)
    if match is None:
        return None
    year, month_number = month_of(context, match)
    start = context.date(year, month_number, 1) if year else _nearest_month(context, month_number)
    if start is None:
        return None
    part = match.group("part")
    return Reading(match.end(), _part_of_month(start, part) if part else unit_at(start, "month"))


def months(context: TimeContext, position: int) -> Reading | None:
    """1到3月, 去年10月到12月, 11月到2月: whole months, the last one included."""
    match = _MONTHS.match(context.text, position)
    if match is None:
        return None
    first, last, year = number(match.group("first")), number(match.group("last")), year_of(context, match)
    start = context.date(year, first, 1) if year else _nearest_month(context, first)
    if start is None or first == last:
        return None
    end = shift(start, "month", (last - first) % 12 + 1)
    return Reading(match.end(), interval(start, end, "month"))


def year(context: TimeContext, position: int) -> Reading | None:
    """2023年, 去年, 今年初."""
    bare = _BARE_YEAR.match(context.text, position)
    if bare is not None:
        return _whole_year(context, bare.end(), full_year(bare.group(1)))
    match = None if _SHORT_YEAR.match(context.text, position) else _YEAR.match(context.text, position)
    year_number = year_of(context, match) if match else None
    if match is None or year_number is None:
        return None
    start = context.date(year_number, 1, 1)
    if start is None or not match.group("part"):
        return _whole_year(context, match.end(), year_number)
    return Reading(match.end(), _part_of_year(start, match.group("part")))


def quarter(context: TimeContext, position: int) -> Reading | None:
    """第四季度, 2023年一季度, 上季度."""
    near = _NEAR_QUARTER.match(context.text, position)
    if near is not None:
        start = shift(floor(context.now, "quarter"), "quarter", near_offset(near.group("near")))
        return Reading(near.end(), unit_at(start, "quarter"))
    match = _QUARTER.match(context.text, position)
    if match is None:
        return None
    year_number = year_of(context, match)
    named = context.date(year_number or context.now.year, 3 * number(match.group("quarter")) - 2, 1)
    if named is None:
        return None
    looks_back = year_number is None and context.prefer == "past" and named > context.now
    return Reading(match.end(), unit_at(shift(named, "year", -1) if looks_back else named, "quarter"))


def half_year(context: TimeContext, position: int) -> Reading | None:
    match = _HALF_YEAR.match(context.text, position)
    if match is None:
        return None
    year_number = year_of(context, match) or context.now.year
    start = context.date(year_number, 1 if match.group("half") == "上" else 7, 1)
    return Reading(match.end(), interval(start, shift(start, "month", 6), "month")) if start else None


def week(context: TimeContext, position: int) -> Reading | None:
    match = _WEEK.match(context.text, position)
    if match is None or match.group("near") == "今":
        return None
    start = shift(floor(context.now, "week"), "week", near_offset(match.group("near")))
    return Reading(match.end(), unit_at(start, "week"))


def weekend(context: TimeContext, position: int) -> Reading | None:
    match = _WEEKEND.match(context.text, position)
    if match is None:
        return None
    monday = shift(floor(context.now, "week"), "week", near_offset(match.group("near") or ""))
    return Reading(match.end(), interval(shift(monday, "day", 5), shift(monday, "day", 7), "day"))


def part_of_this(context: TimeContext, position: int) -> Reading | None:
    """年底, 月初: of the year and month that it is."""
    match = _PART_OF_THIS.match(context.text, position)
    if match is None or (position and _BEFORE_PART.match(context.text, position - 1)):
        return None
    if match.group("unit") == "年":
        return Reading(match.end(), _part_of_year(floor(context.now, "year"), match.group("part")))
    return Reading(match.end(), _part_of_month(floor(context.now, "month"), match.group("part")))


def vague_past(context: TimeContext, position: int) -> Reading | None:
    """这几天 and the like: a generous stretch up to now, marked approximate."""
    match = _VAGUE.match(context.text, position)
    if match is None:
        return None
    word, tomorrow = match.group(), shift(context.today, "day", 1)
    if word.startswith("刚"):
        return _approximate(match.end(), context.now - _JUST_NOW, context.now, "minute")
    if word in _LAST_DAYS:
        return _approximate(match.end(), shift(tomorrow, "day", -_LAST_DAYS[word]), tomorrow, "day")
    return _approximate(match.end(), shift(context.today, "month", -_VAGUE_MONTHS), tomorrow, "day")


def _approximate(end: int, start: datetime, stop: datetime, grain: str) -> Reading:
    return Reading(end, Moment(floor(start, grain), floor(stop, grain), grain, "interval", approximate=True))


def _whole_year(context: TimeContext, end: int, year_number: int) -> Reading | None:
    start = context.date(year_number, 1, 1)
    return Reading(end, unit_at(start, "year")) if start else None


def _nearest_month(context: TimeContext, month_number: int) -> datetime | None:
    """A month without a year: this year's, or the last or next one where the sentence looks back or forward."""
    named = [context.date(context.now.year + offset, month_number, 1) for offset in (-1, 0, 1)]
    this_month = floor(context.now, "month")
    known = [start for start in named if start is not None]
    if context.prefer == "past":
        return [start for start in known if start <= this_month][-1]
    if context.prefer == "future":
        return next(start for start in known if start >= this_month)
    return known[1]


def _part_of_month(start: datetime, part: str) -> Moment:
    first, days = _PARTS_OF_MONTH[part]
    next_month = shift(start, "month", 1)
    begin = shift(next_month if first < 0 else start, "day", first)
    return interval(begin, min(shift(begin, "day", days), next_month), "day")


def _part_of_year(start: datetime, part: str) -> Moment:
    first = 0 if part == "初" else 11
    return interval(shift(start, "month", first), shift(start, "month", 2 if part == "初" else 12), "month")


READERS = (
    (MONTH_STARTS, month),
    (MONTH_STARTS, months),
    (YEAR_STARTS, year),
    (YEAR_STARTS + "第", quarter),
    (YEAR_STARTS, half_year),
    (NEAR_STARTS, week),
    (WEEK_STARTS, weekend),
    ("年月", part_of_this),
    ("这最近前刚", vague_past),
)
