"""Transfers: money that moves exactly once, or not at all."""

from __future__ import annotations

import pytest

from banking.port import (
    AccountRestricted,
    AmountInvalid,
    BankContractBroken,
    CardNotUsable,
    CodeRequired,
    DraftClosed,
    DraftExpired,
    InsufficientFunds,
    LimitExceeded,
)
from tests.contract.worlds import World


def test_a_draft_says_what_it_will_do_and_moves_nothing(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 50000, note="饭钱")
    assert draft.canonical_text == "从借记卡（尾号6789）向李娜（本行，尾号3344）转账 ¥500.00（伍佰元整），手续费 ¥0.00"
    assert (draft.kind, draft.state, draft.risk, draft.risk_reasons) == ("transfer", "DRAFT", "blue", ())
    assert (draft.risk_question_open, draft.challenge, draft.result, draft.card) == (False, None, None, None)
    assert (draft.expires_at - draft.created_at).total_seconds() == 600
    details = draft.transfer
    assert details is not None
    assert (details.amount_fen, details.fee_fen, details.amount_upper, details.note) == (50000, 0, "伍佰元整", "饭钱")
    assert (details.from_account.name, details.from_account.tail) == ("借记卡", "6789")
    assert (details.payee.name, details.payee.bank, details.payee.tail) == ("李娜", "本行", "3344")
    assert bank.balance(zhangwei, "6789") == 5231866
    assert bank.movements(zhangwei) == []


def test_money_arrives_at_a_customer_of_ours(bank: World, zhangwei: str, lina: str) -> None:
    done = bank.pay(zhangwei, 50000, note="饭钱")
    assert done.state == "DONE"
    assert done.result is not None
    assert done.result.receipt_no
    assert bank.balance(zhangwei, "6789") == 5231866 - 50000
    assert bank.balance(lina, "3344") == 800000 + 50000
    assert bank.movements(zhangwei) == [(-50000, "李娜")]
    assert bank.movements(lina) == [(50000, "张伟")]
    limits = bank.port.limits(zhangwei)
    assert (limits.used_today_fen, limits.remaining_today_fen) == (50000, 4950000)


def test_money_leaves_for_another_bank(bank: World, zhangwei: str) -> None:
    assert not bank.payee(zhangwei, "7788").paid_before
    assert bank.pay(zhangwei, 12345, to="7788").state == "DONE"
    assert bank.payee(zhangwei, "7788").paid_before
    assert bank.balance(zhangwei, "6789") == 5231866 - 12345
    assert bank.movements(zhangwei) == [(-12345, "王强")]


def test_the_last_fen_can_be_spent(bank: World) -> None:
    wangfang = bank.sign_in("wangfang")
    bank.pay(wangfang, 12050, to="4466", login="wangfang", tail="2255")
    assert bank.balance(wangfang, "2255") == 0


def test_confirming_again_gives_the_same_answer_and_moves_nothing_more(bank: World, zhangwei: str) -> None:
    done = bank.pay(zhangwei, 50000)
    for _ in range(3):
        assert bank.port.confirm(zhangwei, done.id) == done
    assert bank.port.draft(zhangwei, done.id) == done
    assert bank.balance(zhangwei, "6789") == 5231866 - 50000
    assert len(bank.movements(zhangwei)) == 1


def test_confirming_needs_a_code(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 50000)
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    bank.port.send_code(zhangwei, draft.id)
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    assert bank.movements(zhangwei) == []


def test_a_code_entered_in_one_session_does_not_confirm_in_another(bank: World, zhangwei: str) -> None:
    draft = bank.authorised(zhangwei, 50000)
    with pytest.raises(CodeRequired):
        bank.port.confirm(bank.sign_in("zhangwei"), draft.id)
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


def test_amounts_that_cannot_be(bank: World, zhangwei: str) -> None:
    account_id, payee_id = bank.account(zhangwei, "6789").id, bank.payee(zhangwei, "3344").id
    for amount_fen in (0, -1, -50000, 99_999_999_99 + 1, 10**30, 100.0, "100", True):
        with pytest.raises(AmountInvalid):
            bank.port.draft_transfer(zhangwei, account_id, payee_id, amount_fen)  # type: ignore[arg-type]
    assert bank.port.drafts(zhangwei) == ()


def test_a_note_has_thirty_characters_at_most(bank: World, zhangwei: str) -> None:
    bank.draft(zhangwei, 100, note="字" * 30)
    with pytest.raises(BankContractBroken):
        bank.draft(zhangwei, 100, note="字" * 31)


def test_not_enough_money(bank: World, lina: str) -> None:
    with pytest.raises(InsufficientFunds) as refused:
        bank.draft(lina, 800001, to="6789", tail="3344")
    assert refused.value.available_fen == 800000


def test_money_spent_since_the_draft_is_missed_at_the_confirmation(bank: World, lina: str) -> None:
    first = bank.draft(lina, 500000, to="6789", tail="3344")
    second = bank.authorised(lina, 500000, to="6789", login="lina", tail="3344")
    bank.port.confirm(lina, second.id)
    bank.authorise(lina, first, login="lina")
    with pytest.raises(InsufficientFunds) as refused:
        bank.port.confirm(lina, first.id)
    assert refused.value.available_fen == 300000
    assert bank.balance(lina, "3344") == 300000
    assert bank.port.draft(lina, first.id).state == "AUTHORISED"


def test_the_daily_limit_holds_at_the_draft(bank: World, zhangwei: str) -> None:
    with pytest.raises(LimitExceeded) as refused:
        bank.draft(zhangwei, 5000001)
    assert (refused.value.kind, refused.value.limit_fen, refused.value.remaining_fen) == ("daily", 5000000, 5000000)


def test_the_daily_limit_holds_at_the_confirmation_and_ends_at_midnight(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 100)
    for _ in range(2):
        bank.pay(zhangwei, 2000000)
    late = bank.draft(zhangwei, 999800)
    bank.pay(zhangwei, 500000)
    bank.authorise(zhangwei, late)
    with pytest.raises(LimitExceeded) as refused:
        bank.port.confirm(zhangwei, late.id)
    assert refused.value.remaining_fen == 499900
    bank.wait(hours=20)
    tomorrow = bank.sign_in("zhangwei")
    assert bank.port.limits(tomorrow).remaining_today_fen == 5000000
    assert bank.pay(tomorrow, 200000).state == "DONE"


def test_a_restricted_account_pays_nobody(bank: World) -> None:
    zhaolei = bank.sign_in("zhaolei")
    account = bank.account(zhaolei, "7070")
    with pytest.raises(AccountRestricted) as refused:
        bank.port.draft_transfer(zhaolei, account.id, "nobody", 100)
    assert account.restriction is not None
    assert refused.value.reason == account.restriction.reason


def test_only_debit_accounts_pay(bank: World, zhangwei: str) -> None:
    payee_id = bank.payee(zhangwei, "3344").id
    others = [account for account in bank.port.accounts(zhangwei) if account.kind != "debit"]
    assert {account.kind for account in others} == {"time_deposit", "credit_card", "mortgage"}
    for account in others:
        with pytest.raises(AccountRestricted):
            bank.port.draft_transfer(zhangwei, account.id, payee_id, 100)


@pytest.mark.parametrize("state", ["frozen", "lost"])
def test_the_card_of_the_account_must_be_usable_at_draft_and_confirmation(
    bank: World, zhangwei: str, state: str
) -> None:
    draft, card_id = bank.authorised(zhangwei, 100), bank.card(zhangwei, "6789").id
    if state == "frozen":
        bank.port.freeze_card(zhangwei, card_id, "k")
    else:
        bank.port.report_card_lost(zhangwei, card_id, "k")
    with pytest.raises(CardNotUsable) as refused:
        bank.port.confirm(zhangwei, draft.id)
    assert refused.value.state == state
    with pytest.raises(CardNotUsable):
        bank.draft(zhangwei, 100)
    assert bank.draft(zhangwei, 100, tail="1122").state == "DRAFT"
    assert bank.movements(zhangwei) == []


def test_a_replaced_draft_is_cancelled_and_its_code_is_dead(bank: World, zhangwei: str) -> None:
    old = bank.draft(zhangwei, 50000)
    bank.port.send_code(zhangwei, old.id)
    old_code = bank.last_code("zhangwei")
    new = bank.draft(zhangwei, 60000, replaces=old.id)
    assert bank.port.draft(zhangwei, old.id).state == "CANCELLED"
    with pytest.raises(BankContractBroken, match=r"no_open_challenge|code_dead"):
        bank.submit_code(zhangwei, old_code)
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, new.id)
    with pytest.raises(DraftClosed) as closed:
        bank.port.confirm(zhangwei, old.id)
    assert closed.value.state == "CANCELLED"


def test_a_replacement_that_is_refused_leaves_the_old_draft_alone(bank: World, zhangwei: str) -> None:
    old = bank.authorised(zhangwei, 50000)
    with pytest.raises(AmountInvalid):
        bank.draft(zhangwei, 0, replaces=old.id)
    assert bank.port.confirm(zhangwei, old.id).state == "DONE"
    with pytest.raises(DraftClosed) as closed:
        bank.draft(zhangwei, 100, replaces=old.id)
    assert closed.value.state == "DONE"


def test_a_cancelled_draft_stays_cancelled(bank: World, zhangwei: str) -> None:
    draft = bank.authorised(zhangwei, 50000)
    assert bank.port.cancel(zhangwei, draft.id).state == "CANCELLED"
    for step in (bank.port.confirm, bank.port.send_code, bank.port.cancel):
        with pytest.raises(DraftClosed) as closed:
            step(zhangwei, draft.id)
        assert closed.value.state == "CANCELLED"
    assert bank.movements(zhangwei) == []


def test_a_finished_draft_cannot_be_cancelled(bank: World, zhangwei: str) -> None:
    done = bank.pay(zhangwei, 50000)
    with pytest.raises(DraftClosed) as closed:
        bank.port.cancel(zhangwei, done.id)
    assert closed.value.state == "DONE"


def test_a_draft_lives_ten_minutes(bank: World, zhangwei: str) -> None:
    draft = bank.authorised(zhangwei, 50000)
    bank.wait(minutes=11)
    assert bank.port.draft(zhangwei, draft.id).state == "EXPIRED"
    for step in (bank.port.confirm, bank.port.send_code, bank.port.cancel):
        with pytest.raises(DraftExpired):
            step(zhangwei, draft.id)
    assert bank.movements(zhangwei) == []


def test_drafts_are_listed_newest_first_and_by_kind(bank: World, zhangwei: str) -> None:
    ids = []
    for number in range(3):
        bank.wait(seconds=number)
        ids.append(bank.draft(zhangwei, 100 + number).id)
    bank.port.freeze_card(zhangwei, bank.card(zhangwei, "1122").id, "k")
    bank.wait(seconds=5)
    unfreeze = bank.port.draft_unfreeze(zhangwei, bank.card(zhangwei, "1122").id)
    assert [draft.id for draft in bank.port.drafts(zhangwei)] == [unfreeze.id, *reversed(ids)]
    assert [draft.id for draft in bank.port.drafts(zhangwei, kind="transfer", limit=2)] == [ids[2], ids[1]]
