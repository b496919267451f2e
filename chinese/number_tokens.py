"""Finding numerals in running text, in one pass from left to right."""

import re
from dataclasses import dataclass
from decimal import Decimal

from chinese.characters import CN_DIGITS, UNIT_FORMS, UNITS
from chinese.numbers import MAX_LENGTH, TOO_LARGE, Numeral, read_numeral
from chinese.spans import Spans

MAX_TOKENS = 60  # a message with more numerals than this is not a request; the rest is left alone
_STARTS = re.compile(rf"[0-9{CN_DIGITS}{UNIT_FORMS}半]")
_ARABIC = re.compile(
    r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?= ?[元块])"
    r"|(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
)
_SPACED_UNIT = re.compile(r" (?=[万亿千百])")
_LATIN_UNIT = re.compile(r"[wWkK](?![A-Za-z])")
_POINT = re.compile(rf"点(?=[{CN_DIGITS}])")
_MANY = re.compile(
    r"多(?![少久长大次种谢])|来(?=[块元万亿千百十])|余(?=[元块万亿千百]|人民币)|几|(?<=[百千万亿])半(?![个天年月小日钟路])"
)
_WITH_COUNTER = re.compile(rf"(半|[0-9]+(?:\.[0-9]+)?|[{CN_DIGITS}十百千]{{1,8}})个(半)?([wW万亿kK])(?![A-Za-z])")

# Ordinary words that begin with a unit after a numeral: 5千万别转错 is 五千 and 万别, or 五千万 and 别.
_WORD_AFTER_UNIT = re.compile(r"千万$")
_ADMONITION = re.compile(r"别|不要|记得|注意|不能")
_IF_WORD = re.compile(r".万一$")
_MISHAP = re.compile(r"失败|出|没|不|错|丢|被|对方|转|输|有|是|到")
_COUNTED = re.compile(r"个|笔|张|次|位|名|人|天|日|年|周|月|小时|分钟|期|份|件|户|家|斤|岁")
_TERM = re.compile(r"(?<=[万亿])(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])$")
_TERM_FOLLOWS = re.compile(r"年(?![利化息费底末初终前后])|个月")
_SPACED_DIGITS = re.compile(r"[0-9] [0-9]")
_CUT_BEFORE = re.compile(r"(?:(?:^|[^0-9])[0-9]{1,3},|\.)$")
_CUT_AFTER = re.compile(r",[0-9]")
_VAGUE_BEFORE = "几数上成好"


@dataclass(frozen=True)
class NumberToken:
    """A numeral with its place. `ambiguous`: the writing itself leaves room for another number."""

    start: int
    end: int
    numeral: Numeral
    ambiguous: bool = False

    @property
    def is_chinese(self) -> bool:
        return not self.numeral.text[0].isascii()


def find_numbers(text: str, taken: Spans) -> list[NumberToken]:
    """The numerals of a normalised text outside `taken`, in order, at most MAX_TOKENS."""
    visible = taken.blank(text)
    tokens: list[NumberToken] = []
    position = 0
    while len(tokens) < MAX_TOKENS:
        start = _STARTS.search(visible, position)
        if start is None:
            break
        token, position = _token_at(visible, start.start())
        if token is not None and (token.numeral.high or token.numeral.value) < TOO_LARGE:
            tokens.append(token)
    return tokens


def _token_at(text: str, start: int) -> tuple[NumberToken | None, int]:
    """The numeral at `start`, if its whole run is one, and where to go on looking."""
    counted = _WITH_COUNTER.match(text, start)
    if counted is not None:
        numeral = _counted_numeral(counted)
        return (NumberToken(start, counted.end(), numeral) if numeral else None), counted.end()
    end = max(_run_end(text, start), start + 1)
    if end - start > MAX_LENGTH or _is_vague(text, start):
        return None, end
    kept = _detached_end(text, start, end)
    numeral = read_numeral(text[start:kept])
    if numeral is None:
        return _after_name(text, start, kept), end
    return NumberToken(start, kept, numeral, _is_ambiguous(text, start, kept, numeral)), kept


def _run_end(text: str, start: int) -> int:
    """Where the run of numeral characters ends. A Chinese digit and an Arabic one never touch inside a numeral."""
    position, previous = start, ""
    while position < len(text):
        char = text[position]
        arabic = _ARABIC.match(text, position) if char in "0123456789" else None
        many = _MANY.match(text, position) if previous and char in "多来余几半" else None
        if arabic is not None:
            if previous in ("digit", "arabic"):
                break
            previous, position = "arabic", arabic.end()
        elif char in CN_DIGITS:
            if previous == "arabic":
                break
            previous, position = "digit", position + 1
        elif char in UNIT_FORMS or _is_latin_unit(text, position, previous):
            previous, position = "unit", position + 1
        elif many is not None or (previous in ("digit", "unit", "arabic") and _POINT.match(text, position)):
            previous, position = "mark", position + 1
        elif previous == "arabic" and _SPACED_UNIT.match(text, position):
            position += 1
        else:
            break
    return position


def _is_latin_unit(text: str, position: int, previous: str) -> bool:
    return previous in ("arabic", "digit") and _LATIN_UNIT.match(text, position) is not None


def _counted_numeral(match: "re.Match[str]") -> Numeral | None:
    """半个w, 一个亿, 两个半w."""
    number, half, unit = match.groups()
    base = Decimal("0.5") if number == "半" else (read_numeral(number) or Numeral("", Decimal(0))).value
    scale = read_numeral(f"一{unit}")
    if base == 0 or scale is None:
        return None
    if half:
        base += Decimal("0.5")
    return Numeral(f"{number}{unit.lower().replace('w', '万').replace('k', '千')}", base * scale.value)


def _is_vague(text: str, start: int) -> bool:
    """百八十, 几万, 上千: no definite amount. A leading 十 is a numeral of its own unless 几 or 数 precedes it."""
    if text[start] in UNIT_FORMS and text[start] not in "十拾廿卅卌":
        return True
    return text[start] in "十拾" and start > 0 and text[start - 1] in _VAGUE_BEFORE


def _detached_end(text: str, start: int, end: int) -> int:
    """一万一天 is 一万 and 一天, 一百万三十年 a million and thirty years; 三千两 cannot be an elided numeral."""
    term = _TERM.search(text[start:end]) if _TERM_FOLLOWS.match(text, end) else None
    if term is not None and term.start() > 0:
        return start + term.start()
    last = text[end - 1]
    after_unit = end - start >= 2 and text[end - 2] in UNITS + "wWkK拾佰仟"
    if after_unit and (last == "两" or (last == "一" and _COUNTED.match(text, end))):
        return end - 1
    return end


def _after_name(text: str, start: int, end: int) -> NumberToken | None:
    """给张三三千: a name that ends in a digit stands before the numeral. Ambiguous by nature."""
    if end - start < 3 or text[start] not in CN_DIGITS or text[start + 1] not in CN_DIGITS:
        return None
    numeral = read_numeral(text[start + 1 : end])
    return NumberToken(start + 1, end, numeral, ambiguous=True) if numeral else None


def _is_ambiguous(text: str, start: int, end: int, numeral: Numeral) -> bool:
    written = text[start:end]
    word_follows = (_WORD_AFTER_UNIT.search(written) and _ADMONITION.match(text, end)) or (
        _IF_WORD.search(written) and _MISHAP.match(text, end)
    )
    return bool(numeral.ambiguous or word_follows or _has_doubtful_separator(text, start, end))


def _has_doubtful_separator(text: str, start: int, end: int) -> bool:
    """A full-width comma or a space may end a clause instead of grouping thousands; 1,50 and .5 group nothing."""
    written = text[start:end]
    if "，" in written or _SPACED_DIGITS.search(written):
        return True
    if not written[0].isascii():
        return False
    cut_after = end - start <= 3 and _CUT_AFTER.match(text, end)
    return bool(cut_after or _CUT_BEFORE.search(text[max(0, start - 5) : start]))
