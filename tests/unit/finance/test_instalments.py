"""Credit card instalments. Amounts in 分."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.instalments import Plan, annual_rate, schedule, settle

PLAN = Plan(12_000_00, 12, Decimal("0.006"))

plans = st.builds(
    Plan,
    amount=st.integers(1_000_00, 10**9),
    periods=st.integers(1, 60),
    fee_rate=st.decimals("0.001", "0.02", places=4),
)


def test_schedule() -> None:
    rows = schedule(PLAN, date(2026, 1, 31))
    assert {(row.payment, row.principal, row.fee) for row in rows} == {(1_072_00, 1_000_00, 72_00)}
    assert [row.due for row in rows[:3]] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert (rows[0].remaining, rows[-1].remaining) == (11_000_00, 0)
    assert PLAN.total_fee == 864_00


def test_the_last_period_takes_the_remainder() -> None:
    rows = schedule(Plan(1_000_00, 3, Decimal("0.0075")), date(2026, 1, 5))
    assert [row.principal for row in rows] == [333_33, 333_33, 333_34]


@pytest.mark.parametrize(
    "periods, fee_rate, expected",
    [
        (12, "0.006", "0.1303"),  # what banks print beside 0.6 % a month: about 13.0 %, not 7.2 %
        (1, "0.01", "0.1200"),  # one payment: the fee itself, x 12
        (12, "0", "0.0000"),
    ],
)
def test_annual_rate(periods: int, fee_rate: str, expected: str) -> None:
    assert annual_rate(Plan(12_000_00, periods, Decimal(fee_rate))) == Decimal(expected)


def test_the_annual_rate_discounts_the_payments_to_the_amount() -> None:
    monthly = annual_rate(PLAN) / 12
    worth = sum(row.payment / (1 + monthly) ** row.period for row in schedule(PLAN, date(2026, 1, 5)))
    assert abs(worth - PLAN.amount) < 50  # four decimals of the rate are 0.3 yuan here


@settings(max_examples=50, deadline=None)
@given(plans)
def test_a_plan_sums_to_the_fen(plan: Plan) -> None:
    rows = schedule(plan, date(2026, 1, 5))
    assert sum(row.principal for row in rows) == plan.amount and rows[-1].remaining == 0
    assert sum(row.payment for row in rows) == plan.amount + plan.total_fee


@settings(max_examples=30, deadline=None)
@given(plans)
def test_the_annual_rate_is_above_the_nominal_one_and_grows_with_the_fee(plan: Plan) -> None:
    rate = annual_rate(plan)
    dearer = annual_rate(Plan(plan.amount, plan.periods, plan.fee_rate + Decimal("0.001")))
    assert rate < dearer
    assert plan.fee_rate * 12 - Decimal("0.001") <= rate <= plan.fee_rate * 24 + Decimal("0.001")


def test_settling_the_rest() -> None:
    rest = settle(PLAN, paid=4)
    assert (rest.principal, rest.fee, rest.saved) == (8_000_00, 72_00, 504_00)
    rest = settle(PLAN, paid=4, all_fees=True)
    assert (rest.principal, rest.fee, rest.saved) == (8_000_00, 576_00, 0)


@given(plans, st.data())
def test_paid_and_settled_are_the_whole(plan: Plan, data: st.DataObject) -> None:
    paid = data.draw(st.integers(0, plan.periods - 1))
    rest = settle(plan, paid)
    assert rest.principal + sum(plan.principal(period) for period in range(1, paid + 1)) == plan.amount
    assert rest.fee + rest.saved + plan.fee * paid == plan.total_fee


def test_bad_input_is_named() -> None:
    for name, call in {
        "amount": lambda: Plan(0, 12, Decimal("0.006")),
        "periods": lambda: Plan(100, 61, Decimal("0.006")),
        "fee_rate": lambda: Plan(100, 12, Decimal("-0.006")),
        "paid": lambda: settle(PLAN, 12),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()
