"""Loans: products, applications, the mortgage and its schedule, prepayment, help with payments."""

from __future__ import annotations

from decimal import Decimal

import pytest

from banking.loan import ApplyLoan, Loan, NegotiateOverdue, PrepayLoan
from banking.model import Draft
from banking.port import AccountNotFound, CodeRequired, InsufficientFunds, NotPossible
from finance.loans import monthly_payment
from tests.contract.worlds import NOON, World


def _mortgage(bank: World, session: str) -> Loan:
    return bank.port.loans(session)[0]


def _prepay(bank: World, session: str, amount_fen: int, effect: str = "shorter_term") -> Draft:
    account = bank.account(session, "6789")
    order = PrepayLoan(_mortgage(bank, session).account_id, account.id, amount_fen, effect)  # type: ignore[arg-type]
    return bank.port.prepare(session, order)


def test_everybody_may_read_the_products(bank: World, zhangwei: str) -> None:
    products = bank.port.loan_products(None)
    assert products == bank.port.loan_products(zhangwei)
    assert [product.code for product in products] == ["consumer", "car", "business", "mortgage"]


def test_the_mortgage_and_its_next_payment(bank: World, zhangwei: str, lina: str) -> None:
    loan = _mortgage(bank, zhangwei)
    assert (loan.principal_fen, loan.months_left) == (680_000_00, 276)
    first = loan.payments[0]
    assert first.payment_fen == monthly_payment(680_000_00, Decimal("0.0335"), 276)
    assert first.interest_fen == 1_898_33  # 680,000 x 3.35 % / 12
    assert first.remaining_fen == 680_000_00 - first.principal_fen
    assert 0 < (first.due_on - NOON.date()).days <= 31
    assert len(loan.payments) == 6
    assert bank.port.loans(lina) == ()


@pytest.mark.parametrize("effect", ["shorter_term", "lower_payment"])
def test_prepaying_a_part(bank: World, zhangwei: str, effect: str) -> None:
    before = _mortgage(bank, zhangwei)
    draft = _prepay(bank, zhangwei, 50_000_00, effect)
    assert draft.canonical_text == "从借记卡（尾号6789）提前还个人住房贷款 ¥50,000.00"
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    bank.authorise(zhangwei, draft)
    result = bank.port.confirm(zhangwei, draft.id).result
    assert result is not None
    lines = {line.label: line.value for line in result.lines}
    paid_fen = round(Decimal(lines["合计扣款"].strip("¥").replace(",", "")) * 100)
    assert bank.balance(zhangwei, "6789") == 52_318_66 - paid_fen
    after = _mortgage(bank, zhangwei)
    assert after.principal_fen == 630_000_00
    shorter = after.months_left < before.months_left
    lower = after.payments[0].payment_fen < before.payments[0].payment_fen
    assert (shorter, lower) == ((True, False) if effect == "shorter_term" else (False, True))
    saved_fen = before.interest_left_fen - after.interest_left_fen - (paid_fen - 50_000_00)
    assert lines["节省利息"] == f"¥{Decimal(saved_fen) / 100:,.2f}"


def test_what_prepaying_refuses(bank: World, zhangwei: str, lina: str) -> None:
    for amount_fen, rule in ((9_999_99, "below_minimum"), (680_000_01, "above_debt")):
        with pytest.raises(NotPossible) as refused:
            _prepay(bank, zhangwei, amount_fen)
        assert refused.value.rule == rule
    with pytest.raises(InsufficientFunds):
        _prepay(bank, zhangwei, 680_000_00)
    order = PrepayLoan(_mortgage(bank, zhangwei).account_id, bank.account(lina, "3344").id, 10_000_00, "lower_payment")
    with pytest.raises(AccountNotFound):
        bank.port.prepare(lina, order)


def test_after_the_due_day_the_payment_comes_first(bank: World) -> None:
    bank.wait(days=31)
    session = bank.sign_in("zhangwei")
    with pytest.raises(NotPossible) as refused:
        _prepay(bank, session, 20_000_00)
    assert refused.value.rule == "payment_due"


def test_an_application_is_recorded_with_its_number(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, ApplyLoan("consumer", 100_000_00, 36, "装修"))
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    bank.authorise(zhangwei, draft)
    result = bank.port.confirm(zhangwei, draft.id).result
    application = bank.port.loan_applications(zhangwei)[0]
    assert result is not None
    assert application.number in [line.value for line in result.lines]
    assert (application.product_name, application.amount_fen, application.state) == (
        "信用消费贷",
        100_000_00,
        "received",
    )


def test_what_applying_refuses(bank: World, zhangwei: str, lina: str) -> None:
    for session, order, rule in (
        (zhangwei, ApplyLoan("boat", 100_000_00, 36, "装修"), "no_such_product"),
        (zhangwei, ApplyLoan("consumer", 9_999_99, 36, "装修"), "below_minimum"),
        (zhangwei, ApplyLoan("consumer", 300_000_01, 36, "装修"), "above_maximum"),
        (zhangwei, ApplyLoan("consumer", 100_000_00, 61, "装修"), "term_too_long"),
        (zhangwei, ApplyLoan("consumer", 100_000_00, 36, "拿去炒股"), "purpose_forbidden"),
        (lina, ApplyLoan("consumer", 100_000_00, 36, "旅游"), "already_applied"),
    ):
        with pytest.raises(NotPossible) as refused:
            bank.port.prepare(session, order)
        assert refused.value.rule == rule


def test_the_demo_application_is_under_review(bank: World, lina: str) -> None:
    (application,) = bank.port.loan_applications(lina)
    assert (application.product_name, application.amount_fen, application.state) == (
        "信用消费贷",
        50_000_00,
        "reviewing",
    )


def test_help_with_payments_is_recorded_without_a_code(bank: World, lina: str) -> None:
    draft = bank.port.prepare(lina, NegotiateOverdue("credit_card"))
    assert not draft.needs_code
    done = bank.port.confirm(lina, draft.id)
    assert done.state == "DONE"
    assert done.canonical_text == "登记信用卡还款困难，请专员回电"
