"""The address book: numbers come from the channel, orders only carry their references."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.memory_transfer_records import demo_number
from banking.port import BankContractBroken, NotPossible, PayeeNotFound
from banking.transfers import AddPayee, RemovePayee, ScheduleTransfer
from tests.contract.worlds import NOON, World

ICBC = "6222020200112233446"
UNKNOWN_BANK = "6229990000000000001"


@pytest.fixture
def demo_numbers() -> dict[str, str]:
    """Full numbers of our bank by tail; nobody has 0000."""
    return {tail: demo_number(tail) for tail in ("4466", "1122", "3344", "0000")}


def _rule(bank: World, session: str, number: str, name: str) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, AddPayee(bank.hold_number(session, number), name, None))
    return refused.value.rule


def test_somebody_at_our_bank(bank: World, zhangwei: str, demo_numbers: dict[str, str]) -> None:
    reference = bank.hold_number(zhangwei, demo_numbers["4466"])
    done = bank.carry_out(zhangwei, AddPayee(reference, "陈晨", "侄子"))
    assert done.needs_code
    assert done.canonical_text == "把陈晨（本行，尾号4466）添加为收款人"
    added = bank.payee(zhangwei, "4466")
    assert (added.name, added.alias, added.bank, added.internal, added.paid_before) == (
        "陈晨",
        "侄子",
        "本行",
        True,
        False,
    )
    bank.pay(zhangwei, 100_00, to="4466")
    assert bank.balance(bank.sign_in("chenchen"), "4466") == 15_330_40


def test_somebody_at_another_bank(bank: World, zhangwei: str) -> None:
    bank.carry_out(zhangwei, AddPayee(bank.hold_number(zhangwei, ICBC), "赵六", None))
    added = bank.payee(zhangwei, "3446")
    assert (added.bank, added.internal) == ("工商银行", False)
    bank.pay(zhangwei, 100_00, to="3446")
    assert _rule(bank, zhangwei, ICBC, "赵六") == "payee_exists"


def test_numbers_and_names_that_do_not_fit(bank: World, zhangwei: str, demo_numbers: dict[str, str]) -> None:
    for number, name, rule in (
        (demo_numbers["4466"], "陈辰", "name_mismatch"),
        (demo_numbers["1122"], "张伟", "own_account"),
        (demo_numbers["3344"], "李娜", "payee_exists"),
        (demo_numbers["0000"], "李娜", "account_unknown"),
        (UNKNOWN_BANK, "李娜", "bank_unknown"),
        (ICBC, "7", "name_invalid"),
    ):
        assert _rule(bank, zhangwei, number, name) == rule
    with pytest.raises(BankContractBroken):
        bank.hold_number(zhangwei, ICBC[:-1] + "1")


def test_a_reference_is_worth_nothing_to_others_and_only_once(bank: World, zhangwei: str) -> None:
    order = AddPayee(bank.hold_number(zhangwei, ICBC), "赵六", None)
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(bank.sign_in("lina"), order)
    assert refused.value.rule == "number_expired"
    bank.carry_out(zhangwei, order)
    with pytest.raises(NotPossible):
        bank.port.prepare(zhangwei, order)


def test_a_removed_payee_is_gone(bank: World, zhangwei: str) -> None:
    payee = bank.payee(zhangwei, "7788")
    done = bank.carry_out(zhangwei, RemovePayee(payee.id))
    assert done.needs_code
    assert done.canonical_text == "把王强（建设银行，尾号7788）从收款人名册里删除"
    assert "7788" not in {payee.tail for payee in bank.port.payees(zhangwei)}
    with pytest.raises(PayeeNotFound):
        bank.port.draft_transfer(zhangwei, bank.account(zhangwei, "6789").id, payee.id, 100)
    with pytest.raises(PayeeNotFound):
        bank.port.prepare(zhangwei, RemovePayee(payee.id))
    with pytest.raises(PayeeNotFound):
        bank.port.prepare(bank.sign_in("lina"), RemovePayee(bank.payee(zhangwei, "5566").id))


def test_a_payee_with_a_scheduled_transfer_stays(bank: World, zhangwei: str) -> None:
    payee, tomorrow = bank.payee(zhangwei, "3344"), (NOON + timedelta(days=1)).date()
    order = ScheduleTransfer(payee.id, bank.account(zhangwei, "6789").id, 100, "once", tomorrow.isoformat())
    bank.carry_out(zhangwei, order)
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, RemovePayee(payee.id))
    assert refused.value.rule == "has_scheduled"
