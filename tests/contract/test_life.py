"""Exchange rates, bills and auto debit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from banking.life import BillAccount, ManageAutoDebit, PayBill
from banking.port import CodeRequired, InsufficientFunds, NotPossible
from tests.contract.worlds import NOON, World


def _bill(bank: World, session: str, category: str, alias: str | None = None) -> BillAccount:
    found = bank.port.bill_accounts(session)
    return next(bill for bill in found if bill.category == category and alias in (None, bill.alias))


def _pay(bank: World, session: str, order: PayBill | ManageAutoDebit) -> tuple[tuple[str, str], ...]:
    draft = bank.port.prepare(session, order)
    with pytest.raises(CodeRequired):
        bank.port.confirm(session, draft.id)
    bank.authorise(session, draft)
    result = bank.port.confirm(session, draft.id).result
    assert result is not None
    return tuple((line.label, line.value) for line in result.lines)


def test_the_board_is_public_and_of_the_moment(bank: World, zhangwei: str) -> None:
    board = bank.port.exchange_rates(zhangwei)
    assert 0 <= (NOON - board.quoted_at).total_seconds() < 300
    assert bank.port.exchange_rates(None).quotes == board.quotes
    dollar = next(line for line in board.quotes if line.currency == "USD")
    assert dollar.cash_buy == "705.46"
    assert all(Decimal(line.sell) > Decimal(line.spot_buy) > Decimal(line.cash_buy) for line in board.quotes)


def test_bills_show_what_is_owed_and_no_full_number(bank: World, zhangwei: str) -> None:
    found = bank.port.bill_accounts(zhangwei)
    assert [(bill.category, bill.owed_fen) for bill in found if bill.owed_fen] == [
        ("electricity", 186_32),
        ("gas", 68_40),
    ]
    assert [bill.number for bill in found if bill.category == "mobile"] == ["138****0001", "138****0005"]


def test_a_bill_is_paid_with_a_code(bank: World, zhangwei: str) -> None:
    bill, account = _bill(bank, zhangwei, "electricity"), bank.account(zhangwei, "6789")
    assert _pay(bank, zhangwei, PayBill(bill.id, 100_00, account.id)) == (("还欠", "¥86.32"),)
    assert _pay(bank, zhangwei, PayBill(bill.id, 86_32, account.id)) == (("账单", "已缴清"),)
    assert _pay(bank, zhangwei, PayBill(bill.id, 50_00, account.id)) == (("预存余额", "¥50.00"),)
    assert bank.movements(zhangwei)[0] == (-50_00, "国网上海市电力公司")
    assert bank.balance(zhangwei, "6789") == 52_318_66 - 236_32


def test_mobile_numbers_take_certain_amounts_only(bank: World, zhangwei: str) -> None:
    mother, account = _bill(bank, zhangwei, "mobile", "妈妈"), bank.account(zhangwei, "6789")
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, PayBill(mother.id, 66_00, account.id))
    assert refused.value.rule == "top_up_amount"
    assert _pay(bank, zhangwei, PayBill(mother.id, 50_00, account.id)) == (("到账时间", "一般 10 分钟内到账"),)


def test_what_cannot_be_paid(bank: World, zhangwei: str) -> None:
    wangfang = bank.sign_in("wangfang")
    poor, account = _bill(bank, wangfang, "electricity"), bank.account(wangfang, "2255")
    with pytest.raises(InsufficientFunds):
        bank.port.prepare(wangfang, PayBill(poor.id, 145_80, account.id))
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, PayBill(poor.id, 100, bank.account(zhangwei, "6789").id))
    assert refused.value.rule == "bill_unknown"
    own = _bill(bank, zhangwei, "electricity")
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, PayBill(own.id, 5_000_01, bank.account(zhangwei, "6789").id))
    assert refused.value.rule == "above_bill_limit"


def test_auto_debit_is_signed_moved_and_cancelled(bank: World, zhangwei: str) -> None:
    gas, water = _bill(bank, zhangwei, "gas"), _bill(bank, zhangwei, "water")
    first, second = bank.account(zhangwei, "6789"), bank.account(zhangwei, "1122")
    assert water.auto_debit is not None
    assert water.auto_debit.account_tail == "6789"
    _pay(bank, zhangwei, ManageAutoDebit(gas.id, True, first.id))
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, ManageAutoDebit(gas.id, True, first.id))
    assert refused.value.rule == "already_signed"
    _pay(bank, zhangwei, ManageAutoDebit(gas.id, True, second.id))
    moved = _bill(bank, zhangwei, "gas").auto_debit
    assert moved is not None
    assert moved.account_tail == "1122"
    _pay(bank, zhangwei, ManageAutoDebit(gas.id, False, None))
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, ManageAutoDebit(gas.id, False, None))
    assert refused.value.rule == "not_signed"
