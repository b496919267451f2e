"""Demand, time and notice deposits. Amounts in 分."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.deposits import (
    Notice,
    NoticeDeposit,
    TimeDeposit,
    demand_interest,
    next_settlement,
    notice_interest,
    period_interest,
    withdraw,
)
from finance.interest import add_months, whole_months

DEMAND = Decimal("0.0035")
NOTICE = NoticeDeposit(100_000_00, date(2026, 3, 1), Decimal("0.0100"), DEMAND)

amounts = st.integers(1, 10**12)
rates = st.decimals("0.0001", "0.2", places=4)
days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def test_demand_interest_adds_balance_times_days() -> None:
    # 积数 10,000 x 30 + 5,000 x 61 = 605,000 yuan-days; x 0.35 % / 360 = 5.88 yuan
    assert demand_interest([(10_000_00, 30), (5_000_00, 61)], DEMAND) == 5_88
    assert demand_interest([], DEMAND) == 0


@pytest.mark.parametrize(
    "on, settled",
    [
        (date(2026, 3, 20), date(2026, 3, 20)),
        (date(2026, 3, 21), date(2026, 6, 20)),
        (date(2026, 1, 31), date(2026, 3, 20)),
        (date(2026, 12, 21), date(2027, 3, 20)),
    ],
)
def test_demand_deposits_are_settled_on_the_20th_of_a_quarters_last_month(on: date, settled: date) -> None:
    assert next_settlement(on) == settled


@pytest.mark.parametrize(
    "start, end, expected",
    [
        (date(2026, 1, 31), date(2026, 2, 28), (1, 0)),
        (date(2026, 1, 31), date(2026, 3, 1), (1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28), (12, 0)),
        (date(2026, 5, 20), date(2026, 5, 20), (0, 0)),
        (date(2026, 5, 20), date(2027, 6, 19), (12, 30)),
    ],
)
def test_months_are_counted_day_to_day(start: date, end: date, expected: tuple[int, int]) -> None:
    assert whole_months(start, end) == expected


@given(days, st.integers(0, 480))
def test_whole_months_undo_add_months(day: date, number: int) -> None:
    assert whole_months(day, add_months(day, number)) == (number, 0)


def test_period_interest_counts_years_months_and_odd_days() -> None:
    # 银发〔2005〕129号: P x years x rate + P x days x rate / 360: 10,000 x 2 x 2 % + 10,000 x 10 x 2 % / 360
    assert period_interest(10_000_00, Decimal("0.02"), date(2024, 3, 1), date(2026, 3, 11)) == 405_56


def test_time_deposit_at_maturity() -> None:
    deposit = TimeDeposit(100_000_00, Decimal("0.0145"), date(2025, 8, 31), 6)
    assert (deposit.matures, deposit.interest, deposit.maturity_value) == (date(2026, 2, 28), 725_00, 100_725_00)


def test_early_withdrawal_earns_the_demand_rate() -> None:
    deposit = TimeDeposit(100_000_00, Decimal("0.02"), date(2026, 1, 1), 12)
    paid = withdraw(deposit, date(2026, 6, 30), DEMAND)  # 180 days: 100,000 x 0.35 % x 180 / 360
    assert (paid.principal, paid.interest, paid.lost, paid.rest) == (100_000_00, 175_00, 1_825_00, None)


def test_a_part_withdrawn_leaves_the_rest_its_rate() -> None:
    deposit = TimeDeposit(100_000_00, Decimal("0.02"), date(2026, 1, 1), 12)
    paid = withdraw(deposit, date(2026, 6, 30), DEMAND, part=40_000_00)
    assert (paid.interest, paid.lost) == (70_00, 730_00)
    assert paid.rest and (paid.rest.principal, paid.rest.interest, paid.rest.matures) == (
        60_000_00,
        1_200_00,
        deposit.matures,
    )


def test_days_after_maturity_earn_the_demand_rate() -> None:
    deposit = TimeDeposit(100_000_00, Decimal("0.02"), date(2025, 1, 1), 12)
    assert withdraw(deposit, date(2026, 1, 1), DEMAND).interest == 2_000_00
    late = withdraw(deposit, date(2026, 2, 6), DEMAND)  # 36 days: 100,000 x 0.35 % / 10
    assert (late.interest, late.lost) == (2_035_00, 0)


@given(amounts, rates, days, st.integers(1, 60), st.data())
def test_withdrawing_early_never_gains(
    principal: int, rate: Decimal, opened: date, months: int, data: st.DataObject
) -> None:
    deposit = TimeDeposit(principal, rate, opened, months)
    on = data.draw(st.dates(opened, deposit.matures))
    part = principal if on == deposit.matures else data.draw(st.integers(1, principal))
    paid = withdraw(deposit, on, rate / 10, part)
    assert paid.principal + (paid.rest.principal if paid.rest else 0) == principal
    assert paid.lost >= -1  # the two halves may each be rounded up
    assert 0 <= paid.interest <= deposit.interest + 1


@given(amounts, rates, days, st.integers(0, 4000))
def test_interest_grows_with_time(principal: int, rate: Decimal, start: date, held: int) -> None:
    end = start + timedelta(held)
    longer = add_months(end, 1)
    assert period_interest(principal, rate, start, end) <= period_interest(principal, rate, start, longer)


GIVEN = date(2026, 5, 23)
PAYDAY = date(2026, 5, 30)  # 90 days after the opening


@pytest.mark.parametrize(
    "on, amount, notice, interest",
    [
        (PAYDAY, 100_000_00, Notice(GIVEN, 100_000_00), 250_00),  # 100,000 x 1 % x 90 / 360
        (PAYDAY, 100_000_00, None, 87_50),  # not announced
        (PAYDAY, 100_000_00, Notice(GIVEN + timedelta(1), 100_000_00), 87_50),  # six days before
        (PAYDAY, 100_000_00, Notice(GIVEN - timedelta(1), 100_000_00), 87_50),  # a day too late
        (PAYDAY, 100_000_00, Notice(GIVEN, 60_000_00), 185_00),  # 150 on what was announced, 35 on the rest
        (PAYDAY, 60_000_00, Notice(GIVEN, 100_000_00), 150_00),
        (PAYDAY, 40_000_00, Notice(GIVEN, 40_000_00), 35_00),  # below the least withdrawal
    ],
)
def test_notice_deposit(on: date, amount: int, notice: Notice | None, interest: int) -> None:
    """Article 9 of 《通知存款管理办法》."""
    assert notice_interest(NOTICE, on, amount, notice) == interest


def test_bad_input_is_named() -> None:
    deposit = TimeDeposit(1000, Decimal("0.02"), date(2026, 1, 1), 12)
    for name, call in {
        "principal": lambda: TimeDeposit(0, DEMAND, GIVEN, 3),
        "annual_rate": lambda: TimeDeposit(1, Decimal("1.45"), GIVEN, 3),
        "months": lambda: TimeDeposit(1, DEMAND, GIVEN, 481),
        "balance": lambda: demand_interest([(-1, 1)], DEMAND),
        "days": lambda: demand_interest([(1, -1)], DEMAND),
        "end": lambda: period_interest(1, DEMAND, PAYDAY, GIVEN),
        "on": lambda: withdraw(deposit, date(2025, 12, 31), DEMAND),
        "part": lambda: withdraw(deposit, date(2026, 2, 1), DEMAND, 1001),
        "part 5 ": lambda: withdraw(deposit, date(2027, 2, 1), DEMAND, 5),
        "demand_rate": lambda: withdraw(deposit, date(2026, 2, 1), Decimal("NaN")),
        "principal must be 5000000": lambda: NoticeDeposit(49_999_00, GIVEN, DEMAND, DEMAND),
        "amount": lambda: notice_interest(NOTICE, PAYDAY, 100_000_01),
        "notice": lambda: notice_interest(NOTICE, PAYDAY, 1, Notice(date(2026, 2, 1), 1)),
        "number": lambda: add_months(GIVEN, -1),
    }.items():
        with pytest.raises(ValueError, match=name):
            call()
