"""Credit card bills. Amounts in 分."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.credit_card import (
    Posting,
    bill_date,
    bill_interest,
    due_date,
    interest_free_days,
    is_paid_in_full,
    late_fee,
    minimum_payment,
)

BOUGHT = [Posting(date(2026, 3, 30), 1_000_00)]
DUE, NEXT_BILL = date(2026, 4, 23), date(2026, 5, 5)


def test_interest_after_the_minimum_payment() -> None:
    """China Merchants Bank's own examples: bill on the 5th, due on the 23rd; and bill on the 7th, due on the 25th."""
    # 1,000 x 0.05 % x 24 days (30 March to 22 April) + 900 x 0.05 % x 13 days (23 April to 5 May)
    assert bill_interest(BOUGHT, [Posting(DUE, 100_00)], DUE, NEXT_BILL) == 17_85
    # 2,000 x 0.05 % x 23 days (2 to 24 April) + 1,800 x 0.05 % x 13 days (25 April to 7 May)
    bought, paid = [Posting(date(2026, 4, 2), 2_000_00)], [Posting(date(2026, 4, 25), 200_00)]
    assert bill_interest(bought, paid, date(2026, 4, 25), date(2026, 5, 7)) == 34_70


@pytest.mark.parametrize(
    "paid_on, amount, interest",
    [
        (DUE, 1_000_00, 0),
        (DUE, 990_00, 0),  # ten yuan's allowance
        (DUE, 989_99, 12_07),  # 12.00 to the due date, then 10.01 for 13 days
        (DUE + timedelta(3), 1_000_00, 0),  # days of grace
        (DUE + timedelta(4), 1_000_00, 14_00),  # 28 days
    ],
)
def test_a_bill_paid_in_full_bears_no_interest(paid_on: date, amount: int, interest: int) -> None:
    paid = [Posting(paid_on, amount)]
    assert bill_interest(BOUGHT, paid, DUE, NEXT_BILL) == interest
    assert is_paid_in_full(BOUGHT, paid, DUE) == (interest == 0)


def test_money_paid_in_advance_earns_nothing() -> None:
    early = [Posting(date(2026, 3, 1), 900_00)]
    assert bill_interest(BOUGHT, early, DUE, NEXT_BILL) == 1_85  # 100 yuan for 37 days


@pytest.mark.parametrize(
    "posted, bill, due, free",
    [
        (date(2026, 4, 5), date(2026, 4, 5), date(2026, 4, 25), 20),
        (date(2026, 4, 6), date(2026, 5, 5), date(2026, 5, 25), 49),
        (date(2026, 12, 6), date(2027, 1, 5), date(2027, 1, 25), 50),
    ],
)
def test_due_dates(posted: date, bill: date, due: date, free: int) -> None:
    assert bill_date(posted, 5) == bill
    assert due_date(bill, 20) == due
    assert interest_free_days(posted, 5, 20) == free


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 28), st.integers(18, 25))
def test_the_interest_free_period_is_at_most_a_month_longer(posted: date, bill_day: int, days_to_due: int) -> None:
    assert days_to_due <= interest_free_days(posted, bill_day, days_to_due) <= days_to_due + 30


def test_minimum_payment_and_late_fee() -> None:
    assert minimum_payment(1_000_00) == 100_00
    assert minimum_payment(1_000_05, in_full=50_00) == 150_01
    assert late_fee(100_00, 40_00) == 3_00
    assert late_fee(100_00, 40_00, least=10_00) == 10_00
    assert late_fee(100_00, 100_00, least=10_00) == 0


@given(st.integers(20_00, 10**9), st.data())
def test_paying_more_costs_less_interest(amount: int, data: st.DataObject) -> None:
    bought = [Posting(date(2026, 3, 30), amount)]
    less = data.draw(st.integers(1, amount - 1))
    costs = [bill_interest(bought, [Posting(DUE, paid)], DUE, NEXT_BILL) for paid in (less, less + 1)]
    assert costs[0] >= costs[1] >= 0


def test_bad_input_is_named() -> None:
    for name, call in {
        "amount": lambda: Posting(DUE, 0),
        "bill_day": lambda: bill_date(DUE, 29),
        "days_to_due": lambda: due_date(DUE, 0),
        "purchases": lambda: minimum_payment(-1),
        "share": lambda: minimum_payment(1, share=Decimal(10)),
        "paid": lambda: late_fee(1, -1),
        "repayments 100001": lambda: bill_interest(BOUGHT, [Posting(DUE, 1_000_01)], DUE, NEXT_BILL),
        "posting": lambda: bill_interest(BOUGHT, [], DUE, date(2026, 3, 29)),
        "daily_rate": lambda: bill_interest(BOUGHT, [], DUE, NEXT_BILL, Decimal(5)),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()
