"""Finding times in running text: points, ranges, bounds, repetitions and lengths."""

import re
from datetime import timedelta
from typing import Any

from chinese import dates, periods
from chinese.characters import CN_DIGITS
from chinese.clock import ClockTime, part_of_day, read_clock
from chinese.date_patterns import DAY, MONTH, TO, WEEKDAYS, number
from chinese.durations import duration_value, read_duration
from chinese.moments import SECONDS, Moment, OutOfCalendar, floor, interval, is_calendar_grain, time_value, unit_at
from chinese.quantity import Found
from chinese.time_context import Reader, Reading, TimeContext, longest
from chinese.windows import counted_from_now, rolling

_STARTS = re.compile(
    rf"[0-9{CN_DIGITS}十廿卅半每"
    r"大前昨今明后去上下本这当最近过未往接从自年月周星礼刚现此目第凌清早中傍晚夜元情妇女国消植愚劳青儿建教双澳平圣春正农新除端重]"
)
MAX_TIMES = 30  # a message with more times than this is not a request; the rest is left alone


def _by_first_character() -> dict[str, tuple[Reader, ...]]:
    table: dict[str, tuple[Reader, ...]] = {}
    for starts, reader in (*dates.READERS, *periods.READERS):
        for char in starts:
            table[char] = (*table.get(char, ()), reader)
    return table


_DATE_READERS = _by_first_character()

_EVERY = re.compile(
    r"每(?:个)?(?:(?P<week>周|星期|礼拜)(?P<weekday>[一二三四五六日天])?"
    r"|(?P<month>月)(?:的)?(?:(?P<day>[0-3]?[0-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:号|日)|[底初])?"
    r"|(?P<daily>天|日)(?!限额|额度)|(?P<year>年)|季度?)"
)
_LINK = re.compile(r"[的 ,]")
_SHORT_PART = re.compile(r"(?P<part>[晚早夜])上?|晨")
_DAY_SHORT = "昨今明"
_TO = re.compile(TO)
_DAY_ONLY = re.compile(DAY)
_MONTH_DAY = re.compile(rf"{MONTH}(?:{DAY})?")
_TODAY = re.compile(r"现在|今天|目前")
_BOUND = re.compile(
    r"(?P<before>(?:以|之)前|前(?!天|面|台|后|日|几|[0-9一两二三四五六七八九十]))|(?P<since>以来|至今|到现在|到今天)"
    r"|(?P<after>(?:以|之)后(?!天)|后(?!天|面|台|日|续|[0-9一两二三四五六七八九十]))|(?P<from>起(?!来|步|息|购)|开始)"
)


def find_times(context: TimeContext) -> list[Found]:
    """All times, durations and repetitions of `context.text`, in order, without overlaps."""
    found: list[Found] = []
    text, position = context.text, 0
    while len(found) < MAX_TIMES:
        start = _STARTS.search(text, position)
        if start is None:
            break
        position = start.start()
        candidate = None if _inside_digits(text, position) else _found_at(context, position)
        if candidate is not None:
            found.append(candidate)
        position = candidate.end if candidate else position + 1
    return found


def _inside_digits(text: str, position: int) -> bool:
    """The middle of a figure: no time begins there."""
    if position == 0:
        return False
    before, char = text[position - 1], text[position]
    if char in "0123456789":
        return before in "0123456789.¥$"
    return char in CN_DIGITS and before in CN_DIGITS and before != "两"


def _found_at(context: TimeContext, position: int) -> Found | None:
    try:
        return _repetition(context, position) or _time_at(context, position)
    except OutOfCalendar:
        return None


def _repetition(context: TimeContext, position: int) -> Found | None:
    match = _EVERY.match(context.text, position)
    if match is None:
        return None
    named = {"week": "P1W", "month": "P1M", "daily": "P1D", "year": "P1Y"}
    period = next((code for name, code in named.items() if match.group(name)), "P3M")
    value: dict[str, Any] = {"type": "set", "period": period}
    if match.group("weekday"):
        value["weekday"] = WEEKDAYS[match.group("weekday")] + 1
    if match.group("day"):
        value["day"] = number(match.group("day"))
    return Found("set", position, match.end(), value)


def _time_at(context: TimeContext, position: int) -> Found | None:
    window = rolling(context, position)
    if window is not None:
        return _time(position, window)
    duration = read_duration(context.text, position)
    if duration is not None and not duration.working_days:
        counted = counted_from_now(context, duration)
        if counted is not None:
            return _time(position, counted)
    after_from = position + (context.text[position] in "从自")
    point = read_point(context, after_from)
    if duration is not None and (point is None or point.end < duration.end):
        return Found("duration", position, duration.end, duration_value(duration))
    if point is None:
        return None
    return _time(position, _range(context, point) or _bound(context, point, after_from > position) or point)


def _time(start: int, reading: Reading) -> Found:
    return Found("time", start, reading.end, time_value(reading.moment))


def read_point(context: TimeContext, position: int) -> Reading | None:
    """A date, a time of day, or both."""
    date = longest(context, position, _DATE_READERS.get(context.text[position : position + 1], ()))
    if date is None:
        return _clock_of_today(context, position)
    moment = date.moment
    if moment.grain != "day" or moment.kind != "value" or moment.start is None:
        return date
    after = date.end + (_LINK.match(context.text, date.end) is not None)
    clock = read_clock(context.text, after) or _short_part(context.text, after)
    return Reading(clock.end, clock.on(moment.start, own_date=True)) if clock else date


def _short_part(text: str, position: int) -> ClockTime | None:
    """今晚, 明早八点: one character for the part of the day."""
    part = _SHORT_PART.match(text, position)
    if part is None or text[position - 1 : position] not in _DAY_SHORT:
        return None
    name = part.group("part") or "晨"
    return read_clock(text, part.end(), part_before=name) or part_of_day(part.end(), name)


def _clock_of_today(context: TimeContext, position: int) -> Reading | None:
    clock = read_clock(context.text, position)
    if clock is None:
        return None
    moment = clock.on(context.today, own_date=False)
    half_day = timedelta(hours=12)
    if clock.is_part or clock.certain or context.prefer == "past" or moment.start is None or moment.end is None:
        return Reading(clock.end, moment)
    # 三点 at half past ten means this afternoon; 九点 does not mean tonight.
    small_hours = timedelta(hours=1) <= clock.start < timedelta(hours=7)
    if small_hours and moment.start < context.now <= moment.start + half_day:
        moment = Moment(moment.start + half_day, moment.end + half_day, moment.grain, own_date=False)
    return Reading(clock.end, moment)


def _range(context: TimeContext, first: Reading) -> Reading | None:
    """3月1号到15号, 昨天到现在, 上午九点到十一点: the end takes over what it leaves out."""
    link = _TO.match(context.text, first.end)
    start = first.moment.start
    if link is None or start is None:
        return None
    last = _range_end(context, link.end(), first.moment)
    if last is None or last.moment.start is None or last.moment.start <= start:
        return None
    grain = min(first.moment.grain, last.moment.grain, key=SECONDS.__getitem__)
    whole = last.moment.kind == "interval" or is_calendar_grain(last.moment.grain)
    return Reading(last.end, interval(start, last.moment.end if whole else last.moment.start, grain))


def _range_end(context: TimeContext, position: int, first: Moment) -> Reading | None:
    if first.start is None:
        return None
    today = _TODAY.match(context.text, position)
    if today is not None:
        return Reading(today.end(), unit_at(context.today, "day"))
    return (
        _same_month_end(context, position, first)
        or _same_year_end(context, position, first)
        or _same_day_end(context, position, first)
        or read_point(context, position)
    )


def _same_month_end(context: TimeContext, position: int, first: Moment) -> Reading | None:
    match = _DAY_ONLY.match(context.text, position) if first.grain == "day" else None
    if match is None or first.start is None:
        return None
    start = context.date(first.start.year, first.start.month, number(match.group("day")))
    return Reading(match.end(), unit_at(start, "day")) if start and start > first.start else None


def _same_year_end(context: TimeContext, position: int, first: Moment) -> Reading | None:
    match = _MONTH_DAY.match(context.text, position) if first.grain in ("day", "month") else None
    if match is None or match.group("month") is None or first.start is None:
        return None
    month = number(match.group("month"))
    year = first.start.year + (month < first.start.month)
    day = match.group("day")
    start = context.date(year, month, number(day) if day else 1)
    return Reading(match.end(), unit_at(start, "day" if day else "month")) if start else None


def _same_day_end(context: TimeContext, position: int, first: Moment) -> Reading | None:
    clock = read_clock(context.text, position) if first.grain in ("hour", "minute") else None
    if clock is None or clock.is_part or first.start is None:
        return None
    start = floor(first.start, "day") + clock.start
    if start <= first.start and clock.start < timedelta(hours=12):
        start += timedelta(hours=12)
    return Reading(clock.end, Moment(start, start, "minute"))


def _bound(context: TimeContext, point: Reading, after_from: bool) -> Reading | None:
    """之前, 之后, 以来, 从...起: one side stays open. A bare 起 or 开始 without 从 belongs to the verb."""
    match = _BOUND.match(context.text, point.end)
    moment = point.moment
    if match is None:
        return None
    if match.group("before"):
        return Reading(match.end(), interval(None, moment.start, moment.grain))
    if match.group("since"):
        return Reading(match.end(), interval(moment.start, context.now, moment.grain))
    if match.group("after"):
        bare_period = match.group() == "后" and not after_from and moment.grain not in ("day", "hour", "minute")
        return None if bare_period else Reading(match.end(), interval(moment.end, None, moment.grain))
    return Reading(match.end(), interval(moment.start, None, moment.grain)) if after_from else None
