"""Documents, money that is held, spending by category, explanations: accounts beyond their balances."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from banking.account import RequestAssetCertificate, RequestReceipt, RequestStatement, SpendingQuery
from banking.credit_card import RepayCreditCard
from banking.model import Draft, Line, TransactionQuery
from banking.port import AccountNotFound, AmountInvalid, CodeRequired, InsufficientFunds, NotPossible
from tests.contract.worlds import NOON, World

TODAY = NOON.date()
LABELS = ["文件", "验证号", "下载链接", "链接有效期"]


def _day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def _statement(bank: World, session: str, tail: str = "6789", first: int = -30, last: int = 0) -> RequestStatement:
    return RequestStatement(bank.account(session, tail).id, _day(first), _day(last))


def _certificate(
    bank: World, session: str, amount_fen: int = 20_000_00, until: int | None = 30, tail: str = "6789"
) -> RequestAssetCertificate:
    account_id = bank.account(session, tail).id
    return RequestAssetCertificate(account_id, amount_fen, "visa", None if until is None else _day(until))


def _done(bank: World, session: str, draft: Draft, login: str = "zhangwei") -> Draft:
    with pytest.raises(CodeRequired):
        bank.port.confirm(session, draft.id)
    bank.authorise(session, draft, login)
    return bank.port.confirm(session, draft.id)


def _rule(bank: World, session: str, order: object) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)  # type: ignore[arg-type]
    assert refused.value.reason.endswith("。")
    return refused.value.rule


def _lines(draft: Draft) -> dict[str, str]:
    assert draft.result is not None
    return {line.label: line.value for line in draft.result.lines}


def test_a_statement_is_delivered_by_a_link_of_a_day(bank: World, zhangwei: str) -> None:
    order = _statement(bank, zhangwei)
    draft = bank.port.prepare(zhangwei, order)
    first, last = TODAY - timedelta(days=30), TODAY
    period = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    assert draft.canonical_text == f"导出借记卡（尾号6789）{period}的账户明细"
    assert draft.order is not None and draft.order.asked == order.fields()
    assert Line("期间", period) in draft.order.lines
    done = _lines(_done(bank, zhangwei, draft))
    assert list(done) == LABELS
    assert done["文件"] == "掌柜银行账户明细（PDF）"
    assert "/sandbox/documents/" in done["下载链接"]
    until = TODAY + timedelta(days=1)
    assert done["链接有效期"].startswith(f"到{until.year}年{until.month}月{until.day}日 12:0")
    assert bank.movements(zhangwei) == []


def test_a_statement_that_reaches_into_the_future_ends_today(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, _statement(bank, zhangwei, last=20))
    assert f"至{TODAY.year}年{TODAY.month}月{TODAY.day}日的" in draft.canonical_text


def test_what_has_no_statement_is_refused_in_words(bank: World, zhangwei: str) -> None:
    order = _statement(bank, zhangwei)
    deposit = next(account for account in bank.port.accounts(zhangwei) if account.kind == "time_deposit")
    assert _rule(bank, zhangwei, replace(order, account_id=deposit.id)) == "no_statement"
    assert _rule(bank, zhangwei, replace(order, from_day=_day(3), to_day=_day(9))) == "period_in_future"
    assert _rule(bank, zhangwei, replace(order, from_day=_day(-3), to_day=_day(-9))) == "bad_period"
    assert _rule(bank, zhangwei, replace(order, from_day="昨天")) == "bad_period"
    assert _rule(bank, zhangwei, _statement(bank, zhangwei, first=-5 * 366)) == "period_too_old"
    bank.port.prepare(zhangwei, _statement(bank, zhangwei, first=-4 * 366))


def test_accounts_of_others_have_no_documents(bank: World, zhangwei: str, lina: str) -> None:
    with pytest.raises(AccountNotFound):
        bank.port.prepare(lina, _statement(bank, zhangwei))
    with pytest.raises(AccountNotFound):
        bank.port.prepare(lina, _certificate(bank, zhangwei))
    theirs = bank.port.transactions(zhangwei, TransactionQuery(limit=1)).transactions[0]
    if not any(item.id == theirs.id for item in bank.port.transactions(lina, TransactionQuery()).transactions):
        assert _rule(bank, lina, RequestReceipt(theirs.id)) == "no_transaction"


def test_a_receipt_needs_no_code(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 888_00)
    paid = bank.port.transactions(zhangwei, TransactionQuery(from_date=TODAY)).transactions[0]
    draft = bank.port.prepare(zhangwei, RequestReceipt(paid.id))
    day = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    assert draft.canonical_text == f"开具{day}李娜转账 ¥888.00的电子回单"
    assert not draft.needs_code
    done = _lines(bank.port.confirm(zhangwei, draft.id))
    assert list(done) == LABELS and done["文件"] == "掌柜银行电子回单（PDF）"


def test_a_receipt_of_nothing(bank: World, zhangwei: str) -> None:
    assert _rule(bank, zhangwei, RequestReceipt("999999999")) == "no_transaction"
    assert _rule(bank, zhangwei, RequestReceipt("那笔")) == "no_transaction"


def test_certified_money_stays_until_its_day_is_over(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, _certificate(bank, zhangwei, 50_000_00, until=1))
    assert draft.canonical_text.startswith("开立借记卡（尾号6789） ¥50,000.00的存款证明，这笔钱冻结到")
    assert bank.account(zhangwei, "6789").frozen_fen == 0
    assert list(_lines(_done(bank, zhangwei, draft))) == LABELS
    account = bank.account(zhangwei, "6789")
    assert (account.balance_fen, account.available_fen, account.frozen_fen) == (52_318_66, 2_318_66, 50_000_00)
    hold = bank.port.restrictions(zhangwei).holds[0]
    assert (hold.account_id, hold.amount_fen, hold.last_day) == (account.id, 50_000_00, TODAY + timedelta(days=1))
    with pytest.raises(InsufficientFunds):
        bank.draft(zhangwei, 3_000_00)
    bank.wait(days=2)
    session = bank.sign_in("zhangwei")
    account = bank.account(session, "6789")
    assert (account.available_fen, account.frozen_fen) == (52_318_66, 0)
    assert bank.port.restrictions(session).holds == ()


def test_a_certificate_of_the_moment_holds_nothing(bank: World, zhangwei: str) -> None:
    draft = bank.port.prepare(zhangwei, _certificate(bank, zhangwei, until=None))
    assert draft.order is not None and Line("冻结", "不冻结，只证明开立时的余额") in draft.order.lines
    _done(bank, zhangwei, draft)
    assert bank.account(zhangwei, "6789").frozen_fen == 0


def test_a_time_deposit_can_be_certified_once(bank: World, zhangwei: str) -> None:
    deposit = next(account for account in bank.port.accounts(zhangwei) if account.kind == "time_deposit")
    order = RequestAssetCertificate(deposit.id, 50_000_00, "study", _day(90))
    _done(bank, zhangwei, bank.port.prepare(zhangwei, order))
    assert _rule(bank, zhangwei, order) == "above_balance"
    bank.port.prepare(zhangwei, replace(order, frozen_until=None))


def test_what_cannot_be_certified(bank: World, zhangwei: str) -> None:
    assert _rule(bank, zhangwei, _certificate(bank, zhangwei, 52_318_67)) == "above_balance"
    assert _rule(bank, zhangwei, _certificate(bank, zhangwei, until=0)) == "bad_last_day"
    assert _rule(bank, zhangwei, _certificate(bank, zhangwei, until=400)) == "last_day_too_far"
    assert _rule(bank, zhangwei, replace(_certificate(bank, zhangwei), frozen_until="年底")) == "bad_last_day"
    assert _rule(bank, zhangwei, _certificate(bank, zhangwei, 1_00, tail="8812")) == "no_deposit"
    zhaolei = bank.sign_in("zhaolei")
    assert _rule(bank, zhaolei, _certificate(bank, zhaolei, 1_00, tail="7070")) == "restricted"
    with pytest.raises(AmountInvalid):
        bank.port.prepare(zhangwei, _certificate(bank, zhangwei, 0))


def test_spending_by_category_beside_the_time_before(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 500_00)
    bank.pay(zhangwei, 60_00, to="5566")
    tomorrow = TODAY + timedelta(days=1)
    found = bank.port.spending(zhangwei, SpendingQuery(TODAY, tomorrow))
    assert (found.out_fen, found.in_fen, found.count) == (560_00, 0, 2)
    spent = [one for one in found.categories if one.count]  # without those of the time before, on the 1st a whole month
    assert [(one.category, one.name, one.amount_fen, one.count) for one in spent] == [("transfer", "转账", 560_00, 2)]
    days = 2 if tomorrow.day == 1 else 1  # what begins with a month is compared with the month before
    since = TODAY + timedelta(days=days)
    later = bank.port.spending(zhangwei, SpendingQuery(since, since + timedelta(days=days)))
    assert (later.out_fen, later.before_out_fen, later.before_since) == (0, 560_00, TODAY)
    assert [(one.category, one.amount_fen, one.before_fen) for one in later.categories] == [("transfer", 0, 560_00)]
    lina = bank.port.spending(zhangwei, SpendingQuery(TODAY, tomorrow, counterparty="李娜"))
    assert lina.out_fen == 500_00


def test_money_between_own_accounts_is_not_spent(bank: World, zhangwei: str) -> None:
    order = RepayCreditCard(bank.account(zhangwei, "8812").id, bank.account(zhangwei, "6789").id, 1_000_00)
    _done(bank, zhangwei, bank.port.prepare(zhangwei, order))
    found = bank.port.spending(zhangwei, SpendingQuery(TODAY, TODAY + timedelta(days=1)))
    assert (found.in_fen, found.out_fen, found.count) == (0, 0, 0)


def test_wages_and_dinners_are_told_apart(bank: World, zhangwei: str) -> None:
    found = bank.port.spending(zhangwei, SpendingQuery(TODAY - timedelta(days=40), TODAY))
    by_name = {one.name: one for one in found.categories}
    assert by_name["工资"].incoming and by_name["工资"].amount_fen % 15_680_00 == 0
    assert not by_name["餐饮"].incoming and {"超市买菜", "居住缴费", "转账"} <= set(by_name)
    assert sum(one.amount_fen for one in found.categories if not one.incoming) == found.out_fen
    with pytest.raises(AccountNotFound):
        bank.port.spending(zhangwei, SpendingQuery(TODAY, NOON.date() + timedelta(days=1), account_id="ac_none"))


def test_terms_are_explained(bank: World, zhangwei: str) -> None:
    known = {term.term: term.meaning for term in bank.port.transaction_terms(zhangwei).terms}
    assert {"快捷支付", "工资", "冲正", "电费"} <= set(known)
    assert "按原样退回" in known["冲正"]
    kinds = {kind.kind for kind in bank.port.transaction_terms(zhangwei).kinds}
    assert {"payment", "transfer", "income"} <= kinds


def test_a_restriction_says_why_what_still_works_and_what_to_bring(bank: World, zhangwei: str) -> None:
    zhaolei = bank.sign_in("zhaolei")
    (found,) = bank.port.restrictions(zhaolei).restrictions
    assert (found.account_id, found.code) == (bank.account(zhaolei, "7070").id, "non_counter")
    assert "非柜面" in found.reason and "本人身份证" in found.bring and len(found.works) == 3
    assert bank.port.restrictions(zhangwei).restrictions == ()
