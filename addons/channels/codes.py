"""Telling a one-time code from an ordinary message, and remembering which codes were handed in."""

import hashlib
import re

from addons.channels.sealing import derived_key
from addons.stores.store import Store

CODE_LENGTH = 6
REMEMBERED_SECONDS = 600.0
_CERTAIN, _UNCERTAIN = "certain", "uncertain"
_CHINESE_DIGITS = str.maketrans("零〇○一幺二三四五六七八九", "0001123456789")
_DIGIT = "[0-9零〇○一幺二三四五六七八九]"
_RUN = re.compile(f"{_DIGIT}{{3}}-{_DIGIT}{{3}}(?!{_DIGIT})|{_DIGIT}(?: ?{_DIGIT})*")
_KEYWORD = re.compile("验证码|校验码|动态码|短信码|动态口令|口令|code", re.IGNORECASE)
# What people write around a code. Nothing here names money or a wish: with such words it is an ordinary message.
_FILLER = re.compile(
    "验证码|校验码|动态码|短信码|动态口令|口令|code|短信|手机|银行|我的|收到的|收到了|收到|这个|那个|应该是|就是|输入|输|填写|填|发来的|发的|"
    "给你|给您|好了|好的|好|嗯嗯|嗯|哦|来了|在这里|在这|你看看|看看|对不对|对吗|对吧|是吗|是吧|可以吗|行吗|谢谢|数字|码|"
    "[是为了吧呢啊哈呀吗的我你您哟喔]|[\\s:,\uff0c.!?~;=\"'()\\[\\]、。【】《》「」“”‘’…-]",
    re.IGNORECASE,
)
_ISOLATED = re.compile(r"(?<![\d.,*])(?:\d{6}|\d{3}[ -]\d{3})(?![\d*]|[.,]\d)")
_MONEY = re.compile(
    "[元块圆万千百¥$€钱转汇付]|金额|额度|限额|给(?![你您])|RMB|CNY|[还存取打充缴花][款了个入掉]{0,2} ?[0-9]",
    re.IGNORECASE,
)


def typed_code(text: str) -> str | None:
    """The 4 to 8 digits of a cleaned message that holds a code and nothing else that matters, in ASCII; None otherwise.

    Around six digits polite words are allowed ("123456收到了"); around another number of digits only with a word for
    "code", because "5000吧" is an amount.
    """
    runs = [match for match in _RUN.finditer(text) if 4 <= len(_digits(match.group())) <= 8]
    if len(runs) != 1:
        return None
    run = runs[0]
    rest = text[: run.start()] + "\n" + text[run.end() :]
    code = _digits(run.group())
    if _FILLER.sub("", rest):
        return None
    if len(code) != CODE_LENGTH and rest.strip(" \n.。") and not _KEYWORD.search(rest):
        return None
    return code


def may_hold_code(text: str) -> bool:
    """Whether six digits stand alone in a sentence that does not speak of money, so that they may be a code."""
    return bool(_ISOLATED.search(text)) and not _MONEY.search(text)


def hide_codes(text: str) -> str:
    """`text` with every group of exactly six digits starred."""
    return _ISOLATED.sub("*" * CODE_LENGTH, text)


def _digits(run: str) -> str:
    return run.translate(_CHINESE_DIGITS).replace(" ", "").replace("-", "")


class SubmittedCodes:
    """Codes that the core took, or may have taken: they must not reach Rasa when typed again in their conversation.

    Only keyed digests are held, for ten minutes, the same for all processes. Every method may raise StoreUnavailable.
    """

    def __init__(self, store: Store, context_key: str, lifetime: float = REMEMBERED_SECONDS) -> None:
        self._store, self._key, self._lifetime = store, derived_key(context_key, "submitted codes"), lifetime

    async def remember(self, conversation: str, code: str, certain: bool) -> None:
        """Note a code that was accepted (`certain`), or whose answer was lost."""
        await self._store.set(self._name(conversation, code), _CERTAIN if certain else _UNCERTAIN, self._lifetime)

    async def certainty(self, conversation: str, code: str) -> bool | None:
        """True: it was accepted before; False: its answer was lost; None: never handed in."""
        held = await self._store.get(self._name(conversation, code))
        return None if held is None else held == _CERTAIN

    def _name(self, conversation: str, code: str) -> str:
        return "code:" + hashlib.blake2b(f"{conversation} {code}".encode(), key=self._key, digest_size=32).hexdigest()
