"""Feasts and shopping days by name, and the day each falls on.

The lunar dates were computed from the new moons and the sun's longitude (Meeus, Astronomical Algorithms, ch. 25 and 49,
Beijing time; leap months 2020/4, 2023/2, 2025/6, 2028/5, 2031/3, 2033/11). Outside 2019-2035 a lunar feast is not read.
"""

import re
from datetime import date, timedelta

# 春节 (1/1), 端午 (5/5), 七夕 (7/7), 中秋 (8/15), 重阳 (9/9) as (month, day) of the Gregorian calendar.
_LUNAR_FEASTS = ("spring", "dragon_boat", "double_seven", "mid_autumn", "double_nine")
_LUNAR_TABLE = {
    2019: ((2, 5), (6, 7), (8, 7), (9, 13), (10, 7)),
    2020: ((1, 25), (6, 25), (8, 25), (10, 1), (10, 25)),
    2021: ((2, 12), (6, 14), (8, 14), (9, 21), (10, 14)),
    2022: ((2, 1), (6, 3), (8, 4), (9, 10), (10, 4)),
    2023: ((1, 22), (6, 22), (8, 22), (9, 29), (10, 23)),
    2024: ((2, 10), (6, 10), (8, 10), (9, 17), (10, 11)),
    2025: ((1, 29), (5, 31), (8, 29), (10, 6), (10, 29)),
    2026: ((2, 17), (6, 19), (8, 19), (9, 25), (10, 18)),
    2027: ((2, 6), (6, 9), (8, 8), (9, 15), (10, 8)),
    2028: ((1, 26), (5, 28), (8, 26), (10, 3), (10, 26)),
    2029: ((2, 13), (6, 16), (8, 16), (9, 22), (10, 16)),
    2030: ((2, 3), (6, 5), (8, 5), (9, 12), (10, 5)),
    2031: ((1, 23), (6, 24), (8, 24), (10, 1), (10, 24)),
    2032: ((2, 11), (6, 12), (8, 12), (9, 19), (10, 12)),
    2033: ((1, 31), (6, 1), (8, 1), (9, 8), (10, 1)),
    2034: ((2, 19), (6, 20), (8, 20), (9, 27), (10, 20)),
    2035: ((2, 8), (6, 10), (8, 10), (9, 16), (10, 9)),
}

# name pattern -> (month, day), or a lunar feast and days after it, or "clear_bright".
_FEASTS: dict[str, tuple[int, int] | tuple[str, int] | str] = {
    r"元旦节?|阳历新年": (1, 1),
    r"情人节": (2, 14),
    r"妇女节|三八节|女神节": (3, 8),
    r"国际消费者权益日|三一五(?!十|百|千|万|块|元)|315晚会": (3, 15),
    r"植树节": (3, 12),
    r"愚人节": (4, 1),
    r"清明节?": "clear_bright",
    r"五一(?:国际)?(?:劳动节|假期|黄金周|长假)|五一(?=期间|前|后|放假|当天|那天|节|小长假|$)|劳动节": (5, 1),
    r"五四青年节|青年节": (5, 4),
    r"国际儿童节|儿童节|六一儿童节|六一(?=期间|前|后|当天|那天|$)": (6, 1),
    r"六一八|618(?=大促|活动|期间|购物|那天|当天)": (6, 18),
    r"七一(?:建党节)|建党节": (7, 1),
    r"八一建军节|建军节": (8, 1),
    r"教师节": (9, 10),
    r"国庆节?|十一(?=长假|假期|黄金周|期间|放假)": (10, 1),
    r"万圣节": (10, 31),
    r"双十一|双11(?![0-9])": (11, 11),
    r"双十二|双12(?![0-9])": (12, 12),
    r"澳门回归纪念日": (12, 20),
    r"平安夜": (12, 24),
    r"圣诞节?": (12, 25),
    r"春节|大年初一|正月初一|农历新年|新春|过年": ("spring", 0),
    r"除夕夜?|大年三十|年三十": ("spring", -1),
    r"元宵节?|正月十五": ("spring", 14),
    r"端午节?": ("dragon_boat", 0),
    r"七夕节?": ("double_seven", 0),
    r"中秋节?": ("mid_autumn", 0),
    r"重阳节?": ("double_nine", 0),
}
_NAMED = re.compile("|".join(f"(?P<f{index}>{pattern})" for index, pattern in enumerate(_FEASTS)))
FEAST_STARTS = "元阳情妇三女国消植愚清劳五青儿六七建八教十万双澳平圣春大正农新过除年端中重"
_RULES = list(_FEASTS.values())


def match_feast(text: str, position: int) -> tuple[int, int] | None:
    """(end of the name, number of the feast) for a feast named at `position` of a normalised text."""
    match = _NAMED.match(text, position)
    if match is None or match.lastgroup is None:
        return None
    return match.end(), int(match.lastgroup[1:])


def feast_date(feast: int, year: int) -> date | None:
    """The day of a feast in a year; None for a lunar feast outside the table."""
    rule = _RULES[feast]
    if isinstance(rule, str):
        return _clear_bright(year)
    first, second = rule
    if isinstance(first, int):
        return date(year, first, second)
    days = _LUNAR_TABLE.get(year)
    return days and date(year, *days[_LUNAR_FEASTS.index(first)]) + timedelta(days=second)


def _clear_bright(year: int) -> date:
    """清明 is 4 April in years 0 and 1 of each four, 5 April else; holds from 2009 to 2043."""
    return date(year, 4, 4 if year % 4 in (0, 1) else 5)
