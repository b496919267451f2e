"""Times of day: 下午三点半, 15:30, 9点, 晚上."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chinese.characters import CN_DIGITS
from chinese.date_patterns import number
from chinese.moments import SECONDS, Moment

# Part of the day -> (first hour, hour after the last one), as Duckling has them.
_PARTS = {
    "凌晨": (0, 4), "半夜": (0, 4), "午夜": (0, 1), "清晨": (4, 12), "早晨": (4, 12), "早上": (4, 12),
    "一早": (4, 12), "早": (4, 12), "晨": (4, 12), "上午": (4, 12), "中午": (12, 14), "下午": (12, 19),
    "傍晚": (17, 19), "晚上": (18, 24), "晚间": (18, 24), "夜里": (18, 24), "夜间": (18, 24), "晚": (18, 24),
    "夜": (18, 24),
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_AFTERNOON = ("下午", "傍晚", "晚上", "晚间", "夜里", "夜间", "晚", "夜")
_NIGHT = ("晚上", "晚间", "夜里", "夜间", "晚", "夜")

_HOUR = r"2[0-4]|[01]?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九]"
_MINUTE = r"[0-5]?[0-9]|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_SPOKEN = re.compile(
    rf"(?P<part>{_PART})?的?(?P<hour>{_HOUR})(?:点钟?|时(?!间|候|段|常|代))"
    rf"(?![{CN_DIGITS}0-9]{{1,3}}[万亿千百%元块倍])"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?:零|过)?(?P<minute>{_MINUTE})(?:分(?!钟)|(?![{CN_DIGITS}0-9块元万千百天个号月笔]))|整)?"
)
_BARE_HOUR = re.compile(r"[一二两三四五六七八九]点$")
_IS_AMOUNT = re.compile(r"[点滴儿都也不心]")
_DIGITAL = re.compile(
    rf"(?P<part>{_PART})?的?(?<![0-9:])(?P<hour>2[0-3]|[01]?[0-9]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?(?![0-9])"
    r" ?(?P<latin>[ap]m?(?![a-z]))?",
    re.IGNORECASE,
)
_LATIN = re.compile(r"(?P<hour>1[0-2]|0?[1-9]) ?(?P<latin>[ap]m)(?![a-z])", re.IGNORECASE)
_PART_ALONE = re.compile(rf"(?:{_PART})(?!好|安|饭|餐|报)")


@dataclass(frozen=True)
class ClockTime:
    """A time of day: the offsets of its start and end from midnight. `certain`: no doubt about the half of the day."""

    end: int
    start: timedelta
    stop: timedelta
    grain: str
    is_part: bool = False
    certain: bool = True

    def on(self, day: datetime, own_date: bool) -> Moment:
        kind = "interval" if self.is_part else "value"
        return Moment(day + self.start, day + self.stop, self.grain, kind, own_date)


def read_clock(text: str, position: int, part_before: str | None = None) -> ClockTime | None:
    """The time of day at `position`. part_before: a part of the day that was read already (the 晚 of 今晚)."""
    spoken = _SPOKEN.match(text, position)
    if spoken is not None and not _is_quantity(text, spoken):
        minute, exact = _minutes(spoken)
        part = spoken.group("part") or part_before
        return _clock(spoken.end(), part, number(spoken.group("hour")), minute, "minute" if exact else "hour")
    digital = _DIGITAL.match(text, position)
    if digital is not None:
        second = digital.group("second")
        hour = _with_latin(number(digital.group("hour")), digital.group("latin"))
        grain, part = "second" if second else "minute", digital.group("part") or part_before or "24h"
        clock = _clock(digital.end(), part, hour, number(digital.group("minute")), grain)
        seconds = timedelta(seconds=number(second or "0"))
        return ClockTime(clock.end, clock.start + seconds, clock.stop + seconds, grain)
    latin = _LATIN.match(text, position)
    if latin is not None:
        return _clock(latin.end(), "24h", _with_latin(number(latin.group("hour")), latin.group("latin")), 0, "hour")
    part_alone = _PART_ALONE.match(text, position) if part_before is None else None
    return part_of_day(part_alone.end(), part_alone.group()) if part_alone and len(part_alone.group()) > 1 else None


def part_of_day(end: int, name: str) -> ClockTime:
    """A whole part of the day, by a name of the table."""
    first, last = _PARTS[name]
    return ClockTime(end, timedelta(hours=first), timedelta(hours=last), "hour", is_part=True)


def _clock(end: int, part: str | None, hour: int, minute: int, grain: str) -> ClockTime:
    start = timedelta(hours=_in_24_hours(part, hour), minutes=minute)
    certain = part is not None or hour > 12
    return ClockTime(end, start, start + timedelta(seconds=SECONDS[grain]), grain, certain=certain)


def _in_24_hours(part: str | None, hour: int) -> int:
    if part in _AFTERNOON and 1 <= hour < 12:
        return hour + 12
    if part == "中午" and 1 <= hour <= 2:
        return hour + 12
    return 24 if part in _NIGHT and hour == 12 else hour


def _with_latin(hour: int, latin: str | None) -> int:
    if latin is None:
        return hour
    return hour % 12 + (12 if latin[0] in "pP" else 0)


def _minutes(match: "re.Match[str]") -> tuple[int, bool]:
    if match.group("half"):
        return 30, True
    if match.group("quarter"):
        return {"一": 15, "三": 45}[match.group("quarter")], True
    return (number(match.group("minute")), True) if match.group("minute") else (0, False)


def _is_quantity(text: str, match: "re.Match[str]") -> bool:
    """一点 is "a little" without a part of the day, and so is 两点 before 点 or 儿."""
    if match.group("part") or match.group("minute") or match.group("half") or match.group("quarter"):
        return False
    written = match.group()
    return written == "一点" or (bool(_BARE_HOUR.match(written)) and bool(_IS_AMOUNT.match(text, match.end())))
