"""Numerals: the value of every way of writing one, and nothing for what is not one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinese.numbers import read_numeral

VALUES = {
    "7": "7",
    "1,234,567.89": "1234567.89",
    "0.5": "0.5",
    "三": "3",
    "十": "10",
    "十六": "16",
    "四十": "40",
    "廿三": "23",
    "卅": "30",
    "两百": "200",
    "一百零八": "108",
    "一百一十": "110",
    "一百十二": "112",
    "三千零四": "3004",
    "三千零四十": "3040",
    "八万": "80000",
    "八万零六": "80006",
    "四万五": "45000",
    "九千二": "9200",
    "七百六": "760",
    "一万八千八": "18800",
    "十三万七": "137000",
    "两百五十万": "2500000",
    "六千万": "60000000",
    "三亿": "300000000",
    "一亿零五十万": "100500000",
    "一万亿": "1000000000000",
    "叁仟零贰拾": "3020",
    "贰拾万零叁仟": "203000",
    "柒佰〇捌": "708",
    "2万": "20000",
    "2.35万": "23500",
    "6w": "60000",
    "6.6w": "66000",
    "4k": "4000",
    "3w5": "35000",
    "5千": "5000",
    "12万3千": "123000",
    "8万8": "88000",
    "三点五万": "35000",
    "十二点五": "12.5",
    "六零零": "600",
    "二〇二六": "2026",
    "两万半": "25000",
}

MALFORMED = [
    "",
    "百",
    "千万",
    "三百五百",
    "一千两千",
    "五千三万",
    "一百二百",
    "007",
    "一千零五百",
    "三百五万",
    "两千二五",
    "三万两",
    "万" * 9,
    "一" * 41,
    "一亿亿亿",
    "点五",
    "1.2.3",
]

SPANS = {
    "三五千": (3000, 5000),
    "两三万": (20000, 30000),
    "七八百": (700, 800),
    "十七八万": (170000, 180000),
    "一百二三十": (120, 130),
    "十几万": (110000, 190000),
    "二十几": (21, 29),
}


@pytest.mark.parametrize(("written", "value"), VALUES.items())
def test_value(written: str, value: str) -> None:
    numeral = read_numeral(written)
    assert numeral is not None and numeral.high is None
    assert numeral.value == Decimal(value)


@pytest.mark.parametrize("written", MALFORMED)
def test_malformed_numeral_has_no_value(written: str) -> None:
    assert read_numeral(written) is None


@pytest.mark.parametrize(("written", "span"), SPANS.items())
def test_span_of_values(written: str, span: tuple[int, int]) -> None:
    numeral = read_numeral(written)
    assert numeral is not None and numeral.approximate
    assert (numeral.value, numeral.high) == span


@pytest.mark.parametrize("written", ["2万50", "一二三四", "三五", "零五"])
def test_doubtful_writing_is_ambiguous(written: str) -> None:
    numeral = read_numeral(written)
    assert numeral is not None and numeral.ambiguous


@pytest.mark.parametrize("written", ["2万5000", "一万五百", "五〇〇", "四万五"])
def test_plain_writing_is_not_ambiguous(written: str) -> None:
    numeral = read_numeral(written)
    assert numeral is not None and not numeral.ambiguous


def _spell(number: int) -> str:
    """Spoken Chinese, written from the other side than the reader: 零 for gaps, 一十五 inside larger numbers."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _spell(high) + unit + gap + (_spell(low) if low else "")
    written, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + unit
        gap = digit == 0
    return written or "零"


@given(st.integers(min_value=0, max_value=10**12))
def test_spelled_number_reads_back(number: int) -> None:
    numeral = read_numeral(_spell(number))
    assert numeral is not None and numeral.value == number and not numeral.ambiguous


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["百", "千", "万"]))
def test_elided_unit_reads_back(first: int, second: int, unit: str) -> None:
    size = {"百": 100, "千": 1000, "万": 10000}[unit]
    numeral = read_numeral("零一二三四五六七八九"[first] + unit + "零一二三四五六七八九"[second])
    assert numeral is not None and numeral.value == first * size + second * size // 10
