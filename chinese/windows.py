"""Stretches counted from now: 近三个月, 过去一周, 前两个月, 未来七天, 三天前, 一周内."""

import re
from datetime import datetime

from chinese.characters import CN_DIGITS
from chinese.durations import Duration, read_duration
from chinese.moments import Moment, floor, interval, is_calendar_grain, shift, unit_at
from chinese.numbers import read_numeral
from chinese.time_context import Reading, TimeContext

_ROLLING = re.compile(
    rf"(?P<word>最近|过去|未来|今后|接下来|往后|近)(?:的|这|这个)?|(?P<near>[前上下后这](?=[{CN_DIGITS}十0-9])|[前这](?=半))"
)
_COUNTED_SHORT = re.compile(rf"(?P<count>[{CN_DIGITS}十0-9]{{1,3}})(?P<unit>[月日])")
_BACK = ("最近", "近", "过去")
_SIDE = re.compile(r"(?:以|之)?(?P<side>[前后内])(?!(?<=[前后])(?:天|面|日|半|台|续|者))")
_LOOKS_BACK = re.compile(r"查|账单|流水|明细|记录|交易|消费|花了|扣了|收入|支出|转出|转了|转过|收到|买的|取的|存的|退")
_LOOKS_AHEAD = re.compile(r"到账|能|可以|还款?|付清|处理|回复")


def rolling(context: TimeContext, position: int) -> Reading | None:
    """最近三个月 ends today; 前三个月 are the three whole months before this one."""
    match = _ROLLING.match(context.text, position)
    if match is None:
        return None
    duration = read_duration(context.text, match.end()) or _counted_short(context.text, match.end())
    if duration is None or len(duration.parts) != 1:
        return None
    word = match.group("word") or match.group("near")
    rolls = word not in ("前", "上", "下", "后")
    end = duration.end + (rolls and context.text.startswith("内", duration.end))
    count, grain = duration.parts[0]
    if word == "这" and count == 1:
        return None  # 这一周 is this week
    if word in _BACK:
        return Reading(end, _up_to_now(context, count, grain))
    if match.group("word"):
        return Reading(end, _from_now(context, count, grain))
    this_unit = floor(context.now, grain)
    if word in ("前", "上"):
        return Reading(end, interval(shift(this_unit, grain, -count), this_unit, grain))
    if word == "这":
        return Reading(end, _up_to_now(context, count, grain))
    return Reading(end, interval(shift(this_unit, grain, 1), shift(this_unit, grain, count + 1), grain))


def counted_from_now(context: TimeContext, duration: Duration) -> Reading | None:
    """三天前, 两周后, 一个月内, given the length that was read."""
    side = _SIDE.match(context.text, duration.end)
    if side is None:
        return None
    grain = duration.parts[-1][1]
    if side.group("side") == "内":
        return Reading(side.end(), _within(context, duration, grain))
    moved = _moved(context.now, duration, -1 if side.group("side") == "前" else 1)
    point_grain = "day" if is_calendar_grain(grain) else grain
    return Reading(side.end(), unit_at(floor(moved, point_grain), point_grain))


def _counted_short(text: str, position: int) -> Duration | None:
    """The 三月 of 近三月, the 7日 of 近7日: lengths only after such a word."""
    match = _COUNTED_SHORT.match(text, position)
    numeral = read_numeral(match.group("count")) if match else None
    if match is None or numeral is None:
        return None
    return Duration(match.end(), ((int(numeral.value), "month" if match.group("unit") == "月" else "day"),))


def _up_to_now(context: TimeContext, count: int, grain: str) -> Moment:
    if not is_calendar_grain(grain):
        return interval(shift(context.now, grain, -count), context.now, grain)
    return interval(shift(context.today, grain, -count), shift(context.today, "day", 1), "day")


def _from_now(context: TimeContext, count: int, grain: str) -> Moment:
    if is_calendar_grain(grain):
        return interval(context.today, shift(context.today, grain, count), "day")
    start = floor(context.now, "minute")
    return interval(start, shift(start, grain, count), grain)


def _within(context: TimeContext, duration: Duration, grain: str) -> Moment:
    looks_back = _LOOKS_BACK.search(context.text) and not _LOOKS_AHEAD.search(context.text)
    if looks_back:
        return interval(_moved(context.now, duration, -1), context.now, grain)
    return interval(context.now, _moved(context.now, duration, 1), grain)


def _moved(start: datetime, duration: Duration, sign: int) -> datetime:
    for count, grain in duration.parts:
        start = shift(start, grain, sign * count)
    return start
