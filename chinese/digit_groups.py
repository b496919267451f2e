"""Long figures in a text: runs of digits that may be split by spaces, dashes or invisible characters.

Works on a *digit view* of the text: full-width and spelled-out digits (六二二二, 幺三八) are Arabic there, at the
same places.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from chinese.characters import CN_DIGITS, SPOKEN_DIGITS
from chinese.normalise import normalise

_SPELLED = re.compile(rf"(?<![{CN_DIGITS}幺])[{CN_DIGITS}幺]{{4,}}(?![十百千万亿])")
_SEPARATOR = r"[ \-_·\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]"
_CHAIN = re.compile(rf"[0-9](?:{_SEPARATOR}{{0,3}}[0-9])*")
_GROUP = re.compile(r"[0-9]+")

ID_WRITTEN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{6}[ -][0-9]{8}[ -][0-9]{3}[0-9Xx])(?![0-9A-Za-z])")
_CARD_LENGTHS = range(16, 20)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_COUNTRY_CODE = re.compile(r"(?:0086|86|0)(?=1[3-9][0-9]{9}$)")
_MOBILE = re.compile(r"1[3-9]")
_LUHN_DOUBLED = str.maketrans("0123456789", "0246813579")
_PHONE_SHAPES = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3)}


@dataclass(frozen=True)
class Group:
    """One unbroken run of digits."""

    start: int
    end: int
    digits: str


WindowEnds = Callable[[list[Group], int], int | None]


def digit_view(text: str) -> str:
    """`text` normalised, with spelled-out figures of four and more digits as Arabic ones; same length."""
    return _SPELLED.sub(lambda match: match.group().translate(SPOKEN_DIGITS), normalise(text))


def chains(view: str) -> list[list[Group]]:
    """Groups of digits that only separators hold apart, chain by chain; a country code is a group of its own."""
    return [
        [group for run in _GROUP.finditer(view, *chain.span()) for group in _without_country_code(run)]
        for chain in _CHAIN.finditer(view)
    ]


def _without_country_code(run: "re.Match[str]") -> list[Group]:
    code = _COUNTRY_CODE.match(run.group())
    if code is None:
        return [Group(run.start(), run.end(), run.group())]
    middle = run.start() + code.end()
    return [Group(run.start(), middle, code.group()), Group(middle, run.end(), run.group()[code.end() :])]


def without_separators(written: str) -> str:
    return written.replace(" ", "").replace("-", "")


def is_luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    backwards = digits[::-1]
    return (sum(map(int, backwards[::2])) + sum(map(int, backwards[1::2].translate(_LUHN_DOUBLED)))) % 10 == 0


def is_id_number(written: str) -> bool:
    """An 18-character resident identity number with a real birth date and the right check character (GB 11643)."""
    upper = written.upper()
    if len(upper) != 18 or not _is_date(upper[6:14]):
        return False
    total = sum(int(char) * weight for char, weight in zip(upper, _ID_WEIGHTS))
    return _ID_CHECKS[total % 11] == upper[17]


def is_date_pair(digits: str) -> bool:
    """20240101 and 20240229 written without a gap: sixteen digits and no card."""
    return len(digits) == 16 and _is_recent_date(digits[:8]) and _is_recent_date(digits[8:])


def split_chain(groups: list[Group], ends: WindowEnds) -> tuple[list[list[Group]], list[Group]]:
    """Cut the windows that `ends` recognises out of a chain: (the windows, the groups left over)."""
    windows, rest, position = [], [], 0
    while position < len(groups):
        end = ends(groups, position)
        if end is None:
            rest.append(groups[position])
            position += 1
        else:
            windows.append(groups[position:end])
            position = end
    return windows, rest


def card_end(groups: list[Group], first: int) -> int | None:
    """Groups written as a card number is (4-4-4-4, 4-4-4-4-3, 6-13, one figure) that pass Luhn, as many as there are.

    The first 16 of 19 digits may pass by chance: the shorter number would leave the end of the longer one in sight.
    """
    size, end = 0, None
    for last in range(first, min(first + 19, len(groups))):
        size += len(groups[last].digits)
        if size in _CARD_LENGTHS and _is_card(groups[first : last + 1]):
            end = last + 1
    return end


def phone_end(groups: list[Group], first: int) -> int | None:
    """A mobile number: 11 digits in one of the usual groupings."""
    if not _MOBILE.match(groups[first].digits):
        return None
    for last in range(first + 1, min(first + 3, len(groups)) + 1):
        if tuple(len(part.digits) for part in groups[first:last]) in _PHONE_SHAPES:
            return last
    return None


def date_end(groups: list[Group], first: int) -> int | None:
    """20240101 or 2024-1-1."""
    if len(groups[first].digits) == 8 and _is_recent_date(groups[first].digits):
        return first + 1
    parts = [group.digits for group in groups[first : first + 3]]
    if [len(part) for part in parts[:1]] == [4] and len(parts) == 3 and max(map(len, parts[1:])) <= 2:
        return first + 3 if _is_recent_date(parts[0] + parts[1].zfill(2) + parts[2].zfill(2)) else None
    return None


def _is_card(groups: list[Group]) -> bool:
    sizes = [len(group.digits) for group in groups]
    regular = len(sizes) == 1 or sizes == [6, 13] or (len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0])
    return regular and is_luhn("".join(group.digits for group in groups))


def _is_date(digits: str) -> bool:
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_recent_date(digits: str) -> bool:
    return digits[:2] in ("19", "20") and _is_date(digits)
