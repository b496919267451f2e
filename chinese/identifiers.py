"""Numbers that name something: phones, cards, identity numbers, tails. Also what merely looks like an amount.

Everything here is taken before numerals are read, so that no part of a card number can become an amount.
"""

import re
from collections.abc import Iterator

from chinese.digit_groups import (
    ID_WRITTEN,
    Group,
    card_end,
    chains,
    date_end,
    is_date_pair,
    is_id_number,
    is_luhn,
    phone_end,
    split_chain,
    without_separators,
)
from chinese.passwords import find_passwords
from chinese.quantity import Found
from chinese.spans import Spans

_LONG = 15
_COUNTRY_CODE = re.compile(r"(?:\+|00)?86[ -]?$")

_TAIL = re.compile(
    r"(?P<phone>(?:手机|电话)(?:号码?)?的?)?"
    r"(?P<tail>(?:尾号|后四位|末四位|尾数|后4位|末4位)(?:是|为|:)? ?(?P<digits>[0-9]{3,6}))(?![0-9]|\.[0-9])"
)
_MORE_TAIL = re.compile(r"(?:和|跟|与|、|,|还有) ?(?P<digits>[0-9]{4})(?![0-9.万元块])")
_CARD_AFTER = re.compile(
    r"(?<![0-9.,，¥$])(?P<digits>[0-9]{4})(?=(?:结尾|收尾)|那张|这张|的?(?:借记|储蓄|信用|银行|工资)?卡(?!券|密)|的?(?:账户|账号)(?!余额))"
)
_CARD_BEFORE = re.compile(r"(?:卡号?|账户|账号)[:(]? ?(?P<digits>[0-9]{4})(?![0-9.,，]|元|块|万|千|年|-)")
_FROM = re.compile(r"从(?P<digits>[0-9]{4})(?=[转付扣出给还里往走挪划拨倒])")
_USING = re.compile(r"(?:^|[用，,])(?P<digits>[0-9]{4})(?=[付转还汇给支][^，。]{0,10}?[0-9一二三四五六七八九十两])")
_HANDLED = re.compile(r"(?:挂失|解冻|冻结|注销)[了掉]?(?P<digits>[0-9]{4})(?![0-9.,，元块万千])")
_HANDLED_AFTER = re.compile(r"(?<![0-9.,，¥$])(?P<digits>[0-9]{4})(?=的?余额|要?(?:挂失|解冻|冻结|丢了))")
_THAT = re.compile(r"[那这]张(?:卡|尾号)?(?P<digits>[0-9]{4})(?![0-9.,，元块万千])")
_INTO = re.compile(
    r"(?:转|汇|打|还|挪|划|拨|倒)[^，。,]{0,12}?[到给进往入](?P<digits>[0-9]{3}[1-9])(?=$|[，。,！？!? 上里吧]|那)"
)
_INTO_NAME = re.compile(
    r"[转汇打还][账款了]?[0-9一二两三四五六七八九十百千万.,]{1,12}[块元]?钱?[给到向][\u4e00-\u9fff]{1,8}(?P<digits>[0-9]{4})(?![0-9元块万千.,])"
)
_LIMIT_TALK = re.compile(r"限额|额度|调|改成|改到|设")
_MONEY_BEFORE = re.compile(r"(?:扣|余额|额度|限额|有|存|花|刷|消费|转|取|还|¥|付|费|剩|欠|冻结)[了是有到的]?$")

_HOTLINE = re.compile(
    r"(?<![0-9])(?:95[0-9]{3}|96[0-9]{3,4}|400[ -]?[0-9]{3}[ -]?[0-9]{4}|100(?:86|10|00)|12[0-9]{3})"
    r"(?![0-9元块.,，万千])"
)
_HOTLINE_TALK = re.compile(r"打|拨|联系|致电|热线|客服|人工|电话|短信")
_SERVICE_NUMBER = re.compile(r"(?<![0-9])(?:955[0-9]{2}|10086|10010|12306|12315|12378)(?![0-9元块.,，万千])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}-?[0-9]{7,8}(?![0-9])")


def find_identifiers(text: str, view: str) -> tuple[list[Found], Spans]:
    """The identifiers of a text, and all positions that must not be read as amounts or dates.

    text: normalised; view: its digit view. Digit strings that fail their check are taken and not reported.
    """
    taken = Spans(len(text))
    found: list[Found] = []
    for candidate in _candidates(text, view):
        if taken.claim(candidate.start, candidate.end) and candidate.dim:
            found.append(candidate)
    return found, taken


def _candidates(text: str, view: str) -> Iterator[Found]:
    """Strongest first. A candidate with an empty dim only takes its place."""
    for match in ID_WRITTEN.finditer(view):
        number = without_separators(match.group()).upper()
        yield Found("id-number" if is_id_number(number) else "", match.start(), match.end(), {"value": number})
    for chain in chains(view):
        yield from _long_numbers(view, chain)
    for password in find_passwords(view):
        yield Found("", password.start, password.end, {})
    yield from _tails(view)
    for match in _LANDLINE.finditer(view):
        yield Found("phone-number", match.start(), match.end(), {"value": match.group()})
    hotline = _HOTLINE if _HOTLINE_TALK.search(text) else _SERVICE_NUMBER
    for match in hotline.finditer(text):
        yield Found("", match.start(), match.end(), {})


def _long_numbers(view: str, groups: list[Group]) -> Iterator[Found]:
    """Cards, phones and unreadable long figures of one chain of digit groups."""
    for group in groups:
        if len(group.digits) >= _LONG and not is_date_pair(group.digits):
            yield _card_or_nothing(group.start, group.end, group.digits)
    cards, rest = split_chain([group for group in groups if len(group.digits) < _LONG], card_end)
    for card in cards:
        yield _card_or_nothing(card[0].start, card[-1].end, _digits(card))
    phones, rest = split_chain(rest, phone_end)
    for phone in phones:
        prefix = _COUNTRY_CODE.search(view, max(0, phone[0].start - 6), phone[0].start)
        start = prefix.start() if prefix else phone[0].start
        yield Found("phone-number", start, phone[-1].end, {"value": _digits(phone)})
    _, rest = split_chain(rest, date_end)
    if len(_digits(rest)) >= _LONG and len({len(group.digits) for group in rest[:-1]}) == 1:
        yield Found("", rest[0].start, rest[-1].end, {})


def _digits(groups: list[Group]) -> str:
    return "".join(group.digits for group in groups)


def _card_or_nothing(start: int, end: int, digits: str) -> Found:
    if not 16 <= len(digits) <= 19 or not is_luhn(digits):
        return Found("", start, end, {})
    return Found("card-number", start, end, {"value": digits, "issuer": "unionpay" if digits[:2] == "62" else "other"})


def _tails(view: str) -> Iterator[Found]:
    for match in _TAIL.finditer(view):
        dim = "phone-tail" if match.group("phone") else "card-tail"
        yield Found(dim, match.start("tail"), match.end(), {"value": match.group("digits")})
        more = _MORE_TAIL.match(view, match.end())
        if more is not None and dim == "card-tail":
            yield _card_tail(more)
    for pattern in (_CARD_AFTER, _CARD_BEFORE, _FROM, _USING, _THAT, _HANDLED, _HANDLED_AFTER):
        for match in pattern.finditer(view):
            if not _MONEY_BEFORE.search(view[max(0, match.start("digits") - 4) : match.start("digits")]):
                yield _card_tail(match)
    if not _LIMIT_TALK.search(view):
        for match in (*_INTO.finditer(view), *_INTO_NAME.finditer(view)):
            yield _card_tail(match)


def _card_tail(match: "re.Match[str]") -> Found:
    return Found("card-tail", match.start("digits"), match.end("digits"), {"value": match.group("digits")})
