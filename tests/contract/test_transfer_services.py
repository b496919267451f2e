"""Transfers between own accounts, scheduled ones, those taken back, recalls, and the daily limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from banking.port import AmountInvalid, InsufficientFunds, LimitExceeded, NotPossible, PayeeNotFound
from banking.transfers import (
    CancelTransfer,
    ChangeTransferLimit,
    ReportWrongTransfer,
    ScheduleTransfer,
    TransferOwnAccounts,
)
from tests.contract.worlds import NOON, World

TODAY = NOON.date()


def _own(bank: World, session: str, amount_fen: int, to: str = "1122") -> TransferOwnAccounts:
    return TransferOwnAccounts(bank.account(session, "6789").id, bank.account(session, to).id, amount_fen)


def _schedule(
    bank: World,
    session: str,
    amount_fen: int,
    first_on: date,
    repeats: str = "once",
    tail: str = "6789",
    to: str = "3344",
) -> ScheduleTransfer:
    account, payee = bank.account(session, tail), bank.payee(session, to)
    return ScheduleTransfer(payee.id, account.id, amount_fen, repeats, first_on.isoformat())


def _rule(bank: World, session: str, order: object) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)  # type: ignore[arg-type]
    return refused.value.rule


def test_between_own_accounts_with_a_code_and_outside_the_limit(bank: World, zhangwei: str) -> None:
    done = bank.carry_out(zhangwei, _own(bank, zhangwei, 500_00))
    assert done.canonical_text == "从您的借记卡（尾号6789）转 ¥500.00 到您的借记卡（尾号1122）"
    assert done.needs_code and done.result is not None
    assert (bank.balance(zhangwei, "6789"), bank.balance(zhangwei, "1122")) == (51_818_66, 3_700_00)
    assert bank.port.limits(zhangwei).used_today_fen == 0


def test_what_is_no_transfer_between_own_accounts(bank: World, zhangwei: str) -> None:
    assert _rule(bank, zhangwei, _own(bank, zhangwei, 1, "6789")) == "same_account"
    assert _rule(bank, zhangwei, _own(bank, zhangwei, 1, "8812")) == "not_a_debit_account"
    with pytest.raises(InsufficientFunds):
        bank.port.prepare(zhangwei, _own(bank, zhangwei, 60_000_00))
    with pytest.raises(AmountInvalid):
        bank.port.prepare(zhangwei, _own(bank, zhangwei, 0))


def test_a_scheduled_transfer_is_made_once_on_its_day(bank: World, zhangwei: str) -> None:
    bank.carry_out(zhangwei, _schedule(bank, zhangwei, 300_00, TODAY + timedelta(days=2)))
    (waiting,) = bank.port.scheduled_transfers(zhangwei)
    assert (waiting.payee.name, waiting.repeats, waiting.next_on) == ("李娜", "once", TODAY + timedelta(days=2))
    assert bank.balance(zhangwei, "6789") == 52_318_66
    bank.wait(days=1)
    assert bank.balance(bank.sign_in("zhangwei"), "6789") == 52_318_66
    for _ in range(2):
        bank.wait(days=2)
        session = bank.sign_in("zhangwei")
        assert bank.balance(session, "6789") == 52_018_66
    assert bank.balance(bank.sign_in("lina"), "3344") == 8_300_00
    assert bank.port.scheduled_transfers(session) == ()
    newest = bank.port.transfers(session)[0]
    assert (newest.state, newest.amount_fen, newest.payee.name) == ("done", 300_00, "李娜")
    assert newest.receipt_no is not None
    assert bank.port.limits(session).used_today_fen == 300_00


def test_a_monthly_one_comes_again_and_catches_up(bank: World, zhangwei: str) -> None:
    first_on = (TODAY.replace(day=1) + timedelta(days=40)).replace(day=15)
    bank.carry_out(zhangwei, _schedule(bank, zhangwei, 100_00, first_on, "monthly"))
    bank.wait(days=(first_on - TODAY).days)
    session = bank.sign_in("zhangwei")
    (waiting,) = bank.port.scheduled_transfers(session)
    assert (waiting.next_on - first_on).days in (28, 29, 30, 31) and waiting.next_on.day == 15
    bank.wait(days=(first_on - TODAY).days + 62)
    assert bank.balance(bank.sign_in("zhangwei"), "6789") == 52_318_66 - 300_00


def test_one_without_funds_fails_and_says_why(bank: World, zhangwei: str) -> None:
    bank.carry_out(zhangwei, _schedule(bank, zhangwei, 4_000_00, TODAY + timedelta(days=1), tail="1122"))
    bank.wait(days=1)
    session = bank.sign_in("zhangwei")
    assert bank.balance(session, "1122") == 3_200_00
    failed = bank.port.transfers(session)[0]
    assert (failed.state, failed.failure, failed.receipt_no) == ("failed", "insufficient_funds", None)
    assert failed.scheduled_for == TODAY + timedelta(days=1)
    assert bank.port.scheduled_transfers(session) == ()


def test_days_that_can_not_be_agreed_on(bank: World, zhangwei: str) -> None:
    the_29th = next(day for day in (TODAY + timedelta(days=ahead) for ahead in range(1, 70)) if day.day == 29)
    for first_on, repeats, rule in (
        (TODAY, "once", "day_not_ahead"),
        (TODAY + timedelta(days=500), "once", "day_too_far"),
        (the_29th, "monthly", "day_of_month"),
    ):
        assert _rule(bank, zhangwei, _schedule(bank, zhangwei, 100, first_on, repeats)) == rule
    lina = bank.sign_in("lina")
    order = _schedule(bank, zhangwei, 100, TODAY + timedelta(days=1))
    with pytest.raises(PayeeNotFound):
        bank.port.prepare(
            lina, ScheduleTransfer(order.payee_id, bank.account(lina, "3344").id, 100, "once", order.first_on)
        )


def test_a_large_one_to_somebody_new_is_asked_about(bank: World, zhangwei: str) -> None:
    order = _schedule(bank, zhangwei, 6_000_00, TODAY + timedelta(days=1), to="7788")
    assert bank.port.prepare(zhangwei, order).risk_question_open


def test_a_scheduled_one_is_taken_back(bank: World, zhangwei: str) -> None:
    bank.carry_out(zhangwei, _schedule(bank, zhangwei, 300_00, TODAY + timedelta(days=1), "weekly"))
    (waiting,) = bank.port.scheduled_transfers(zhangwei)
    done = bank.carry_out(zhangwei, CancelTransfer(waiting.id))
    assert done.canonical_text.startswith("撤销预约：每周")
    assert bank.port.scheduled_transfers(zhangwei) == ()
    bank.wait(days=8)
    assert bank.balance(bank.sign_in("zhangwei"), "6789") == 52_318_66
    assert _rule(bank, bank.sign_in("zhangwei"), CancelTransfer(waiting.id)) == "nothing_to_cancel"


def test_one_in_review_is_taken_back(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 25_000_00)
    bank.port.answer_risk(zhangwei, draft.id, suspicious=False)
    bank.authorise(zhangwei, draft)
    assert bank.port.confirm(zhangwei, draft.id).state == "REVIEW"
    assert bank.port.transfers(zhangwei)[0].state == "review"
    bank.carry_out(zhangwei, CancelTransfer(draft.id))
    assert bank.port.draft(zhangwei, draft.id).state == "CANCELLED"
    assert _rule(bank, bank.sign_in("lina"), CancelTransfer(draft.id)) == "nothing_to_cancel"


def test_a_wrong_transfer_is_recalled_once_without_a_code(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 500_00, to="5566")
    made = bank.port.transfers(zhangwei)[0]
    done = bank.carry_out(zhangwei, ReportWrongTransfer(made.id))
    assert not done.needs_code and done.result is not None
    assert {line.label for line in done.result.lines} == {"追回工单号", "转账回单号", "已联系", "答复时间"}
    assert bank.port.transfers(zhangwei)[0].recall_no == done.result.lines[0].value
    assert _rule(bank, zhangwei, ReportWrongTransfer(made.id)) == "already_recalled"
    assert _rule(bank, bank.sign_in("lina"), ReportWrongTransfer(made.id)) == "no_such_transfer"


def test_transfers_that_were_not_made_say_why(bank: World, zhangwei: str) -> None:
    suspicious = bank.draft(zhangwei, 600000, to="7788")
    bank.port.answer_risk(zhangwei, suspicious.id, suspicious=True)
    bank.draft(zhangwei, 100)
    bank.wait(minutes=11)
    failures = {record.id: record.failure for record in bank.port.transfers(zhangwei)}
    assert failures[suspicious.id] == "refused"
    assert sorted(str(failure) for failure in failures.values() if failure) == [
        "expired",
        "insufficient_funds",
        "refused",
    ]


def test_a_lower_limit_holds_at_once(bank: World, zhangwei: str) -> None:
    done = bank.carry_out(zhangwei, ChangeTransferLimit(1_000_00))
    assert (done.risk, done.canonical_text) == ("blue", "把每日转账限额降低到 ¥1,000.00")
    limits = bank.port.limits(zhangwei)
    assert (limits.daily_fen, limits.remaining_today_fen) == (1_000_00, 1_000_00)
    bank.pay(zhangwei, 600_00)
    with pytest.raises(LimitExceeded) as refused:
        bank.draft(zhangwei, 500_00)
    assert (refused.value.limit_fen, refused.value.remaining_fen) == (1_000_00, 400_00)
    bank.carry_out(zhangwei, ChangeTransferLimit(500_00))
    assert bank.port.limits(zhangwei).remaining_today_fen == 0


def test_a_lower_limit_stops_a_draft_that_was_shown_before(bank: World, zhangwei: str) -> None:
    waiting = bank.draft(zhangwei, 2_000_00)
    bank.carry_out(zhangwei, ChangeTransferLimit(1_000_00))
    bank.authorise(zhangwei, waiting)
    with pytest.raises(LimitExceeded):
        bank.port.confirm(zhangwei, waiting.id)


def test_a_higher_limit_is_asked_about_and_far_up_reviewed(bank: World, zhangwei: str) -> None:
    yellow = bank.carry_out(zhangwei, ChangeTransferLimit(80_000_00))
    assert (yellow.risk, yellow.state) == ("yellow", "DONE")
    assert bank.port.limits(zhangwei).daily_fen == 80_000_00
    red = bank.carry_out(zhangwei, ChangeTransferLimit(150_000_00))
    assert (red.risk, red.state) == ("red", "REVIEW")
    assert bank.port.limits(zhangwei).daily_fen == 80_000_00
    bank.review(red.id, approve=True)
    assert bank.port.limits(zhangwei).daily_fen == 150_000_00
    assert bank.port.prepare(zhangwei, ChangeTransferLimit(100_000_00)).risk == "blue"


def test_limits_that_are_none(bank: World, zhangwei: str) -> None:
    assert _rule(bank, zhangwei, ChangeTransferLimit(200_000_01)) == "above_maximum"
    assert _rule(bank, zhangwei, ChangeTransferLimit(50_000_00)) == "same_limit"
    with pytest.raises(AmountInvalid):
        bank.port.prepare(zhangwei, ChangeTransferLimit(0))
