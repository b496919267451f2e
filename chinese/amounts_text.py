"""Writing amounts: figures with thousands separators, and 大写 as on cheques and receipts.

Rules of 大写: 《正确填写票据和结算凭证的基本规定》 of the People's Bank of China. 整 after 元 or 角 when nothing
follows, 零 for a gap inside the figure, 壹拾 and never a bare 拾.
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LIMIT_FEN = 10**18


def format_fen(fen: int) -> str:
    """Yuan with two decimals: 50000 -> "500.00", 1234500 -> "12,345.00", -5 -> "-0.05"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def upper(fen: int) -> str:
    """大写金额: 50000 -> 伍佰元整, 1050005 -> 壹万零伍佰元零伍分, 0 -> 零元整. Negative amounts begin with 负.

    Raises ValueError from 10^16 yuan on, which has no agreed spelling.
    """
    if abs(fen) >= _LIMIT_FEN:
        raise ValueError(f"no 大写 for {fen} fen")
    if fen < 0:
        return "负" + upper(-fen)
    yuan, rest = divmod(fen, 100)
    if fen == 0:
        return "零元整"
    whole = f"{_integer(yuan)}元" if yuan else ""
    return whole + _fraction(rest, after_yuan=bool(yuan))


def _fraction(fen: int, after_yuan: bool) -> str:
    jiao, rest = divmod(fen, 10)
    if fen == 0:
        return "整"
    if jiao == 0:
        return ("零" if after_yuan else "") + f"{_DIGITS[rest]}分"
    return f"{_DIGITS[jiao]}角" + (f"{_DIGITS[rest]}分" if rest else "整")


def _integer(number: int) -> str:
    """Split at 亿, then at 万; 零 marks a lower part that does not fill its places."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _integer(high) + unit + gap + _integer(low)
    return _four_digits(number)


def _four_digits(group: int) -> str:
    written, gap = "", False
    for place in reversed(range(4)):
        value = group // 10**place % 10
        if value == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[value] + _PLACES[place]
        gap = False
    return written
