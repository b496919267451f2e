"""Currency names as customers write them, longest first, and their ISO 4217 codes."""

import re

_NAMES = {
    "CNY": ("人民币", "软妹币", "RMB", "CNY", "YUAN", "¥"),
    "USD": ("美元", "美金", "美圆", "美刀", "US$", "USD", "$"),
    "EUR": ("欧元", "EUR", "€"),
    "JPY": ("日元", "日圆", "日币", "JPY"),
    "HKD": ("港币", "港元", "港纸", "HK$", "HKD"),
    "GBP": ("英镑", "GBP", "£"),
    "KRW": ("韩元", "韩币", "KRW"),
    "AUD": ("澳元", "澳币", "AUD"),
    "CAD": ("加元", "加币", "CAD"),
    "SGD": ("新加坡元", "新加坡币", "新币", "SGD"),
    "CHF": ("瑞士法郎", "瑞郎", "CHF"),
    "TWD": ("新台币", "台币", "TWD"),
    "THB": ("泰铢", "THB"),
    "RUB": ("卢布", "RUB"),
    "MOP": ("澳门元", "澳门币", "MOP"),
    "NZD": ("新西兰元", "纽币", "NZD"),
}
CODES = {name: code for code, names in _NAMES.items() for name in names}

_LONGEST_FIRST = sorted(CODES, key=len, reverse=True)
LATIN_NAMES = "|".join(name for name in _LONGEST_FIRST if name.isascii() and name.isalpha())
# 刀 and 欧 are currencies after a number only, and not inside 刀具 or 欧洲.
PATTERN = "|".join(map(re.escape, _LONGEST_FIRST))
SUFFIX_PATTERN = PATTERN + "|刀(?![具片口])|欧(?![洲盟冠])|蚊"
_COLLOQUIAL = {"刀": "USD", "欧": "EUR", "蚊": "HKD", "块": "CNY", "元": "CNY", "圆": "CNY"}


def currency_code(name: str) -> str:
    """The ISO code of a name that PATTERN, SUFFIX_PATTERN or a unit of the yuan matched."""
    return CODES.get(name.upper()) or _COLLOQUIAL[name[0]]
