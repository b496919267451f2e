"""From composed amounts to Duckling-shaped values: ranges, bounds, approximation, and what makes an amount unsafe."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from chinese.money import Amount
from chinese.money_context import WINDOW, is_bare_amount, is_counted, is_plain_number, is_whole_answer
from chinese.quantity import Found, json_number

_RANGE = re.compile(r" ?(?:到|至|-|~|—|–|～)+ ?")
_BETWEEN = re.compile(r"(?:之间|以内|左右|的)")
_UPPER = re.compile(
    r"(?:最多|至多|不超过|不高于|低于|小于|少于|不到|不足|上限是?|别超过|不能超过|最高)(?:能|可以?|只能)?[转付取存提汇借花刷]?[账款]?$"
)
_LOWER = re.compile(
    r"(?:最少|至少|起码|最低|不低于|不少于|超过|大于|高于|多于|超出)(?:能|可以?|要)?[转付取存提汇借花刷]?[账款]?$"
)
_UPPER_AFTER = re.compile(r"(?:以下|以内|之内|及以下|封顶|不到)")
_LOWER_AFTER = re.compile(r"(?:以上|及以上|往上|开外|起(?=[投购存]|$|[，。,]))")
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|约|差不多|将近|接近|近|估计|可能)(?:是|有|要)?[转付取存提汇借花]?了?$")
_ABOUT_AFTER = re.compile(r"(?:块钱?|元)?(?:左右|上下|的样子)")

_NEGATED = re.compile(r"(?:不是|不要|别转|不转|不用|而不是|不取|不还)$")

_MAX_IMPLIED_DIGITS = 9  # a longer bare number is as likely an account or an order number
_SMALLEST = Decimal("0.01")


@dataclass(frozen=True)
class _Money:
    """An amount with its bounds resolved: exact when low == high, open when one of them is missing."""

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    currency: str | None
    approximate: bool
    ambiguous: bool
    negated: bool = False


def money_and_numbers(text: str, amounts: list[Amount]) -> list[Found]:
    """Every amount as amount-of-money, ordinal or number, in order."""
    found: list[Found] = []
    position = 0
    while position < len(amounts):
        amount = amounts[position]
        joined = _joined(text, amount, amounts[position + 1]) if position + 1 < len(amounts) else None
        if joined is not None:
            found.append(_entity(joined))
            position += 2
            continue
        position += 1
        single = _single(text, amount)
        if single is not None:
            found.append(single)
    return found


def _single(text: str, amount: Amount) -> Found | None:
    if amount.currency is not None or is_bare_amount(text, amount):
        return _entity(_bounded(text, amount))
    number = {"type": "value", "value": json_number(amount.low)}
    if text[max(0, amount.start - 1) : amount.start] == "第":
        return Found("ordinal", amount.start - 1, amount.end, number)
    if amount.high is None and is_plain_number(text, amount):
        return Found("number", amount.start, amount.end, number)
    return None


def _joined(text: str, first: Amount, second: Amount) -> _Money | None:
    """三千到五千块, 5-10万: two amounts that are one span of values."""
    between = _RANGE.fullmatch(text, first.end, second.start)
    if between is None or second.high is not None or is_counted(text, second):
        return None
    low = first.low
    if first.currency is None and not first.token.numeral.has_unit:
        low = second.token.numeral.scale(low)
    if low >= second.low or not _is_money_range(text, first, second):
        return None
    return _Money(
        first.start, second.end, low, second.low, second.currency or first.currency,
        first.approximate or second.approximate, first.ambiguous or second.ambiguous,
    )  # fmt: skip


def _is_money_range(text: str, first: Amount, second: Amount) -> bool:
    if first.currency or second.currency:
        return True
    if first.token.numeral.has_unit or second.token.numeral.has_unit:
        return True
    if min(first.low, second.low) < 10:
        return False
    whole = is_whole_answer(text, first.start, second.end) or _BETWEEN.match(text, second.end) is not None
    return whole or is_bare_amount(text, first)


def _bounded(text: str, amount: Amount) -> _Money:
    before = text[max(0, amount.start - WINDOW) : amount.start]
    negated = _NEGATED.search(before) is not None
    about = amount.approximate or bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text, amount.end))
    start, end, low, high = amount.start, amount.end, amount.low, amount.high
    if high is not None:
        return _Money(start, end, low, high, amount.currency, about, amount.ambiguous)
    upper, lower = _UPPER.search(before), _LOWER.search(before)
    upper_after, lower_after = _UPPER_AFTER.match(text, end), _LOWER_AFTER.match(text, end)
    bound = upper or (None if upper_after else lower)
    if bound is not None:
        start -= len(before) - bound.start()
    after = upper_after or lower_after
    if after is not None:
        end = after.end()
    if upper or upper_after:
        return _Money(start, end, None, low, amount.currency, about, amount.ambiguous)
    if lower or lower_after:
        return _Money(start, end, low, None, amount.currency, about, amount.ambiguous)
    return _Money(start, end, low, low, amount.currency, about, amount.ambiguous, negated)


def _entity(money: _Money) -> Found:
    unit = money.currency or "CNY"
    value: dict[str, Any]
    if money.low is not None and money.low == money.high:
        value = {"type": "value", **_side(money.low, unit)}
    else:
        value = {"type": "interval"}
        if money.low is not None:
            value["from"] = _side(money.low, unit)
        if money.high is not None:
            value["to"] = _side(money.high, unit)
    if money.currency is None:
        value["implied_unit"] = True
    if money.approximate:
        value["precision"] = "approx"
    if money.negated:
        value["negated"] = True
    value["unsafe"] = _unsafe(money)
    return Found("amount-of-money", money.start, money.end, value)


def _side(amount: Decimal, unit: str) -> dict[str, Any]:
    minor = int((amount * 100).to_integral_value(rounding=ROUND_DOWN))
    return {"value": json_number(amount), "unit": unit, "minor": minor}


def _unsafe(money: _Money) -> list[str]:
    """Why the amount must not fill a slot unasked (quantities.md, safety rule)."""
    exact = money.low if money.low is not None and money.low == money.high else None
    known = [side for side in (money.low, money.high) if side is not None]
    implied = money.currency is None
    reasons = {
        "approximate": money.approximate,
        "interval": exact is None,
        "negative": any(side < 0 for side in known),
        "zero": exact == 0,
        "ambiguous": money.ambiguous
        or money.negated
        or any(side % _SMALLEST != 0 for side in known)
        or (implied and any(abs(side) >= 10**_MAX_IMPLIED_DIGITS for side in known)),
        "single_digit_implied": implied and exact is not None and 0 < abs(exact) < 10,
        "foreign_currency": not implied and money.currency != "CNY",
    }
    return [reason for reason, applies in reasons.items() if applies]
