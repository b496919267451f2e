"""Wealth products and funds. Amounts in 分, net values in yuan."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.wealth import ReturnRange, cost_of_rest, expected_return, redeem, subscribe

ONE = Decimal(1)

amounts = st.integers(1, 10**12)
net_values = st.decimals("0.1", 20, places=4)
fee_rates = st.decimals(0, "0.05", places=4)


def test_expected_return_is_a_range() -> None:
    # 100,000 x 2.5 % x 180 / 365 = 1,232.88; x 3.2 % = 1,578.08
    expected = expected_return(100_000_00, Decimal("0.025"), Decimal("0.032"), 180)
    assert expected == ReturnRange(1_232_88, 1_578_08)


def test_subscription_with_the_front_fee_outside() -> None:
    """The usual example of 外扣法: 100,000 yuan at 1.5 %, net value 1.00: 98,522.17 net; 内扣法 would give 98,500."""
    bought = subscribe(100_000_00, ONE, Decimal("0.015"))
    assert (bought.net, bought.fee, bought.shares) == (98_522_17, 1_477_83, Decimal("98522.17"))
    assert subscribe(10_000_00, Decimal("1.2345")).shares == Decimal("8100.45")


def test_redemption() -> None:
    paid = redeem(Decimal("8100.45"), Decimal("1.2567"), Decimal("0.005"))
    assert (paid.gross, paid.fee, paid.net) == (10_179_84, 50_90, 10_128_94)


@given(amounts, net_values, fee_rates)
def test_a_subscription_adds_up(amount: int, net_value: Decimal, fee_rate: Decimal) -> None:
    bought = subscribe(amount, net_value, fee_rate)
    assert bought.net + bought.fee == amount and bought.fee >= 0
    worth = bought.shares * net_value * 100
    assert abs(worth - bought.net) <= net_value / 2  # half of a hundredth share


@given(st.decimals("0.01", 10**8, places=2), net_values, fee_rates)
def test_a_redemption_adds_up(shares: Decimal, net_value: Decimal, fee_rate: Decimal) -> None:
    paid = redeem(shares, net_value, fee_rate)
    assert paid.net + paid.fee == paid.gross
    assert redeem(shares + 1, net_value, fee_rate).gross >= paid.gross


@given(amounts, fee_rates, fee_rates, st.integers(1, 3650))
def test_the_range_is_in_order(principal: int, one: Decimal, two: Decimal, days: int) -> None:
    expected = expected_return(principal, min(one, two) / 2, max(one, two), days)
    assert 0 <= expected.low <= expected.high


def test_bad_input_is_named() -> None:
    for name, call in {
        "principal": lambda: expected_return(0, ONE / 50, ONE / 40, 1),
        "days": lambda: expected_return(1, ONE / 50, ONE / 40, 0),
        "low_rate 0.05 is above": lambda: expected_return(1, ONE / 20, ONE / 40, 1),
        "high_rate": lambda: expected_return(1, ONE / 50, Decimal("2.5"), 1),
        "shares": lambda: redeem(Decimal(0), ONE),
        "net_value": lambda: redeem(ONE, Decimal("Infinity")),
        "fee_rate": lambda: subscribe(1, ONE, Decimal("-0.01")),
        "amount": lambda: subscribe(-5, ONE),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()


def test_the_cost_of_what_is_left() -> None:
    assert cost_of_rest(10_000_00, Decimal("10000.00"), Decimal("5000.00")) == 5_000_00
    assert cost_of_rest(100_00, Decimal("3"), Decimal("1")) == 33_33
    assert cost_of_rest(100_00, Decimal("3"), Decimal("0")) == 0
    with pytest.raises(ValueError, match="rest"):
        cost_of_rest(100_00, Decimal("3"), Decimal("4"))
