"""Credit cards: the bill, the limit, instalments, the bill day, autopay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from banking.credit_card import ChangeBillDate, ConvertInstalment, RaiseCreditLimit, SetAutopay
from banking.port import AccountNotFound, AccountRestricted, AmountInvalid, CardNotUsable
from banking.transfers import TransferOwnAccounts
from chinese.days_text import full_day
from finance.interest import add_months
from tests.contract.credit_cards import card, done, lines, refusal, repay, results
from tests.contract.worlds import NOON, World

TODAY = NOON.date()


def test_the_bill_and_what_it_is_made_of(bank: World, zhangwei: str) -> None:
    found = card(bank, zhangwei)
    bill = found.bill
    assert (found.tail, found.owed_fen, found.limit_fen, found.available_fen) == (
        "8812",
        4_286_35,
        30_000_00,
        25_713_65,
    )
    assert (bill.bill_fen, bill.left_fen, bill.minimum_fen, bill.minimum_left_fen) == (
        4_286_35,
        4_286_35,
        428_64,
        428_64,
    )
    assert (found.bill_day, found.due_day, bill.billed_on.day, bill.due_on.day) == (5, 25, 5, 25)
    assert bill.until == bill.billed_on - timedelta(days=1)
    assert bill.since.day == 5 and not bill.overdue
    statement = bank.port.credit_statement(zhangwei, found.account_id)
    assert sum(entry.amount_fen for entry in statement.purchases) == bill.bill_fen
    assert [entry.counterparty for entry in statement.purchases][:2] == ["优衣库", "星巴克"]
    assert all(bill.since <= entry.on <= bill.until for entry in statement.purchases)
    assert [(entry.amount_fen, entry.counterparty) for entry in statement.repayments] == [(3_918_20, "招商银行")]


def test_a_repayment_counts_for_the_bill(bank: World, zhangwei: str) -> None:
    assert results(repay(bank, zhangwei, 1_000_00))["本期账单"] == "还差 ¥3,286.35"
    bill = card(bank, zhangwei).bill
    assert (bill.bill_fen, bill.left_fen, bill.minimum_left_fen) == (4_286_35, 3_286_35, 0)
    assert results(repay(bank, zhangwei, 3_286_35))["本期账单"] == "已还清"
    assert card(bank, zhangwei).owed_fen == 0
    account_id = card(bank, zhangwei).account_id
    repaid = bank.port.credit_statement(zhangwei, account_id).repayments
    assert [entry.amount_fen for entry in repaid] == [3_286_35, 1_000_00, 3_918_20]


def test_an_unpaid_minimum_is_overdue_after_three_days_of_grace(bank: World, zhangwei: str) -> None:
    due_on = card(bank, zhangwei).bill.due_on
    bank.set_clock(NOON + (due_on - TODAY) + timedelta(days=3))
    assert not card(bank, bank.sign_in("zhangwei")).bill.overdue
    bank.set_clock(NOON + (due_on - TODAY) + timedelta(days=4))
    later = bank.sign_in("zhangwei")
    assert card(bank, later).bill.overdue
    order = ChangeBillDate(card(bank, later).account_id, 10)
    assert refusal(bank, later, order)[0] == "overdue"


def test_a_temporary_limit_ends_by_itself(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    order = RaiseCreditLimit(account_id, "temporary", 50_000_00)
    until = TODAY + timedelta(days=60)
    draft = bank.port.prepare(zhangwei, order)
    assert draft.canonical_text == "把信用卡（尾号8812）的临时额度提高到 ¥50,000.00"
    assert lines(draft)["有效期至"] == full_day(until)
    assert results(done(bank, zhangwei, order)) == {"可用额度": "¥45,713.65"}
    found = card(bank, zhangwei)
    assert found.temporary is not None
    assert (found.temporary.extra_fen, found.temporary.until) == (20_000_00, until)
    assert (found.limit_fen, found.available_fen) == (30_000_00, 45_713_65)
    assert bank.account(zhangwei, "8812").available_fen == 45_713_65
    assert refusal(bank, zhangwei, order)[0] == "limit_running"
    bank.wait(days=61)
    ended = card(bank, bank.sign_in("zhangwei"))
    assert (ended.temporary, ended.available_fen) == (None, 25_713_65)


def test_a_permanent_limit_once_in_half_a_year(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    done(bank, zhangwei, RaiseCreditLimit(account_id, "permanent", 40_000_00))
    credit = bank.account(zhangwei, "8812").credit
    assert credit is not None
    assert (credit.limit_fen, credit.available_fen) == (40_000_00, 35_713_65)
    rule, reason = refusal(bank, zhangwei, RaiseCreditLimit(account_id, "permanent", 50_000_00))
    assert (rule, full_day(add_months(TODAY, 6)) in reason) == ("raised_lately", True)


@pytest.mark.parametrize(
    ("term", "limit_fen", "rule"),
    [
        ("permanent", 30_000_00, "limit_not_higher"),
        ("permanent", 45_000_01, "limit_step"),
        ("permanent", 46_000_00, "limit_above_offer"),
        ("temporary", 61_000_00, "limit_above_offer"),
    ],
)
def test_limits_that_are_not_on_offer(bank: World, zhangwei: str, term: str, limit_fen: int, rule: str) -> None:
    order = RaiseCreditLimit(card(bank, zhangwei).account_id, term, limit_fen)  # type: ignore[arg-type]
    assert refusal(bank, zhangwei, order)[0] == rule


def test_instalments_cost_what_is_shown(bank: World, zhangwei: str) -> None:
    """4286.35 in 12 periods at 0.6 %: principal 357.19 and fee 25.72 a period, 308.64 of fees, 13.03 % a year."""
    order = ConvertInstalment(card(bank, zhangwei).account_id, 4_286_35, 12)
    draft = bank.port.prepare(zhangwei, order)
    assert draft.canonical_text == "把信用卡（尾号8812）账单里的 ¥4,286.35 分 12 期还"
    shown = lines(draft)
    assert (shown["每期本金"], shown["每期手续费"]) == ("¥357.19", "¥25.72（每期 0.60%）")
    assert (shown["每期共还"], shown["最后一期"]) == ("¥382.91", "¥382.98")
    assert (shown["手续费合计"], shown["折合年化利率（单利）"]) == ("¥308.64", "13.03%")
    offers = {offer.periods: offer for offer in bank.port.instalment_offers(zhangwei, 4_286_35)}
    assert set(offers) == {3, 6, 12, 24}
    assert (offers[12].payment_fen, offers[12].total_fee_fen, offers[12].annual_rate) == (382_91, 308_64, "0.1303")
    assert bank.port.instalment_offers(None, 4_286_35) == tuple(offers.values())
    with pytest.raises(AmountInvalid):
        bank.port.instalment_offers(zhangwei, 0)


def test_a_bill_is_converted_once_and_owes_the_rest(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    told = results(done(bank, zhangwei, ConvertInstalment(account_id, 3_000_00, 6)))
    found = card(bank, zhangwei)
    assert told["首期还款日"] == full_day(add_months(found.bill.due_on, 1))
    assert told["本期账单剩余"].startswith("¥1,286.35")
    assert (found.bill.left_fen, found.bill.minimum_left_fen, found.owed_fen) == (1_286_35, 128_64, 4_286_35)
    assert [(plan.amount_fen, plan.periods, plan.fee_fen) for plan in found.plans] == [(3_000_00, 6, 22_50)]
    assert refusal(bank, zhangwei, ConvertInstalment(account_id, 1_000_00, 3))[0] == "converted_already"


def test_bills_that_can_not_be_converted(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    for amount_fen, periods, rule in (
        (4_286_35, 9, "periods_unknown"),
        (4_286_36, 12, "above_bill"),
        (499_99, 12, "below_instalment"),
    ):
        assert refusal(bank, zhangwei, ConvertInstalment(account_id, amount_fen, periods))[0] == rule
    repay(bank, zhangwei, 3_800_00)
    assert refusal(bank, zhangwei, ConvertInstalment(account_id, 486_35, 3))[0] == "bill_small"
    repay(bank, zhangwei, 486_35)
    assert refusal(bank, zhangwei, ConvertInstalment(account_id, 500_00, 3))[0] == "bill_paid"


def test_the_bill_day_moves_once_in_half_a_year(bank: World, zhangwei: str) -> None:
    before = card(bank, zhangwei)
    order = ChangeBillDate(before.account_id, 10)
    shown = lines(bank.port.prepare(zhangwei, order))
    assert shown["新的账单日"] == "每月10日，还款日为出账后第 20 天"
    assert shown["已出的账单"] == f"不受影响，仍在{full_day(before.bill.due_on)}前还"
    told = results(done(bank, zhangwei, order))
    after = card(bank, zhangwei)
    assert (after.bill_day, after.bill.due_on) == (10, before.bill.due_on)
    credit = bank.account(zhangwei, "8812").credit
    assert credit is not None and credit.due_day == after.due_day
    assert "10日" in told["首个新账单"] and f"{after.due_day}日" in told["它的还款日"]
    assert refusal(bank, zhangwei, ChangeBillDate(before.account_id, 12))[0] == "bill_day_changed"


def test_bill_days_that_are_none(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    for day, rule in ((5, "same_bill_day"), (0, "bill_day_unknown"), (29, "bill_day_unknown")):
        assert refusal(bank, zhangwei, ChangeBillDate(account_id, day))[0] == rule


def test_autopay_is_set_changed_and_ended(bank: World, zhangwei: str) -> None:
    account_id, from_id = card(bank, zhangwei).account_id, bank.account(zhangwei, "6789").id
    assert refusal(bank, zhangwei, SetAutopay(account_id, "off", None))[0] == "autopay_off"
    order = SetAutopay(account_id, "full", from_id)
    assert "每期还款日自动还全额" in bank.port.prepare(zhangwei, order).canonical_text
    done(bank, zhangwei, order)
    found = card(bank, zhangwei).autopay
    assert found is not None
    assert (found.share, found.account_id, found.account_tail) == ("full", from_id, "6789")
    assert refusal(bank, zhangwei, order)[0] == "autopay_same"
    done(bank, zhangwei, SetAutopay(account_id, "minimum", from_id))
    done(bank, zhangwei, SetAutopay(account_id, "off", None))
    assert card(bank, zhangwei).autopay is None
    with pytest.raises(AccountRestricted):
        bank.port.prepare(zhangwei, SetAutopay(account_id, "full", account_id))
    with pytest.raises(AccountNotFound):
        bank.port.prepare(zhangwei, SetAutopay(account_id, "full", None))


def _agree_to_autopay(bank: World, share: str, tail: str, days_from_due: int) -> date:
    """Set some days from the due day of the bill (below 0: before it). Returns that day."""
    due_on = card(bank, bank.sign_in("zhangwei")).bill.due_on
    bank.set_clock(_noon(due_on + timedelta(days=days_from_due)))
    session = bank.sign_in("zhangwei")
    done(bank, session, SetAutopay(card(bank, session).account_id, share, bank.account(session, tail).id))
    return due_on


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), NOON.tzinfo)


@pytest.mark.parametrize(("share", "paid_fen"), [("full", 4_286_35), ("minimum", 428_64)])
def test_autopay_pays_the_bill_once_on_its_day(bank: World, share: str, paid_fen: int) -> None:
    due_on = _agree_to_autopay(bank, share, "6789", days_from_due=-1)
    before = bank.balance(bank.sign_in("zhangwei"), "6789")
    for days in (0, 1, 40):
        bank.set_clock(_noon(due_on + timedelta(days=days)))
        session = bank.sign_in("zhangwei")
        assert bank.balance(session, "6789") == before - paid_fen
        assert card(bank, session).bill.left_fen == 4_286_35 - paid_fen
        assert not card(bank, session).bill.overdue
    newest = bank.port.credit_statement(session, card(bank, session).account_id).repayments[0]
    assert (newest.amount_fen, newest.summary, newest.on) == (paid_fen, "自动还款", due_on)


def test_autopay_waits_for_an_account_that_can_pay(bank: World) -> None:
    due_on = _agree_to_autopay(bank, "full", "1122", days_from_due=-1)  # holds less than the bill
    bank.set_clock(_noon(due_on))
    session = bank.sign_in("zhangwei")
    assert (bank.balance(session, "1122"), card(bank, session).bill.left_fen) == (3_200_00, 4_286_35)
    accounts = bank.account(session, "6789").id, bank.account(session, "1122").id
    done(bank, session, TransferOwnAccounts(*accounts, 2_000_00))
    assert bank.balance(session, "1122") == 3_200_00 + 2_000_00 - 4_286_35
    assert card(bank, session).bill.left_fen == 0


@pytest.mark.parametrize("days_from_due", [0, 1])
def test_autopay_begins_with_the_next_due_day_as_its_receipt_says(bank: World, days_from_due: int) -> None:
    due_on = _agree_to_autopay(bank, "full", "6789", days_from_due)
    session = bank.sign_in("zhangwei")
    done(bank, session, SetAutopay(card(bank, session).account_id, "minimum", bank.account(session, "6789").id))
    bank.set_clock(_noon(due_on + timedelta(days=2)))
    assert card(bank, bank.sign_in("zhangwei")).bill.left_fen == 4_286_35


def test_a_bill_paid_by_hand_is_not_paid_again(bank: World) -> None:
    due_on = _agree_to_autopay(bank, "full", "6789", days_from_due=-1)
    session = bank.sign_in("zhangwei")
    repay(bank, session, 4_286_35)
    before = bank.balance(session, "6789")
    bank.set_clock(_noon(due_on))
    assert bank.balance(bank.sign_in("zhangwei"), "6789") == before


def test_a_frozen_card_is_left_alone(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    bank.port.freeze_card(zhangwei, bank.card(zhangwei, "8812").id, "k1")
    with pytest.raises(CardNotUsable):
        bank.port.prepare(zhangwei, RaiseCreditLimit(account_id, "temporary", 40_000_00))


def test_credit_cards_of_others_are_unknown(bank: World, zhangwei: str, lina: str) -> None:
    account_id = card(bank, zhangwei).account_id
    assert bank.port.credit_cards(lina) == ()
    with pytest.raises(AccountNotFound):
        bank.port.credit_statement(lina, account_id)
    for order in (
        RaiseCreditLimit(account_id, "temporary", 40_000_00),
        ConvertInstalment(account_id, 1_000_00, 3),
        ChangeBillDate(account_id, 10),
        SetAutopay(account_id, "off", None),
    ):
        with pytest.raises(AccountNotFound):
            bank.port.prepare(lina, order)
