"""Tickets: opened by orders that need no code, moved by the clock, left by visitors."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

import pytest

from banking.care import (
    DisputeAtmCash,
    DisputeTransaction,
    FileComplaint,
    GiveFeedback,
    ReportIdentityTheft,
    ReportPhishing,
    ReportScam,
    ReportSwallowedCard,
    RequestHuman,
    TextTicket,
)
from banking.orders import Order
from banking.port import AmountInvalid, CardNotFound, NotPossible
from banking.transfers import ReportWrongTransfer
from chinese.days import full_day
from tests.contract.worlds import World

ZONE = ZoneInfo("Asia/Shanghai")


def _report(bank: World, session: str, order: Order) -> dict[str, str]:
    draft = bank.port.prepare(session, order)
    assert not draft.needs_code
    done = bank.port.confirm(session, draft.id)
    assert done.state == "DONE" and done.result is not None
    return {line.label: line.value for line in done.result.lines}


@pytest.mark.parametrize("kind", [FileComplaint, GiveFeedback, ReportPhishing])
def test_words_become_a_ticket(bank: World, lina: str, kind: type[TextTicket]) -> None:
    assert bank.port.tickets(lina) == ()
    told = _report(bank, lina, kind("柜台排队太久"))
    [ticket] = bank.port.tickets(lina)
    assert (ticket.ticket_no, ticket.kind, ticket.state) == (told["受理编号"], kind.kind, "received")
    assert "柜台排队太久" in ticket.content and ticket.promised_by > ticket.opened_at
    assert told["最晚答复"].endswith("前")


def test_the_clock_works_on_a_ticket(bank: World) -> None:
    lina = bank.sign_in("lina")
    _report(bank, lina, ReportSwallowedCard(bank.card(lina, "3344").id))
    seen = []
    for hours in (0, 1, 21):
        bank.wait(hours=hours, minutes=1)
        lina = bank.sign_in("lina")
        [ticket] = bank.port.tickets(lina)
        seen.append((ticket.state, len(ticket.notes)))
    assert seen == [("received", 1), ("handling", 2), ("answered", 3)]
    assert ticket.title == "吞卡取回" and "领取" in ticket.notes[-1].text


@pytest.mark.parametrize("kind", [RequestHuman, ReportScam, ReportIdentityTheft])
def test_one_call_back_at_a_time(bank: World, lina: str, kind: type[TextTicket]) -> None:
    first = _report(bank, lina, kind("请回电"))
    assert first["回电号码"] == "138****0002"
    assert _report(bank, lina, kind("怎么还没来电话"))["受理编号"] == first["受理编号"]
    assert len(bank.port.tickets(lina)) == 1
    bank.wait(days=13)
    lina = bank.sign_in("lina")
    assert _report(bank, lina, kind("再打一次"))["受理编号"] != first["受理编号"]


def test_a_disputed_transaction_freezes_the_card(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    told = _report(bank, zhangwei, DisputeTransaction(card_id, "不是我刷的"))
    assert told["卡片状态"] == "借记卡（尾号6789）已冻结"
    assert bank.card(zhangwei, "6789").state == "frozen"
    assert bank.port.tickets(zhangwei)[0].kind == "dispute_transaction"
    bank.port.report_card_lost(zhangwei, card_id, "k1")
    assert _report(bank, zhangwei, DisputeTransaction(card_id, "又一笔"))["卡片状态"].endswith("已挂失")


def test_a_card_that_is_not_activated_has_no_transactions(bank: World) -> None:
    chenchen = bank.sign_in("chenchen")
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(chenchen, DisputeTransaction(bank.card(chenchen, "4477").id, "不是我"))
    assert refused.value.rule == "card_inactive"


def test_cash_of_a_machine(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "1122").id
    order = DisputeAtmCash(card_id, "less_cash", 500_00, "南京路支行门口", "昨天下午三点")
    draft = bank.port.prepare(zhangwei, order)
    assert draft.order is not None
    shown = {line.label: line.value for line in draft.order.lines}
    assert (shown["情况"], shown["相差金额"], shown["卡片"]) == ("少出钞", "¥500.00", "借记卡（尾号1122）")
    _report(bank, zhangwei, order)
    assert "南京路支行门口" in bank.port.tickets(zhangwei)[0].content
    with pytest.raises(AmountInvalid):
        bank.port.prepare(zhangwei, DisputeAtmCash(card_id, "no_cash", 0, "A1", "今天"))


def test_cards_of_other_customers_are_unknown(bank: World, zhangwei: str, lina: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    for order in (ReportSwallowedCard(card_id), DisputeTransaction(card_id, "不是我")):
        with pytest.raises(CardNotFound):
            bank.port.prepare(lina, order)


def test_the_demo_customer_has_tickets(bank: World, zhangwei: str) -> None:
    found = [(ticket.kind, ticket.state) for ticket in bank.port.tickets(zhangwei)]
    assert found == [("dispute_atm_cash", "handling"), ("file_complaint", "answered")]


def test_the_recall_of_a_transfer_has_a_ticket_under_its_own_number(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 500_00, to="5566")
    done = bank.carry_out(zhangwei, ReportWrongTransfer(bank.port.transfers(zhangwei)[0].id))
    assert done.result is not None
    ticket = bank.port.tickets(zhangwei)[0]
    assert (ticket.ticket_no, ticket.title, ticket.state) == (done.result.lines[0].value, "转错账追回", "received")
    assert "王强" in ticket.content and "¥500.00" in ticket.content
    assert full_day(ticket.promised_by.astimezone(ZONE).date()) in done.result.lines[-1].value
    for hours, state in ((3, "handling"), (41, "answered")):
        bank.wait(hours=hours)
        assert bank.port.tickets(bank.sign_in("zhangwei"))[0].state == state
    assert bank.port.tickets(bank.sign_in("lina")) == ()


def test_a_visitor_leaves_a_ticket_once(bank: World) -> None:
    key = uuid.uuid4().hex
    first = bank.port.leave_ticket(None, "file_complaint", "没人接电话", key)
    assert (first.kind, first.state, first.title) == ("file_complaint", "received", "投诉")
    assert bank.port.leave_ticket(None, "file_complaint", "没人接电话", key).ticket_no == first.ticket_no
    assert bank.port.leave_ticket(None, "give_feedback", "很好", uuid.uuid4().hex).ticket_no != first.ticket_no
