"""Is a number without a currency an amount of money? The words around it decide."""

import re

from chinese.money import Amount

WINDOW = 14  # characters of context looked at on either side

_CLAUSE_END = re.compile(r"[，。,.!?！？;；、0-9\x00]")
_VERB = re.compile(
    r"转|汇|挪|划(?!算)|付|还|存|取|提现|打|充|借|贷|投|买|赎|缴|交|发|给|收|扣|花|费|刷|账|额|红包|工资|调|到|设|差|欠|剩|够"
    r"|最多|最少|最低|最高|超过|至少|低于|少于|高于|大于|小于|起购|门槛|换|款|要|再|先|约|大概|是|就|改|笔|成"
)
_PAYING_BEFORE = re.compile(
    r"(?:转账?|挪|划|取|充|付|还|存|发|要|收|扣|花|汇|提|打|成|[到过]|给[他她我]|再|先|就|是|款)[了个出]?$"
)
_TARGET = re.compile(r"(?:给|向|往|(?<![调提降升加减设改整达不])[到至]|(?:转|汇|打)入)$")
_IDENTIFIER = re.compile(
    r"(?:尾号|卡号|账号|手机|电话|验证码|校验码|动态码|后四位|密码|编号|单号|工号|流水号|代码|热线|拨打|客服|证件号|身份证"
    r"|邮编|版本|选项|序号)[^，。]{0,4}$"
)

# Measure words; the lookaheads are words that begin alike (次日, 张三, 人民币).
_COUNT_WORDS = (
    r"个(?![wW万亿])|笔|张(?!三)|次(?!日)|位|名(?!下)|人(?!民币)|天(?!猫)|日|户(?!名|口)|家(?!里|人)|倍|%|股|份|条|件"
    r"|公里|米|斤|克|岁|年|分之|里(?!面)"
)
_SMALL_COUNT_WORDS = (
    _COUNT_WORDS + r"|号|月|周|星期|礼拜|小时|钟|点(?!击|了|钱|确认|下)|秒|期|折|级|层|楼|室|路|台|部|手(?!续|机)|季度"
    r"|分(?!钱|期|行|两|批|笔|别|多|[0-9二三四五六七八九])|成(?!功|交|本|为|都|了)|样|步|键|类|门|栋|单元|版|比|兆"
)
_COUNTED_LARGE = re.compile(_COUNT_WORDS)
_COUNTED_SMALL = re.compile(_SMALL_COUNT_WORDS)

_FILLER = frozenset(
    "可以不吗么就要是吧啊呢哦嗯呃好的了行呗嘛转给我个共先想那请帮付取存还左右大概约差不多总一"
    " ,，。.!！?？~～、()【】“”'"
)
_CUE_AFTER = re.compile(
    r"[吧的]?(?:转给|给|打给|汇给|到账|过去|过来|出去|的?[那这]笔|转|汇|存|取|还款|还信用卡|红包|以[上下内]|左右|之[间内])"
)
_BOUND_AFTER = re.compile(r"以[上下内]")
_MONEY_TOPIC = re.compile(
    r"交易|转|消费|支出|收入|流水|明细|入账|进账|金额|余额|限额|额度|花|账|理财|存|贷|汇|付|款|钱|取|给|笔"
)
_OWN_CLAUSE = re.compile(r"(?:^|[，。,;；！!])[就是要]?$")
_CLAUSE_OVER = re.compile(r"[吧元]?(?:$|[，。,;；！!])")
_SHORT_REQUEST = 12
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff](?<![和跟与])$")


def is_whole_answer(text: str, start: int, end: int) -> bool:
    """Nothing but the number and small talk: 500, 就五百吧."""
    rest = text[:start] + text[end:]
    return len(rest) <= WINDOW and _FILLER.issuperset(rest)


def is_bare_amount(text: str, amount: Amount) -> bool:
    """A number with no currency that the context makes money (`implied_unit`)."""
    before = text[max(0, amount.start - WINDOW) : amount.start]
    if is_counted(text, amount) or before.endswith("第") or _IDENTIFIER.search(before):
        return False
    if is_whole_answer(text, amount.start, amount.end) or amount.token.numeral.has_unit:
        return True
    if amount.high is not None or abs(amount.low) < 1 or len(amount.token.numeral.text) > 12 or _TARGET.search(before):
        return False
    if amount.token.is_chinese:
        single = amount.token.end - amount.token.start == 1
        return not single and _PAYING_BEFORE.search(before) is not None
    return _has_verb(before) or _has_cue_after(text, amount) or _ends_short_request(text, amount, before)


def is_counted(text: str, amount: Amount) -> bool:
    """A measure word follows: 三千人, 5笔."""
    words = _COUNTED_LARGE if amount.token.numeral.has_unit else _COUNTED_SMALL
    return words.match(text, amount.end) is not None


def is_plain_number(text: str, amount: Amount) -> bool:
    """Worth reporting as a number: a count (but not the article 一), Arabic digits, or all there is."""
    if not amount.token.is_chinese:
        return True
    if is_whole_answer(text, amount.start, amount.end):
        return True
    return is_counted(text, amount) and amount.low != 1


def _has_verb(before: str) -> bool:
    return _VERB.search(_CLAUSE_END.split(before)[-1]) is not None


def _has_cue_after(text: str, amount: Amount) -> bool:
    if amount.low >= 100 and _BOUND_AFTER.match(text, amount.end):
        return True
    return _CUE_AFTER.match(text, amount.end) is not None and _MONEY_TOPIC.search(text) is not None


def _ends_short_request(text: str, amount: Amount, before: str) -> bool:
    """李娜500, and the second clause of 转给李娜，500."""
    if not _CLAUSE_OVER.match(text, amount.end):
        return False
    named = len(text) <= _SHORT_REQUEST and amount.low >= 10 and _HAN_BEFORE.search(before) is not None
    return named or _OWN_CLAUSE.search(before) is not None
