"""Amounts of money: a numeral with its sign, currency, 角 and 分."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from chinese.characters import CN_DIGITS, UNITS
from chinese.currencies import PATTERN, SUFFIX_PATTERN, currency_code
from chinese.number_tokens import NumberToken
from chinese.numbers import digit, spoken_pair

_PREFIX = re.compile(rf"({PATTERN}) ?(?:大写)?[:]? ?$", re.IGNORECASE)
_MINUS = re.compile(rf"(?:(?<![0-9A-Za-z{CN_DIGITS}{UNITS}元块钱%号月日年\-—])-|负)$")
_SUFFIX = re.compile(
    rf" ?(?P<unit>块钱?|元|圆|{SUFFIX_PATTERN})(?P<second>钱|{PATTERN})?(?P<whole>整|正)?", re.IGNORECASE
)

_ONE = f"[{CN_DIGITS[2:]}0-9]"
_NO_COUNT_AFTER = rf"(?![{CN_DIGITS}{UNITS}0-9.元块号月日天年个点笔张次折%wWkK])"
_JIAO_FEN = re.compile(
    rf"零?(?P<jiao>{_ONE})[毛角](?:零?(?P<fen>{_ONE})分?)?{_NO_COUNT_AFTER}|零?(?P<fen_only>{_ONE})分(?!钟)"
)
_BARE_FRACTION = re.compile(rf"(?P<zero>零)?(?P<digits>{_ONE}|[0-9]{{2}}){_NO_COUNT_AFTER}|半(?![{CN_DIGITS}个天年月])")
_JIAO_ALONE = re.compile(rf"[毛角](?P<fen>{_ONE})?(?(fen)分?)[钱整]?")
_FEN_ALONE = re.compile(r"分钱|仙")
_FEN_AFTER_CURRENCY = re.compile(r"分")
_CLAUSE_OVER = re.compile(r"$|[，。,！？!?；;]")
_TAIL = re.compile(r"[整正钱]")
_YUAN = ("块", "元", "圆")

# 一块 is "together" as often as it is one yuan.
_TOGETHER_NEXT = re.compile(r"[去来办走做吃玩用转还付存取买儿给到]")
_ONE_YUAN_NEXT = re.compile(rf"钱|[{CN_DIGITS}0-9半]|多|$|[，。,！？!?的整]")
_PAYING = re.compile(r"(?:转|付|汇|还|扣|花|收|发|充)[了给]?$")
_COMPANY = re.compile(r"(?:我们|咱们?|大家|你们|他们|[跟和].{1,3})$")


@dataclass(frozen=True)
class Amount:
    """A numeral that may be money. `currency` is None while nothing in the text names one."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    currency: str | None
    token: NumberToken
    ambiguous: bool = False

    @property
    def approximate(self) -> bool:
        return self.token.numeral.approximate


def compose(text: str, tokens: list[NumberToken]) -> list[Amount]:
    """Every token with what belongs to it; a token that the one before swallowed (the last 八 of 八块八) is gone."""
    amounts: list[Amount] = []
    for token in tokens:
        if amounts and token.start < amounts[-1].end:
            continue
        amount = Amount(token.start, token.end, token.numeral.value, token.numeral.high, None, token, token.ambiguous)
        amounts.append(_signed(text, _with_suffix(text, _with_prefix(text, amount))))
    return amounts


def _with_prefix(text: str, amount: Amount) -> Amount:
    window = text[max(0, amount.start - 12) : amount.start]
    prefix = _PREFIX.search(window)
    if prefix is None:
        return amount
    return replace(amount, start=amount.start - len(prefix.group()), currency=currency_code(prefix.group(1)))


def _signed(text: str, amount: Amount) -> Amount:
    window = text[max(0, amount.start - 2) : amount.start]
    inner = _MINUS.search(text[max(0, amount.token.start - 2) : amount.token.start])
    outer = _MINUS.search(window)
    if outer is not None:
        return replace(amount, start=amount.start - 1, low=-amount.low)
    return replace(amount, low=-amount.low) if inner is not None and amount.start < amount.token.start else amount


def _with_suffix(text: str, amount: Amount) -> Amount:
    suffix = _SUFFIX.match(text, amount.end)
    if suffix is None:
        return _small_coins(text, amount) if amount.currency in (None, "CNY") else amount
    if amount.token.numeral.text == "一" and suffix.group("unit") == "块" and _means_together(text, amount.token):
        return amount
    amount = _paired(replace(amount, end=suffix.end(), currency=_suffix_currency(suffix, amount.currency)))
    if suffix.group("unit")[0] not in _YUAN or suffix.group("second") or suffix.group("whole"):
        return amount
    if amount.high is not None or amount.approximate or amount.low != int(amount.low):
        return amount
    return _with_fraction(text, amount, after_kuai=suffix.group("unit") == "块")


def _suffix_currency(suffix: "re.Match[str]", prefix_currency: str | None) -> str:
    """3万元欧元 is euro; 元 after a prefix leaves the prefix."""
    second = suffix.group("second")
    code = currency_code(second if second and second != "钱" else suffix.group("unit"))
    return prefix_currency if code == "CNY" and prefix_currency else code


def _paired(amount: Amount) -> Amount:
    pair = spoken_pair(amount.token.numeral.text)
    if pair is None:
        return amount
    numeral = replace(amount.token.numeral, approximate=True)
    return replace(amount, low=pair[0], high=pair[1], ambiguous=False, token=replace(amount.token, numeral=numeral))


def _with_fraction(text: str, amount: Amount, after_kuai: bool) -> Amount:
    named = _JIAO_FEN.match(text, amount.end)
    if named is not None:
        amount = replace(amount, end=named.end(), low=amount.low + _named_fraction(named))
    else:
        bare = _BARE_FRACTION.match(text, amount.end)
        if bare is None or not (after_kuai or _CLAUSE_OVER.match(text, bare.end())):
            return amount
        # 十块零五 is heard for 10.05 and for 10.50; 两元五 is hardly said at all.
        doubtful = amount.ambiguous or bare.group("zero") is not None or not after_kuai
        amount = replace(amount, end=bare.end(), low=amount.low + _bare_fraction(bare), ambiguous=doubtful)
    tail = _TAIL.match(text, amount.end)
    return replace(amount, end=tail.end()) if tail else amount


def _named_fraction(match: "re.Match[str]") -> Decimal:
    if match.group("fen_only"):
        return _coin(match.group("fen_only")) / 100
    return _coin(match.group("jiao")) / 10 + _coin(match.group("fen")) / 100


def _bare_fraction(match: "re.Match[str]") -> Decimal:
    written = match.group("digits")
    if written is None:
        return Decimal("0.5")
    if len(written) == 2:
        return Decimal(written) / 100
    return _coin(written) / (100 if match.group("zero") else 10)


def _coin(char: str | None) -> Decimal:
    return (digit(char) if char else None) or Decimal(0)


def _small_coins(text: str, amount: Amount) -> Amount:
    """五毛, 两毛五, 五分钱: amounts under a yuan."""
    if amount.high is not None or amount.approximate or amount.low >= 100:
        return amount
    jiao = _JIAO_ALONE.match(text, amount.end)
    if jiao is not None:
        low = amount.low / 10 + _coin(jiao.group("fen")) / 100
        return replace(amount, end=jiao.end(), low=low, currency="CNY")
    fen = (_FEN_AFTER_CURRENCY if amount.currency else _FEN_ALONE).match(text, amount.end)
    if fen is not None:
        return replace(amount, end=fen.end(), low=amount.low / 100, currency="CNY")
    return amount


def _means_together(text: str, token: NumberToken) -> bool:
    if _ONE_YUAN_NEXT.match(text, token.end + 1):
        return False
    before = text[max(0, token.start - 5) : token.start]
    if _PAYING.search(before):
        return False
    return bool(_TOGETHER_NEXT.match(text, token.end + 1) or _COMPANY.search(before))
