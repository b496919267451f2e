"""Amounts named as a share of what is there (全部, 一半, 三分之一, 余额的30%) and plain percentages."""

import re
from collections.abc import Iterator
from decimal import Decimal

from chinese.characters import CN_DIGITS
from chinese.numbers import read_numeral
from chinese.quantity import Found, json_number

_HELD = r"(?:(?:的)?(?:余额|存款|资金|钱))?"
_NUMERAL = rf"(?:[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?|[{CN_DIGITS}十百点]{{1,8}})"
_ALL = re.compile(rf"余额(?P<all>全部|全)|(?:全部|所有){_HELD}|全额|全都?(?=[转取提还])|剩[余下]的?(?:全部|余额|钱)?")
_HALF = re.compile(rf"(?<!另)(?:一半|半数){_HELD}")
_FRACTION = re.compile(rf"(?P<whole>{_NUMERAL})分之(?P<part>{_NUMERAL}){_HELD}")
_TENTHS = re.compile(rf"(?P<part>[一两二三四五六七八九1-9])成{_HELD}(?![功交本为都了立年员长品])")
_PERCENT = re.compile(rf"(?P<number>{_NUMERAL}) ?[%％]{_HELD}|百分之(?P<spoken>{_NUMERAL}){_HELD}")

_MOVING = re.compile(r"转|取|还|存|汇|付|提|买|赎|余额|投|全部|所有|全额")
_WHOLE = re.compile(
    rf"[就要先]?(?:一半|半数|{_NUMERAL}分之{_NUMERAL}|[一两二三四五六七八九1-9]成|[0-9]{{1,3}}%|剩[余下]的?(?:余额|钱)?)[吧的了。！]{{0,2}}"
)
_NOT_MONEY = re.compile(r"流水|账单|明细|记录|交易|信息|功能|卡|账户|业务|产品|网点|银行|理财|人|收款人")
_OF_WHAT_BEFORE = re.compile(r"(?:余额|存款|资金|里面?|钱)的?$")
_OF_WHAT_AFTER = re.compile(r"余额|存款|资金|钱$")
_RATE_BEFORE = re.compile(r"利率|利息|年化|收益|费率|折扣|涨|跌|手续费|比例|达|超过|首付|手续")
_MOVING_BEFORE = re.compile(r"(?:转|取|还|存|汇|付|提|投|赎)[出走了账款]{0,2}$")


def find_scopes(text: str) -> list[Found]:
    """Shares of the balance and percentages of a normalised text; they may overlap amounts, the caller decides."""
    found: list[Found] = []
    for candidate in _candidates(text):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    return found


def _candidates(text: str) -> Iterator[Found]:
    yield from _percentages(text)
    if _MOVING.search(text) is None and _WHOLE.fullmatch(text) is None:
        return
    for match in _ALL.finditer(text):
        start = match.start("all") if match.group("all") else match.start()
        if not _NOT_MONEY.match(text, match.end() + (text[match.end() : match.end() + 1] == "的")):
            yield Found("amount-scope", start, match.end(), {"value": "all"})
    for match in _HALF.finditer(text):
        if not _NOT_MONEY.match(text, match.end() + (text[match.end() : match.end() + 1] == "的")):
            yield _share(match.start(), match.end(), Decimal("0.5"))
    for match in _FRACTION.finditer(text):
        whole, part = read_numeral(match.group("whole")), read_numeral(match.group("part"))
        if match.group("whole") != "百" and whole and part and 0 < part.value < whole.value:
            yield _share(match.start(), match.end(), part.value / whole.value)
    for match in _TENTHS.finditer(text):
        tenths = read_numeral(match.group("part"))
        if tenths and _is_share(text, match):
            yield _share(match.start(), match.end(), tenths.value / 10)


def _percentages(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        numeral = read_numeral(match.group("number") or match.group("spoken"))
        if numeral is None or numeral.high is not None:
            continue
        if _is_share(text, match) and 0 < numeral.value <= 100:
            yield _share(match.start(), match.end(), numeral.value / 100)
        else:
            value = {"type": "value", "value": json_number(numeral.value), "unit": "%"}
            yield Found("percent", match.start(), match.end(), value)


def _is_share(text: str, match: "re.Match[str]") -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    if _RATE_BEFORE.search(before):
        return False
    if _WHOLE.fullmatch(text):
        return True
    return bool(_OF_WHAT_BEFORE.search(before) or _OF_WHAT_AFTER.search(match.group()) or _MOVING_BEFORE.search(before))


def _share(start: int, end: int, ratio: Decimal) -> Found:
    if ratio == 1:
        return Found("amount-scope", start, end, {"value": "all"})
    return Found("amount-scope", start, end, {"value": "ratio", "ratio": float(round(ratio, 6))})
