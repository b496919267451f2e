"""Words and codes that look like numbers or dates and are neither: 万一, 第三方, 7日年化, T+1, 1e5, 中山一路."""

import re

from chinese.currencies import LATIN_NAMES
from chinese.spans import Spans

_NUMERAL = "一二两三四五六七八九十百千万亿0-9"

# Words that begin with a numeral: not inside a longer one (20万分36期, 五百万一).
_NUMERAL_WORDS = (
    rf"(?<![{_NUMERAL}])(?:万一|千万(?=别|不要|要|记得|注意|不能)|二维码|三方(?=存管|支付|协议)|四舍五入|七七八八"
    r"|三番五次|十分(?!钟|之)|万分(?!之)|百分百|千里马|百事通|三农|七大姑八大姨)"
)
# 一下, 一起: also after an amount (转五千一下).
_ONE_WORDS = (
    r"一(?:下[子午]?(?!个|周|月)|些|样|直|起|定|般|共(?![0-9])|切|旦|律|向|经|会儿?|键|次性|卡通|类|网通|致|边|手|再|概|同"
    r"|度|生|路)"
)
# 一点 is "a little" before these words or at the end, and after 快, 多, 早; it is one o'clock after 下午 or a date.
_A_LITTLE = (
    r"(?<![十午上晨晚天号日周早])一点(?=都|也|儿|点|用|[吗呢。，！？,.!?]|$)",
    r"(?<![十午上晨晚天号日周早])一点一[点滴]",
    r"(?<=[有了快早晚多少好大小慢])一点(?![0-9一二三四五六七八九十半钟整多])",
)
# 两百零花钱 is 两百 and 零花钱.
_SMALL_CHANGE = r"零(?:花|用|食|钱|头|售|件)"
_IDIOMS = (
    r"一天到晚|统一|唯一|单一|进一步|逐一|第[一二三]方|乱七八糟|不三不四|[一二三]线城市|接二连三|独一无二|五险一金"
)
# 二百五 is a fool after 你这个, 250 after 转个.
_ABUSE = r"(?:(?<=[你他她][是这才个真])|(?<=真是)|(?<=[是这那你当]个))二百五(?![十百千万块元0-9])"
_NAMES = (
    rf"(?<![{_NUMERAL}几每这那])张三(?!十)",
    r"李四|王五(?!十)|赵六|王二|小二(?=[，。])|老[一二三四五六七八九](?!十)",
)
_PLACES = (
    r"[东西南北中]?[一二三四五六七八九十]{1,3}(?:路|街|巷|环路|号线|号楼|单元)",
    r"(?<=[路街巷弄道村])[0-9]{1,4}[号弄]",
    r"[0-9]{1,4}号(?:线|楼|店|窗口|机)",
)
_PRODUCTS = (
    r"[0-9一七]{1,3}[日天]年化",
    r"[0-9]{1,3}G(?![A-Za-z])",
    r"[A-Za-z]\+[0-9]",
    r"[IⅠVⅡX]{1,3}类|[一二三]类(?:卡|户|账户)",
)
_DOTTED_CODE = r"(?<![0-9.])(?!(?:19|20)[0-9]{2}\.)[0-9]+(?:\.[0-9]+){2,}"

_PHRASES = re.compile(
    "|".join(
        (
            _NUMERAL_WORDS,
            _ONE_WORDS,
            *_A_LITTLE,
            _SMALL_CHANGE,
            _IDIOMS,
            _ABUSE,
            *_NAMES,
            *_PLACES,
            *_PRODUCTS,
            _DOTTED_CODE,
        )
    )
)
_LATIN_TOKEN = re.compile(r"[A-Za-z0-9.]+")
_LETTER_BESIDE_DIGIT = re.compile(r"[A-Za-z][0-9]|[0-9][A-Za-z]")
_AMOUNT_WITH_LATIN = re.compile(
    rf"(?:{LATIN_NAMES}|US)?[0-9.]+(?:[wk][0-9]?)?(?:{LATIN_NAMES})?|[0-9]{{1,2}}[ap]m?", re.IGNORECASE
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,64}|https?://[!-~]+|www\.[!-~]+", re.IGNORECASE)


def take_ordinary_words(text: str, taken: Spans) -> None:
    """Take what is never a number, a date or an amount in a normalised text."""
    taken.add_matches(_PHRASES.finditer(text))
    taken.add_matches(_ADDRESS.finditer(text))
    for token in _LATIN_TOKEN.finditer(text):
        if _LETTER_BESIDE_DIGIT.search(token.group()) and not _AMOUNT_WITH_LATIN.fullmatch(token.group()):
            taken.add(*token.span())
