"""What a signed-in customer can read."""

from __future__ import annotations

import pytest

from banking.model import TransactionQuery
from banking.port import AccountNotFound, CardNotFound, DraftNotFound, PayeeNotFound, SessionInvalid
from tests.contract.worlds import World


def test_the_customer(bank: World, zhangwei: str) -> None:
    customer = bank.port.customer(zhangwei)
    assert (customer.name, customer.elder_mode, customer.phone_masked) == ("张伟", False, "138****0001")
    assert bank.port.customer(bank.sign_in("wangfang")).elder_mode


def test_accounts_of_the_demo_bank(bank: World, zhangwei: str) -> None:
    accounts = bank.port.accounts(zhangwei)
    figures = sorted((account.kind, account.tail, account.balance_fen) for account in accounts if account.tail)
    assert figures == [
        ("credit_card", "8812", -428635),
        ("debit", "1122", 320000),
        ("debit", "6789", 5231866),
    ]
    assert {account.kind: account.balance_fen for account in accounts if account.tail is None} == {
        "time_deposit": 5000000,
        "mortgage": -68000000,
    }
    assert all(account.available_fen == 0 for account in accounts if account.tail is None)
    assert {account.tail: account.account_class for account in accounts if account.kind == "debit"} == {
        "6789": "I",
        "1122": "II",
    }


def test_a_debit_account_can_be_spent_and_has_a_card(bank: World, zhangwei: str) -> None:
    account = bank.account(zhangwei, "6789")
    assert account.available_fen == account.balance_fen
    assert account.card_id == bank.card(zhangwei, "6789").id
    assert (account.state, account.restriction, account.credit) == ("active", None, None)


def test_a_credit_card_shows_its_bill(bank: World, zhangwei: str) -> None:
    credit = bank.account(zhangwei, "8812").credit
    assert credit is not None
    assert (credit.limit_fen, credit.available_fen) == (3000000, 3000000 - 428635)
    assert (credit.bill_fen, credit.minimum_fen, credit.due_day) == (428635, 42864, 25)


def test_a_time_deposit_has_a_date(bank: World, zhangwei: str) -> None:
    deposit = next(account for account in bank.port.accounts(zhangwei) if account.kind == "time_deposit")
    assert deposit.matures_on is not None


def test_a_restricted_account_says_why(bank: World) -> None:
    account = bank.account(bank.sign_in("zhaolei"), "7070")
    assert account.state == "restricted"
    assert account.restriction is not None
    assert account.restriction.reason


def test_cards(bank: World, zhangwei: str) -> None:
    cards = {card.tail: (card.kind, card.account_class, card.state) for card in bank.port.cards(zhangwei)}
    assert cards == {
        "6789": ("debit", "I", "active"),
        "1122": ("debit", "II", "active"),
        "8812": ("credit", None, "active"),
    }


def test_payees(bank: World, zhangwei: str) -> None:
    payees = bank.port.payees(zhangwei)
    assert {(payee.name, payee.alias, payee.bank, payee.tail, payee.internal) for payee in payees} == {
        ("李娜", None, "本行", "3344", True),
        ("王强", None, "工商银行", "5566", False),
        ("王强", None, "建设银行", "7788", False),
        ("张秀英", "妈妈", "本行", "9900", True),
    }
    assert {payee.tail for payee in payees if not payee.paid_before} == {"7788"}


def test_limits(bank: World, zhangwei: str) -> None:
    limits = bank.port.limits(zhangwei)
    assert (limits.single_review_fen, limits.new_payee_fen) == (2000000, 500000)
    assert (limits.daily_fen, limits.used_today_fen, limits.remaining_today_fen) == (5000000, 0, 5000000)


def test_a_new_customer_has_no_drafts(bank: World, zhangwei: str) -> None:
    assert bank.port.drafts(zhangwei) == ()


def test_ids_of_another_customer_are_unknown_ids(bank: World, zhangwei: str, lina: str) -> None:
    port, draft = bank.port, bank.draft(zhangwei, 100)
    hers, his = bank.account(lina, "3344"), bank.account(zhangwei, "6789")
    card_id = bank.card(zhangwei, "6789").id
    with pytest.raises(AccountNotFound):
        port.draft_transfer(lina, his.id, bank.payee(lina, "6789").id, 100)
    with pytest.raises(PayeeNotFound):
        port.draft_transfer(lina, hers.id, bank.payee(zhangwei, "3344").id, 100)
    with pytest.raises(AccountNotFound):
        port.transactions(lina, TransactionQuery(account_id=his.id))
    with pytest.raises(CardNotFound):
        port.freeze_card(lina, card_id, "k1")
    with pytest.raises(CardNotFound):
        port.report_card_lost(lina, card_id, "k2")
    with pytest.raises(CardNotFound):
        port.draft_unfreeze(lina, card_id)
    for step in (port.draft, port.send_code, port.confirm, port.cancel):
        with pytest.raises(DraftNotFound):
            step(lina, draft.id)
    with pytest.raises(DraftNotFound):
        port.answer_risk(lina, draft.id, suspicious=False)
    with pytest.raises(DraftNotFound):
        port.draft_transfer(lina, hers.id, bank.payee(lina, "6789").id, 100, replaces=draft.id)
    assert port.draft(zhangwei, draft.id).state == "DRAFT"
    assert bank.card(zhangwei, "6789").state == "active"


def test_ids_that_never_were(bank: World, zhangwei: str) -> None:
    account_id = bank.account(zhangwei, "6789").id
    for made_up in ("nothing", "", "..", "a/b"):
        with pytest.raises(DraftNotFound):
            bank.port.draft(zhangwei, made_up)
        with pytest.raises(CardNotFound):
            bank.port.freeze_card(zhangwei, made_up, "k")
        with pytest.raises(PayeeNotFound):
            bank.port.draft_transfer(zhangwei, account_id, made_up, 100)


def test_an_unknown_session(bank: World) -> None:
    for session in ("", "made-up", "x" * 200):
        with pytest.raises(SessionInvalid):
            bank.port.accounts(session)
        with pytest.raises(SessionInvalid):
            bank.port.confirm(session, "dr_x")


def test_a_session_ends_after_thirty_idle_minutes(bank: World, zhangwei: str) -> None:
    bank.wait(minutes=29)
    bank.port.accounts(zhangwei)
    bank.wait(minutes=58)
    bank.port.accounts(zhangwei)
    bank.wait(minutes=89)
    with pytest.raises(SessionInvalid):
        bank.port.accounts(zhangwei)


def test_a_session_ends_after_eight_hours_however_busy(bank: World, zhangwei: str) -> None:
    for minutes in range(25, 8 * 60, 25):
        bank.wait(minutes=minutes)
        bank.port.limits(zhangwei)
    bank.wait(hours=8, minutes=1)
    with pytest.raises(SessionInvalid):
        bank.port.limits(zhangwei)
