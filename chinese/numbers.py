"""Reading one numeral: 三万二 is 32000, 1.5万 is 15000, 一百零五 is 105, 五〇〇 is 500.

A numeral is read whole or not at all: a well-formed part of a malformed one (三百五百) would be a wrong number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from chinese.characters import DIGIT_VALUES, PLAIN_FORMS, UNIT_VALUES

TOO_LARGE = 10**16  # no amount of money; it also keeps every product exact in Decimal
MAX_LENGTH = 40  # longer runs are not numerals anybody says; it also bounds the recursion

_ARABIC = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DIGIT_STRING = re.compile(r"[零一二三四五六七八九]{2,}")
_ADJACENT_DIGITS = re.compile(r"([一二两三四五六七八])([二三四五六七八九])(?![一二三四五六七八九零点])")
_DIGITS_ONLY = re.compile(r"[0-9零一二三四五六七八九两]")
_APPROXIMATE_MARK = re.compile(r"[多来余]")


@dataclass(frozen=True)
class Numeral:
    """A number as written. `high` is set for a span of values (三五千, 十几万); `text` is the plain spelling."""

    text: str
    value: Decimal
    high: Decimal | None = None
    approximate: bool = False
    ambiguous: bool = False

    @property
    def has_unit(self) -> bool:
        """Written with 百, 千, 万 or 亿: in a bank such a number is an amount unless something says otherwise."""
        return any(unit in self.text for unit in "百千万亿")

    def scale(self, low: Decimal) -> Decimal:
        """`low` with the unit of this numeral, when it left that out: 5 before 10万 is 50000."""
        trailing = re.search(r"[十百千万亿]*(?=[一二三四五六七八九]?$)", self.text)
        units = trailing.group() if trailing else ""
        for first in range(len(units)):
            factor = Decimal(1)
            for unit in units[first:]:
                factor *= UNIT_VALUES[unit]
            if low * factor < (self.high or self.value):
                return low * factor
        return low


@dataclass(frozen=True)
class _Reading:
    value: Decimal
    ambiguous: bool = False


def read_numeral(written: str) -> Numeral | None:
    """Read a whole numeral, plain or formal, Arabic, Chinese or mixed; None when it is not well formed."""
    text = written.translate(PLAIN_FORMS).replace(" ", "").replace(",", "").replace("，", "")
    if not text or len(text) > MAX_LENGTH:
        return None
    if "几" in text:
        return _span(text, text.replace("几", "一", 1), text.replace("几", "九", 1))
    if _APPROXIMATE_MARK.search(text):
        exact = _read(_APPROXIMATE_MARK.sub("", text, count=1), elision=False)
        return Numeral(text, exact.value, approximate=True) if exact else None
    pair = _ADJACENT_DIGITS.search(text)
    if pair and _is_spread(pair.group(1), pair.group(2)) and not _is_digit_string(text):
        return _span(text, _without(text, pair.start(2)), _without(text, pair.start(1)))
    reading = _read(text)
    return Numeral(text, reading.value, ambiguous=reading.ambiguous) if reading else None


def spoken_pair(text: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits that mean a span before a unit of money: the 三五 of 三五块."""
    if len(text) == 2 and all(char in DIGIT_VALUES for char in text) and _is_spread(text[0], text[1]):
        return Decimal(DIGIT_VALUES[text[0]]), Decimal(DIGIT_VALUES[text[1]])
    return None


def digit(char: str) -> Decimal | None:
    """The value of one digit, Arabic or Chinese."""
    if char in "0123456789":
        return Decimal(char)
    return Decimal(DIGIT_VALUES[char]) if char in DIGIT_VALUES else None


def _is_spread(first: str, second: str) -> bool:
    return DIGIT_VALUES[second] - DIGIT_VALUES[first] == 1 or (first, second) == ("三", "五")


def _is_digit_string(text: str) -> bool:
    return _DIGIT_STRING.fullmatch(text) is not None


def _without(text: str, position: int) -> str:
    return text[:position] + text[position + 1 :]


def _span(text: str, low_text: str, high_text: str) -> Numeral | None:
    low, high = _read(low_text, elision=False), _read(high_text, elision=False)
    if low is None or high is None or low.value >= high.value:
        return None
    return Numeral(text, low.value, high.value, approximate=True)


def _read(text: str, elision: bool = True) -> _Reading | None:
    """`elision`: a last digit may have lost its unit (三万二). Only the end of a whole numeral may do that."""
    if _ARABIC.fullmatch(text):
        leading_zero = len(text) > 1 and text[0] == "0" and text[1] != "."
        return None if leading_zero else _Reading(Decimal(text))
    if len(text) == 1:
        value = Decimal(10) if text == "十" else digit(text)
        return None if value is None else _Reading(value)
    if _is_digit_string(text):
        return _digit_string(text)
    for unit in "亿万":
        if unit in text:
            return _composed(*text.rpartition(unit), elision=elision)
    if "点" in text:
        return _decimal(text)
    for unit in "千百十":
        if unit in text:
            return _composed(*text.partition(unit), elision=elision)
    return None


def _digit_string(text: str) -> _Reading | None:
    """五零零 is said for 500; without a zero, or with one at the front, it may as well be a code."""
    value = Decimal("".join(str(DIGIT_VALUES[char]) for char in text))
    return _Reading(value, ambiguous=text[0] == "零" or len(text) < 3 or "零" not in text)


def _decimal(text: str) -> _Reading | None:
    whole, _, fraction = text.partition("点")
    reading = _read(whole, elision=False)
    if reading is None or not fraction or not all(_DIGITS_ONLY.match(char) for char in fraction):
        return None
    return _Reading(Decimal(f"{reading.value}.{''.join(str(digit(char)) for char in fraction)}"))


def _composed(left: str, unit: str, right: str, elision: bool) -> _Reading | None:
    size = Decimal(UNIT_VALUES[unit])
    coefficient = _coefficient(left, unit)
    if coefficient is None or coefficient * size >= TOO_LARGE:
        return None
    # 贰拾万零叁仟: formal writing marks the empty place of 万 as well.
    gap_below = size if size >= 10**4 and coefficient % 10 == 0 else size / 10
    rest = _rest(right, size, elision, gap_below)
    if rest is None:
        return None
    return _Reading(coefficient * size + rest.value, rest.ambiguous)


def _coefficient(left: str, unit: str) -> Decimal | None:
    if unit == "十" and not left:
        return Decimal(1)
    reading = _read(left, elision=False) if left else None
    if reading is None or reading.value == 0:
        return None
    small_only = unit in "千百十" and not _ARABIC.fullmatch(left)
    return None if small_only and (reading.value >= 10 or reading.value != int(reading.value)) else reading.value


def _rest(right: str, size: Decimal, elision: bool, gap_below: Decimal) -> _Reading | None:
    """What follows a unit: nothing, an elided digit, 半, 零 and a number below `gap_below`, or a smaller numeral."""
    if right in ("", "半"):
        return _Reading(size / 2 if right else Decimal(0))
    value = digit(right) if len(right) == 1 else None
    if value is not None:
        elided = (elision or size == 10) and value != 0 and right != "两"
        return _Reading(value * size / 10) if elided else None
    if right[0] == "零":
        reading = _read(right.lstrip("零"), elision=False) if right.lstrip("零") else None
        return reading if reading and reading.value < gap_below else None
    if _ARABIC.fullmatch(right):
        return _arabic_rest(right, size)
    reading = None if _is_digit_string(right) else _read(right, elision)
    return reading if reading and reading.value < size else None


def _arabic_rest(right: str, size: Decimal) -> _Reading | None:
    """2万5000 is plain; 2万50 may be 20050 or 20500."""
    if "." in right or Decimal(right) >= size:
        return None
    return _Reading(Decimal(right), ambiguous=len(right) != len(str(size)) - 1)
