"""Conversion at the board's prices, printed as on a board. Amounts in 分 and smallest foreign units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.fx import Quote, bought_with, cost_of, cross, sell_to_bank


def quote(currency: str, spot_buy: str, cash_buy: str, sell: str) -> Quote:
    return Quote(currency, Decimal(spot_buy), Decimal(cash_buy), Decimal(sell))


USD = quote("USD", "716.23", "716.23", "719.25")
JPY = quote("JPY", "4.6312", "4.6312", "4.6653")
EUR = quote("EUR", "830.15", "828.40", "836.76")
KWD = quote("KWD", "2330.00", "2300.00", "2360.00")


def test_selling_to_the_bank() -> None:
    assert sell_to_bank(1_000_00, USD) == 7_162_30
    assert sell_to_bank(1_000_00, EUR, cash=True) == 8_284_00
    assert sell_to_bank(100_000, JPY) == 4_631_20  # whole yen
    assert sell_to_bank(1_000, KWD) == 23_30  # one dinar has a thousand fils


def test_buying_from_the_bank() -> None:
    assert cost_of(1_000_00, USD) == 7_192_50
    assert cost_of(100_000, JPY) == 4_665_30
    assert bought_with(7_192_50, USD) == 1_000_00
    assert bought_with(10_000_00, JPY) == 214_348  # 214,348.49...


def test_cross_conversion_goes_through_yuan_unrounded() -> None:
    assert cross(1_000_00, USD, JPY) == 153_523  # 7,162.30 yuan / 0.046653
    assert cross(1, JPY, USD) == 1  # 0.046312 yuan are 0.64 cents


@given(st.integers(1, 10**12), st.sampled_from((USD, EUR, JPY, KWD)))
def test_buying_and_selling_back_never_gains(amount: int, quoted: Quote) -> None:
    cost = cost_of(amount, quoted)
    assert sell_to_bank(amount, quoted) <= cost
    assert sell_to_bank(amount, quoted, cash=True) <= sell_to_bank(amount, quoted)
    assert cost_of(amount + 1, quoted) >= cost


@given(st.integers(100_00, 10**12), st.sampled_from((USD, EUR, JPY, KWD)))
def test_what_is_bought_costs_the_money_within_half_a_unit(fen: int, quoted: Quote) -> None:
    assert abs(cost_of(bought_with(fen, quoted), quoted) - fen) <= 5  # half a euro cent is 4 分, half a yen 2


def test_bad_input_is_named() -> None:
    for name, call in {
        "currency XYZ": lambda: quote("XYZ", "1", "1", "1"),
        "spot_buy": lambda: quote("USD", "0", "1", "1"),
        "sell 1 is below": lambda: quote("USD", "2", "1", "1"),
        "amount": lambda: sell_to_bank(0, USD),
        "fen": lambda: bought_with(-1, USD),
        "both USD": lambda: cross(1, USD, USD),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()
