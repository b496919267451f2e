"""Orders: prepared, agreed to, done once; those that need a code get none without it."""

from __future__ import annotations

import pytest

from banking.credit_card import RepayCreditCard
from banking.model import Line
from banking.port import AccountNotFound, CodeRequired, NotPossible
from tests.contract.worlds import World


def _repayment(bank: World, session: str, amount_fen: int) -> RepayCreditCard:
    return RepayCreditCard(bank.account(session, "8812").id, bank.account(session, "6789").id, amount_fen)


def test_an_order_says_what_it_will_do_and_moves_nothing(bank: World, zhangwei: str) -> None:
    order = _repayment(bank, zhangwei, 1_000_00)
    draft = bank.port.prepare(zhangwei, order)
    assert draft.canonical_text == "从借记卡（尾号6789）还信用卡（尾号8812）¥1,000.00"
    assert draft.order is not None
    assert draft.order.asked == order.fields()
    assert Line("付款账户", "借记卡（尾号6789）") in draft.order.lines
    assert draft.needs_code
    assert bank.movements(zhangwei) == []


def test_it_is_done_once_with_its_code(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, _repayment(bank, zhangwei, 1_000_00))
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    bank.authorise(zhangwei, draft)
    done = bank.port.confirm(zhangwei, draft.id)
    assert bank.port.confirm(zhangwei, draft.id).result == done.result
    assert done.result is not None
    assert done.result.lines == (Line("剩余欠款", "¥3,286.35"), Line("本期账单", "还差 ¥3,286.35"))
    assert bank.balance(zhangwei, "8812") == -3_286_35
    assert bank.balance(zhangwei, "6789") == 51_318_66


def test_another_order_in_its_place_closes_the_first(bank: World, zhangwei: str) -> None:
    first = bank.port.prepare(zhangwei, _repayment(bank, zhangwei, 1_000_00))
    bank.port.prepare(zhangwei, _repayment(bank, zhangwei, 2_000_00), replaces=first.id)
    assert bank.port.draft(zhangwei, first.id).state == "CANCELLED"


def test_its_own_rules_refuse_it_in_words(bank: World, zhangwei: str) -> None:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, _repayment(bank, zhangwei, 4_286_36))
    assert refused.value.rule == "above_debt"
    assert "¥4,286.35" in refused.value.reason


def test_accounts_of_other_customers_are_unknown(bank: World, zhangwei: str) -> None:
    lina = bank.sign_in("lina")
    order = _repayment(bank, zhangwei, 100)
    with pytest.raises(AccountNotFound):
        bank.port.prepare(lina, order)
