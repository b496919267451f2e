"""Passwords and one-time codes: figures that a word beside them makes secret."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chinese.digit_groups import without_separators

_MENTION = re.compile(r"码|口令|password|passwd|pwd|pin|otp|cv[vc]", re.IGNORECASE)

_CODE_WORD = r"(?:验证码|校验码|动态码|动态密码|短信码|安全码|激活码|OTP)"
_CVV_WORD = r"(?:CVV2?|CVC2?|安全码|背面后三位)"
_PASSWORD_WORD = r"(?:密码|口令|password|passwd|pwd|\bPIN\b)"
_LINK = r"(?:[ :=\"'“”→；]|->|就?是|为|改[成为]|设[成为]|输入?了?|填了?|给你|发[给你]?|收到|我的|写|了|叫){0,4}"
_OWNER = r"(?:[ ,，]|我的?|卡的?|登录|支付|交易|取款|查询|短信|新|这个|那个|的){0,3}"
_NOT_MONEY = r"(?![0-9元块万千])"

_CODE = r"(?P<secret>[0-9](?:[ -]?[0-9]){3,7})" + _NOT_MONEY
_SIX_DIGITS = r"(?<![0-9])(?P<secret>[0-9](?:[ -]?[0-9]){5})" + _NOT_MONEY
_PASSWORD = r"(?P<secret>[0-9A-Za-z!@#$%^&*_.+?-]{4,32}|[0-9](?:[ -][0-9]){3,11})"
_PASSWORD_FIRST = r"(?<![0-9A-Za-z])(?P<secret>[0-9A-Za-z]{4,32})"

_PATTERNS = (
    ("code", rf"{_CODE_WORD}{_LINK}{_CODE}"),
    ("code", rf"{_CODE_WORD}[^0-9A-Za-z。！？!?]{{0,6}}{_SIX_DIGITS}"),
    ("code", rf"{_CVV_WORD}{_LINK}(?P<secret>[0-9]{{3,4}}){_NOT_MONEY}"),
    ("code", rf"(?<![0-9]){_CODE} ?(?:就?是|为){_OWNER}{_CODE_WORD}"),
    ("code", rf"{_SIX_DIGITS}{_OWNER}{_CODE_WORD}"),
    ("password", rf"{_PASSWORD_WORD}{_LINK}{_PASSWORD}"),
    ("password", rf"{_PASSWORD_FIRST} ?(?:就?是|设?[为成作]|当作?){_OWNER}{_PASSWORD_WORD}"),
)
_SECRETS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS]


@dataclass(frozen=True)
class Password:
    """kind is password or code; value without separators."""

    kind: str
    start: int
    end: int
    value: str


def find_passwords(view: str) -> Iterator[Password]:
    """The secrets in a digit view; they may overlap, the first one counts."""
    if _MENTION.search(view) is None:
        return
    for kind, pattern in _SECRETS:
        for match in pattern.finditer(view):
            value = without_separators(match.group("secret"))
            yield Password(kind, match.start("secret"), match.end("secret"), value)
