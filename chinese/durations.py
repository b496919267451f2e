"""Lengths of time: 一年, 三个月, 半小时, 两天半, 5个工作日."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from chinese.characters import CN_DIGITS
from chinese.moments import SECONDS
from chinese.numbers import read_numeral

_GRAINS = {
    "年": "year", "个月": "month", "月": "month", "周": "week", "个周": "week", "星期": "week", "个星期": "week",
    "礼拜": "week", "个礼拜": "week", "天": "day", "日": "day", "个工作日": "day", "工作日": "day", "个交易日": "day",
    "个自然日": "day", "小时": "hour", "个小时": "hour", "个钟头": "hour", "钟头": "hour", "个钟": "hour",
    "分钟": "minute", "秒钟": "second", "秒": "second", "季度": "quarter", "个季度": "quarter",
}  # fmt: skip
_NAMES = "|".join(sorted(_GRAINS, key=len, reverse=True))
_PART = re.compile(
    rf"[零又]? ?(?P<count>[0-9]{{1,6}}(?:\.[0-9]{{1,2}})?|[{CN_DIGITS}十百千廿卅]{{1,8}}) ?(?P<half>个半|半)?"
    rf"(?P<name>{_NAMES})(?!岁|转)(?P<half_after>半)?"
)
_HALF = re.compile(r"半(?P<name>年|个月|天|日|个?小时|个?钟头|个钟)")
_HALVES = {"年": (6, "month"), "个月": (15, "day"), "天": (12, "hour"), "日": (12, "hour")}
_SMALLER = {
    "year": ("month", 12),
    "month": ("day", 30),
    "week": ("day", 7),
    "day": ("hour", 24),
    "hour": ("minute", 60),
    "minute": ("second", 60),
}
# 一万一天, 5万24个月 and 一百万三十年 are an amount and a length.
_NOT_A_LENGTH = re.compile(
    r"[0-9.第十]|[百千万亿](?![一两][年天周个星礼小]|[0-9]{1,2} ?(?:年|个月|个?星期|周|天))"
    r"(?!(?<=[万亿])(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])(?:年(?![利化息])|个月))"
)
_LONGEST_TERM = 60  # 30年 is the term of a mortgage, 98年 a year


class Duration(NamedTuple):
    """end: where it ends in the text; parts: (count, grain) from large to small."""

    end: int
    parts: tuple[tuple[int, str], ...]
    working_days: bool = False


def read_duration(text: str, position: int) -> Duration | None:
    """The length of time written at `position` of a normalised text."""
    if position and (
        _NOT_A_LENGTH.match(text, position - 1) or (text[position - 1] in CN_DIGITS and text[position] in CN_DIGITS)
    ):
        return None
    half = _HALF.match(text, position)
    if half is not None:
        return Duration(half.end(), (_HALVES.get(half.group("name"), (30, "minute")),))
    parts: list[tuple[int, str]] = []
    end, working = position, False
    while len(parts) < len(SECONDS):
        part = _PART.match(text, end)
        counted = _count(part) if part else None
        if part is None or counted is None or (parts and SECONDS[counted[1]] >= SECONDS[parts[-1][1]]):
            break
        parts.append(counted)
        end, working = part.end(), working or part.group("name").endswith(("工作日", "交易日"))
    return Duration(end, tuple(parts), working) if parts else None


def duration_value(duration: Duration) -> dict[str, Any]:
    """Duckling's value: the count in its smallest unit, and the whole length in seconds."""
    seconds = sum(count * SECONDS[grain] for count, grain in duration.parts)
    count, unit = duration.parts[-1]
    if len(duration.parts) > 1:
        months = sum(n * {"year": 12, "quarter": 3, "month": 1}.get(grain, 0) for n, grain in duration.parts)
        count = months if unit == "month" else seconds // SECONDS[unit]
    normalized = {"value": seconds, "unit": "second"}
    value = {"type": "value", "value": count, "unit": unit, unit: count, "normalized": normalized}
    return {**value, "working_days": True} if duration.working_days else value


def _count(part: "re.Match[str]") -> tuple[int, str] | None:
    name, written = part.group("name"), part.group("count")
    numeral = read_numeral(written)
    if (
        numeral is None
        or numeral.high is not None
        or name == "日"
        or (name == "月" and part.group("half") != "个半")
        or _is_calendar_year(name, written)
    ):
        return None
    count, grain = numeral.value, _GRAINS[name]
    if part.group("half") or part.group("half_after"):
        count += Decimal("0.5")
    if count != int(count):
        if grain not in _SMALLER:
            return None
        grain, factor = _SMALLER[grain]
        count *= factor
    return int(count), grain


def _is_calendar_year(name: str, written: str) -> bool:
    if name != "年" or not all(char in "0123456789" or char in CN_DIGITS for char in written):
        return False
    return len(written) == 4 or (len(written) == 2 and written.isascii() and int(written) > _LONGEST_TERM)
