"""Deposits: the table, opening, withdrawing early and at maturity, what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from banking.deposit import OpenTimeDeposit, TimeDeposit, WithdrawTimeDeposit
from banking.model import Line
from banking.orders import Order
from banking.port import AccountNotFound, AccountRestricted, CodeRequired, InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen
from tests.contract.worlds import NOON, World


def _do(bank: World, session: str, order: Order) -> dict[str, str]:
    """Carry it out; the lines of its receipt."""
    draft = bank.port.prepare(session, order)
    with pytest.raises(CodeRequired):
        bank.port.confirm(session, draft.id)
    bank.authorise(session, draft)
    result = bank.port.confirm(session, draft.id).result
    assert result is not None
    return {line.label: line.value for line in result.lines}


def _deposit(bank: World, session: str) -> TimeDeposit:
    return bank.port.time_deposits(session)[0]


def test_everybody_may_read_the_table(bank: World, zhangwei: str) -> None:
    rates = bank.port.deposit_rates(None)
    assert rates == bank.port.deposit_rates(zhangwei)
    assert [term.months for term in rates.terms] == [3, 6, 12, 24, 36, 60]
    assert all(0 < Decimal(term.annual_rate) < 1 for term in rates.terms)


def test_the_demo_deposit(bank: World, zhangwei: str, lina: str) -> None:
    deposit = _deposit(bank, zhangwei)
    assert (deposit.principal_fen, deposit.annual_rate, deposit.months) == (50_000_00, "0.0110", 12)
    assert (NOON.date() - deposit.opened_on).days in (160, 161)  # matures in 205 days, after a year of 365 or 366
    assert deposit.interest_fen == 550_00
    account = next(account for account in bank.port.accounts(zhangwei) if account.kind == "time_deposit")
    assert (account.id, account.matures_on) == (deposit.account_id, deposit.matures_on)
    assert bank.port.time_deposits(lina) == ()


def test_opening_moves_the_money_into_a_new_account(bank: World, zhangwei: str) -> None:
    lines = _do(bank, zhangwei, OpenTimeDeposit(bank.account(zhangwei, "6789").id, 10_000_00, 36))
    assert lines["年利率"] == "1.25%"
    assert lines["到期利息"] == "¥375.00"
    assert bank.balance(zhangwei, "6789") == 42_318_66
    new = bank.port.time_deposits(zhangwei)[-1]
    assert (new.name, new.principal_fen, new.opened_on) == ("三年定期", 10_000_00, NOON.date())
    account = next(account for account in bank.port.accounts(zhangwei) if account.id == new.account_id)
    assert (account.balance_fen, account.available_fen) == (10_000_00, 0)


@pytest.mark.parametrize(("amount_fen", "months", "rule"), [(49_99, 12, "below_minimum"), (100_00, 7, "term_unknown")])
def test_opening_is_refused_in_words(bank: World, zhangwei: str, amount_fen: int, months: int, rule: str) -> None:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, OpenTimeDeposit(bank.account(zhangwei, "6789").id, amount_fen, months))
    assert refused.value.rule == rule


def test_opening_needs_money_and_a_free_account(bank: World, lina: str) -> None:
    with pytest.raises(InsufficientFunds):
        bank.port.prepare(lina, OpenTimeDeposit(bank.account(lina, "3344").id, 8_000_01, 12))
    zhaolei = bank.sign_in("zhaolei")
    with pytest.raises(AccountRestricted):
        bank.port.prepare(zhaolei, OpenTimeDeposit(bank.account(zhaolei, "7070").id, 100_00, 12))


def test_withdrawing_early_earns_the_demand_rate(bank: World, zhangwei: str) -> None:
    deposit = _deposit(bank, zhangwei)
    order = WithdrawTimeDeposit(deposit.account_id, bank.account(zhangwei, "6789").id, 50_000_00)
    # 50,000 x 0.05 % x days / 360, of the 550 at maturity
    interest_fen = {160: 11_11, 161: 11_18}[(NOON.date() - deposit.opened_on).days]
    draft = bank.port.prepare(zhangwei, order)
    assert draft.canonical_text == "支取一年定期 ¥50,000.00到借记卡（尾号6789）"
    assert draft.order is not None
    assert Line("利息", f"¥{format_fen(interest_fen)}") in draft.order.lines
    assert Line("比存到期少得利息", f"¥{format_fen(550_00 - interest_fen)}") in draft.order.lines
    assert _do(bank, zhangwei, order)["到账合计"] == f"¥{format_fen(50_000_00 + interest_fen)}"
    assert bank.balance(zhangwei, "6789") == 102_318_66 + interest_fen
    assert bank.port.time_deposits(zhangwei) == ()
    assert "time_deposit" not in {account.kind for account in bank.port.accounts(zhangwei)}


def test_a_part_leaves_the_rest_as_it_was(bank: World, zhangwei: str) -> None:
    before = _deposit(bank, zhangwei)
    _do(bank, zhangwei, WithdrawTimeDeposit(before.account_id, bank.account(zhangwei, "1122").id, 20_000_00))
    after = _deposit(bank, zhangwei)
    assert (after.principal_fen, after.matures_on, after.annual_rate) == (30_000_00, before.matures_on, "0.0110")
    assert bank.balance(zhangwei, "1122") in (23_204_44, 23_204_47)


def test_what_withdrawing_refuses(bank: World, zhangwei: str, lina: str) -> None:
    deposit, account = _deposit(bank, zhangwei), bank.account(zhangwei, "6789")
    for amount_fen, rule in ((50_000_01, "above_deposit"), (49_980_00, "rest_too_small")):
        with pytest.raises(NotPossible) as refused:
            bank.port.prepare(zhangwei, WithdrawTimeDeposit(deposit.account_id, account.id, amount_fen))
        assert refused.value.rule == rule
    for from_id, to_id in ((account.id, account.id), (deposit.account_id, bank.account(lina, "3344").id)):
        with pytest.raises(AccountNotFound):
            bank.port.prepare(zhangwei, WithdrawTimeDeposit(from_id, to_id, 100_00))


def test_at_maturity_all_of_it_with_the_full_interest(bank: World) -> None:
    matures_on = _deposit(bank, bank.sign_in("zhangwei")).matures_on
    bank.set_clock(NOON + (matures_on - NOON.date()) + timedelta(days=10))
    session = bank.sign_in("zhangwei")
    deposit, account = _deposit(bank, session), bank.account(session, "6789")
    with pytest.raises(NotPossible):
        bank.port.prepare(session, WithdrawTimeDeposit(deposit.account_id, account.id, 1_000_00))
    lines = _do(bank, session, WithdrawTimeDeposit(deposit.account_id, account.id, 50_000_00))
    assert lines["利息"] == f"¥{550 + round(50_000 * 0.0005 * 10 / 360, 2):.2f}"
