"""Amounts in figures and in 大写, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinese import extract, format_fen, upper

from .conftest import NOW

FIGURES = {
    0: "0.00",
    1: "0.01",
    50: "0.50",
    50000: "500.00",
    1234500: "12,345.00",
    123456789012: "1,234,567,890.12",
    -5: "-0.05",
}

IN_WORDS = {
    0: "零元整",
    1: "壹分",
    10: "壹角整",
    25: "贰角伍分",
    1000: "壹拾元整",
    50000: "伍佰元整",
    50005: "伍佰元零伍分",
    50050: "伍佰元伍角整",
    1050005: "壹万零伍佰元零伍分",
    10000000: "壹拾万元整",
    20300000: "贰拾万叁仟元整",
    10000100: "壹拾万零壹元整",
    100000000000: "壹拾亿元整",
    100010000000: "壹拾亿零壹拾万元整",
    428635: "肆仟贰佰捌拾陆元叁角伍分",
    -50000: "负伍佰元整",
}


@pytest.mark.parametrize(("fen", "text"), FIGURES.items())
def test_figures(fen: int, text: str) -> None:
    assert format_fen(fen) == text


@pytest.mark.parametrize(("fen", "text"), IN_WORDS.items())
def test_upper(fen: int, text: str) -> None:
    assert upper(fen) == text


def test_upper_refuses_what_nobody_can_spell() -> None:
    with pytest.raises(ValueError, match="大写"):
        upper(10**18)


@given(st.integers(min_value=1, max_value=10**14))
def test_upper_reads_back(fen: int) -> None:
    (amount,) = extract(f"人民币{upper(fen)}", NOW)
    assert amount.value["minor"] == fen and amount.value["unsafe"] == []


@given(st.integers(min_value=1, max_value=10**14))
def test_figures_read_back(fen: int) -> None:
    (amount,) = extract(f"¥{format_fen(fen)}", NOW)
    assert amount.value["minor"] == fen and amount.value["unsafe"] == []
