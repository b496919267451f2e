"""The written pieces of dates that several readers share, as sources of regular expressions, and their meaning.

All of them are bounded in length, so that no pattern built from them can backtrack for long.
"""

import re

from chinese.characters import DIGIT_VALUES
from chinese.moments import floor, shift
from chinese.numbers import read_numeral
from chinese.time_context import TimeContext

YEAR = (
    r"(?:(?P<year>(?:19|20)[0-9]{2}|[零〇一二三四五六七八九]{4}|[二2][〇零0][一二三四五六七八九]{2}|(?<![0-9])[0-9]{2})年(?:度)?"
    r"|(?P<relative_year>大前年|前年|去年|上一年|上年(?!度?费)|今年|本年|这一年|明年|下一年|下年|后年)(?:度)?)"
)
RELATIVE_MONTH = r"上上个?月|上一?个?月|本月|这一?个?月|当月|今个月|下下个?月|下一?个?月"
MONTH = (
    r"(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
    rf"|(?P<relative_month>{RELATIVE_MONTH})(?:份)?)"
)
DAY_NUMBER = (
    r"3[01]|[12][0-9]|0?[1-9]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九]"
)
DAY = rf"(?P<day>{DAY_NUMBER})(?:号(?!码|线|楼|卡|机|店|窗|文|元|台)|日(?!年化|通知|线|元|圆|币|均|期|结|常|志|本))"
WEEK = r"周|星期|礼拜"
WEEKDAYS = {char: day for names in ("一二三四五六日", "1234567") for day, char in enumerate(names)} | {"天": 6}
NEAR = r"上上个?|上一?个?|本|这一?个?|今个?|下下个?|下一?个?"
# First characters, by which a reader is chosen: trying all of them at every position would be slow.
ARABIC_STARTS = "0123456789"
NEAR_STARTS = "上本这今下"
WEEK_STARTS = NEAR_STARTS + "周星礼"
YEAR_STARTS = ARABIC_STARTS + "零〇一二三四五六七八九大前去上今本这明下后"
MONTH_STARTS = YEAR_STARTS + "十当"
TO = r" ?(?:到|至|-|~|—|–|～)+ ?"

_RELATIVE_YEARS = {"大前": -3, "前": -2, "去": -1, "上": -1, "上一": -1, "明": 1, "下": 1, "下一": 1, "后": 2}


def near_offset(word: str) -> int:
    """上上个 is -2, 上个 -1, 这个 0, 下个 1, 下下个 2."""
    if word.startswith(("上上", "下下")):
        return -2 if word[0] == "上" else 2
    return {"上": -1, "下": 1}.get(word[:1], 0)


def number(written: str) -> int:
    """An integer inside a date; the patterns above only let well-formed ones through."""
    stripped = written.lstrip("0")
    numeral = read_numeral(stripped) if stripped else None
    return int(numeral.value) if numeral else 0


def full_year(written: str) -> int:
    """2024, 二〇二四 or 24."""
    year = int("".join(char if char.isascii() else str(DIGIT_VALUES[char]) for char in written))
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def year_of(context: TimeContext, match: "re.Match[str]") -> int | None:
    """The year that the groups of YEAR name."""
    if match.group("year"):
        return full_year(match.group("year"))
    relative = match.group("relative_year")
    return context.now.year + _RELATIVE_YEARS.get(relative[:-1], 0) if relative else None


def month_of(context: TimeContext, match: "re.Match[str]") -> tuple[int | None, int]:
    """(year, month) that the groups of MONTH and YEAR name; the year is None where neither says it."""
    relative = match.group("relative_month")
    if relative:
        month = shift(floor(context.now, "month"), "month", near_offset(relative))
        return month.year, month.month
    return year_of(context, match), number(match.group("month"))
