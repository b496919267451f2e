"""Repayment schedules and prepayment. Amounts in 分.

The example of 1,000,000 yuan over 30 years at 4.9 % is what every Chinese loan calculator shows: equal payments of
5,307.27 and 910,616.19 of interest; equal principal from 6,861.11 down and 737,041.67 of interest.
"""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.loans import Effect, Loan, Method, after, monthly_payment, prepay, schedule, total_interest

RATE = Decimal("0.049")
MORTGAGE = Loan(1_000_000_00, RATE, 360, date(2026, 1, 20))
DAY = date(2026, 1, 20)

loans = st.builds(
    Loan,
    principal=st.integers(10_000_00, 10**11),
    annual_rate=st.decimals(0, "0.24", places=4),
    months=st.integers(1, 480),
    paid_to=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    method=st.sampled_from(Method),
)
short_loans = st.builds(
    Loan,
    principal=st.integers(10_000_00, 10**11),
    annual_rate=st.decimals("0.01", "0.24", places=4),
    months=st.integers(2, 60),
    paid_to=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    method=st.sampled_from(Method),
)


@pytest.mark.parametrize(
    "yuan, years, rate, payment, interest",
    [
        (1_000_000, 30, "0.049", 5_307_27, 910_616_19),
        (1_000_000, 20, "0.049", 6_544_44, 570_665_60),  # stated as 1,570,665.6 in all
        (300_000, 30, "0.049", 1_592_18, 273_184_86),
        (630_000, 30, "0.049", 3_343_58, 573_688_20),
        (12_000, 1, "0", 1_000_00, 0),
    ],
)
def test_equal_payment(yuan: int, years: int, rate: str, payment: int, interest: int) -> None:
    assert monthly_payment(yuan * 100, Decimal(rate), years * 12) == payment
    stated = total_interest(yuan * 100, Decimal(rate), years * 12, Method.EQUAL_PAYMENT)
    assert abs(stated - interest) <= years * 6  # some calculators multiply the rounded payment: half a 分 a month


def test_total_interest_of_the_standard_example_to_the_fen() -> None:
    assert total_interest(1_000_000_00, RATE, 360, Method.EQUAL_PAYMENT) == 910_616_19
    assert total_interest(1_000_000_00, RATE, 360, Method.EQUAL_PRINCIPAL) == 737_041_67


def test_equal_payment_schedule() -> None:
    rows = schedule(MORTGAGE)
    first, second, last = rows[0], rows[1], rows[-1]
    assert (first.payment, first.interest, first.principal) == (5_307_27, 4_083_33, 1_223_94)
    assert (first.due, second.due, last.due) == (date(2026, 2, 20), date(2026, 3, 20), date(2056, 1, 20))
    assert {row.payment for row in rows[:-1]} == {5_307_27}
    assert last.payment == 5_305_19  # 2.08 less: 359 payments were rounded up


def test_equal_principal_schedule() -> None:
    rows = schedule(Loan(1_000_000_00, RATE, 360, DAY, Method.EQUAL_PRINCIPAL))
    assert (rows[0].payment, rows[1].payment) == (6_861_11, 6_849_77)
    assert (rows[0].principal, rows[-1].principal) == (2_777_78, 2_776_98)


def test_due_dates_at_the_end_of_months() -> None:
    loan = Loan(1_000_00, RATE, 3, date(2026, 1, 31))
    dates = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert [row.due for row in schedule(loan)] == dates
    assert [row.due for row in schedule(after(loan, 1))] == dates[1:]
    assert Loan(1_000_00, RATE, 3, date(2026, 2, 28), due_day=31).due(1) == date(2026, 3, 31)


@settings(max_examples=40, deadline=None)
@given(loans)
def test_a_schedule_sums_to_the_fen(loan: Loan) -> None:
    rows = schedule(loan)
    assert len(rows) == loan.months
    assert sum(row.principal for row in rows) == loan.principal and rows[-1].remaining == 0
    assert all(row.payment == row.principal + row.interest and row.principal > 0 for row in rows)
    assert all(one.remaining == two.remaining + two.principal and one.due < two.due for one, two in pairwise(rows))
    assert all(one.interest >= two.interest for one, two in pairwise(rows))


@settings(max_examples=25, deadline=None)
@given(short_loans)
def test_equal_principal_costs_less_and_its_total_is_the_schedules(loan: Loan) -> None:
    totals = {method: total_interest(loan.principal, loan.annual_rate, loan.months, method) for method in Method}
    assert totals[Method.EQUAL_PRINCIPAL] <= totals[Method.EQUAL_PAYMENT]
    assert abs(sum(row.interest for row in schedule(loan)) - totals[loan.method]) <= 2 * loan.months


@given(st.integers(1, 10**11), st.decimals(0, "0.2", places=4), st.integers(1, 479))
def test_a_longer_term_lowers_the_payment(principal: int, rate: Decimal, months: int) -> None:
    assert monthly_payment(principal, rate, months + 1) <= monthly_payment(principal, rate, months)
    assert monthly_payment(principal, rate, months) <= monthly_payment(principal, rate + Decimal("0.001"), months)


@settings(max_examples=30, deadline=None)
@given(short_loans, st.data())
def test_the_rest_of_a_schedule_is_the_schedule_of_the_rest(loan: Loan, data: st.DataObject) -> None:
    rows, paid = schedule(loan), data.draw(st.integers(0, loan.months - 1))
    rest = schedule(after(loan, paid))
    assert [(row.due, row.payment, row.remaining) for row in rest] == [
        (row.due, row.payment, row.remaining) for row in rows[paid:]
    ]


def test_whole_prepayment_pays_the_days_of_the_broken_month() -> None:
    loan = after(MORTGAGE, 60)
    paid = prepay(loan, date(2031, 1, 30), loan.principal)
    assert paid.rest is None and paid.months_saved == 300
    assert paid.interest == round(loan.principal * RATE * 10 / 360)
    assert paid.payment == paid.principal + paid.interest
    assert paid.interest_saved == sum(row.interest for row in schedule(loan)) - paid.interest


def test_partial_prepayment_shortens_or_lowers() -> None:
    loan = after(MORTGAGE, 12)
    shorter = prepay(loan, date(2027, 1, 20), 200_000_00, Effect.SHORTER_TERM)
    lower = prepay(loan, date(2027, 1, 20), 200_000_00, Effect.LOWER_PAYMENT)
    assert shorter.interest == lower.interest == 0
    assert shorter.rest and lower.rest
    assert schedule(shorter.rest)[0].payment == 5_307_27
    assert schedule(shorter.rest)[-1].payment <= 5_307_27
    assert lower.months_saved == 0
    assert schedule(lower.rest)[0].payment == monthly_payment(loan.principal - 200_000_00, RATE, 348)
    assert shorter.interest_saved > lower.interest_saved > 0
    # P = 784,978.39 at A = 5,307.27 a month: n = -ln(1 - P i / A) / ln(1 + i) = 227.3, so 228 payments instead of 348
    assert shorter.rest.months == 348 - shorter.months_saved == 228


@settings(max_examples=40, deadline=None)
@given(short_loans, st.sampled_from(Effect), st.data())
def test_prepaying_repays_all_and_saves(loan: Loan, effect: Effect, data: st.DataObject) -> None:
    amount = data.draw(st.integers(loan.principal // 20, loan.principal))
    on = data.draw(st.dates(loan.paid_to, date.fromordinal(loan.due(1).toordinal() - 1)))
    paid = prepay(loan, on, amount, effect)
    later = schedule(paid.rest) if paid.rest else []
    assert amount + sum(row.principal for row in later) == loan.principal
    assert paid.interest_saved >= -loan.months  # roundings of the months
    assert len(later) == loan.months - paid.months_saved


def test_bad_input_is_named() -> None:
    for name, call in {
        "principal": lambda: Loan(-1, RATE, 12, DAY),
        "annual_rate": lambda: Loan(100, Decimal("4.9"), 12, DAY),
        "annual_rate must": lambda: monthly_payment(100, Decimal("1E-30"), 12),
        "months": lambda: Loan(100, RATE, 0, DAY),
        "months must be 1 to 480": lambda: monthly_payment(100, RATE, 481),
        "due_day": lambda: Loan(100, RATE, 12, DAY, due_day=32),
        "level": lambda: Loan(100, RATE, 12, DAY, level=-1),
        "level 1 does not cover": lambda: schedule(Loan(100_000_00, RATE, 12, DAY, level=1)),
        "periods": lambda: after(MORTGAGE, 360),
        "amount": lambda: prepay(MORTGAGE, DAY, 1_000_000_01),
        "paid_to": lambda: prepay(MORTGAGE, date(2026, 1, 19), 1),
        "next due date": lambda: prepay(MORTGAGE, date(2026, 2, 20), 1),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()
