"""Tickets of the in-memory bank."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import yaml

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
    Ticket,
    TicketNote,
    TicketState,
    VisitorKind,
)
from banking.http_wire import decode
from banking.memory_base import MemoryBase
from banking.memory_card import CARD_NAMES, find_card
from banking.memory_orders import Lines, Offer, OrderRules
from banking.memory_transfers import amount_of
from banking.memory_world import CustomerRecord, TicketRecord
from banking.model import Card, Line
from banking.orders import Order
from banking.port import BankUnavailable, NotPossible, OutcomeUnknown
from chinese.amounts_text import format_fen
from chinese.mask import mask_phone

FILE = Path(__file__).parents[1] / "data" / "tickets.yml"
ZONE = ZoneInfo("Asia/Shanghai")
PROBLEMS = {"no_cash": "没有出钞", "less_cash": "少出钞", "not_credited": "存款没入账"}
VISITOR_TICKETS_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class TicketKind:
    """One of data/tickets.yml: title, what is done, who works on it, hours until each step, how it ends."""

    title: str
    action: str
    unit: str
    hours: tuple[float, float, float]
    answer: str


@lru_cache(maxsize=1)
def _kinds() -> dict[str, TicketKind]:
    return {name: decode(TicketKind, entry) for name, entry in yaml.safe_load(FILE.read_text("utf-8")).items()}


def ticket_kind(name: str) -> TicketKind:
    return _kinds()[name]


class TicketRules(OrderRules):
    """Orders that end in a ticket."""

    needs_code = False

    def matter(self, customer: CustomerRecord, order: Any) -> Lines:
        """What is reported."""
        return (Line("内容", order.text),)

    def propose(self, customer: CustomerRecord, order: Any, now: datetime) -> Offer:
        return Offer(ticket_kind(order.kind).action, self.matter(customer, order))

    def execute(self, customer: CustomerRecord, order: Any, now: datetime) -> Lines:
        content = "；".join(f"{line.label}：{line.value}" for line in self.matter(customer, order))
        record = self.ticket(customer, order.kind, content, now)
        ticket = _ticket(record, now)
        by = ticket.promised_by.astimezone(ZONE)
        lines = (Line("受理编号", ticket.ticket_no), Line("最晚答复", f"{by.month}月{by.day}日{by:%H:%M}前"))
        return (*lines, *self.effect(customer, order, now))

    def ticket(self, customer: CustomerRecord, kind: str, content: str, now: datetime) -> TicketRecord:
        record = _new_ticket(kind, content, now)
        customer.tickets.insert(0, record)
        return record

    def effect(self, customer: CustomerRecord, order: Any, now: datetime) -> Lines:
        """What else is done, and told."""
        return ()


class TextRules(TicketRules):
    """Complaints, feedback, suspicious messages."""

    def __init__(self, order: type[TextTicket]) -> None:
        self.order = order  # type: ignore[misc]


class CallBackRules(TextRules):
    """One call at a time."""

    def ticket(self, customer: CustomerRecord, kind: str, content: str, now: datetime) -> TicketRecord:
        answered_after = timedelta(hours=ticket_kind(kind).hours[1])
        for record in customer.tickets:
            if record.kind == kind and record.opened_at > now - answered_after:
                return record
        return super().ticket(customer, kind, content, now)

    def effect(self, customer: CustomerRecord, order: Any, now: datetime) -> Lines:
        return (Line("回电号码", mask_phone(customer.phone)),)


class SwallowedCardRules(TicketRules):
    """ReportSwallowedCard."""

    order: ClassVar[type[Order]] = ReportSwallowedCard

    def matter(self, customer: CustomerRecord, order: ReportSwallowedCard) -> Lines:
        return (Line("卡片", _name(find_card(customer, order.card_id))),)


class AtmCashRules(TicketRules):
    """DisputeAtmCash."""

    order: ClassVar[type[Order]] = DisputeAtmCash

    def matter(self, customer: CustomerRecord, order: DisputeAtmCash) -> Lines:
        card = find_card(customer, order.card_id)
        amount_of(order.amount_fen)
        return (
            Line("情况", PROBLEMS[order.problem]),
            Line("相差金额", f"¥{format_fen(order.amount_fen)}"),
            Line("卡片", _name(card)),
            Line("机器", order.machine),
            Line("时间", order.at),
        )


class DisputeRules(TicketRules):
    """DisputeTransaction."""

    order: ClassVar[type[Order]] = DisputeTransaction

    def matter(self, customer: CustomerRecord, order: DisputeTransaction) -> Lines:
        card = find_card(customer, order.card_id)
        if card.state == "inactive":
            raise NotPossible("card_inactive", "这张卡还没有激活，不会有交易。请再看看是哪一张卡。")
        return (Line("卡片", _name(card)), Line("内容", order.text))

    def effect(self, customer: CustomerRecord, order: DisputeTransaction, now: datetime) -> Lines:
        card = find_card(customer, order.card_id)
        if card.state == "active":
            customer.cards[card.id] = replace(card, state="frozen", state_since=now)
        return (Line("卡片状态", f"{_name(card)}{'已挂失' if card.state == 'lost' else '已冻结'}"),)


class MemoryCare(MemoryBase):
    """`banking.care.CareBank`."""

    def tickets(self, session: str) -> tuple[Ticket, ...]:
        def listed(customer: CustomerRecord) -> tuple[Ticket, ...]:
            found = sorted(customer.tickets, key=lambda record: record.opened_at, reverse=True)
            return tuple(_ticket(record, self.clock()) for record in found)

        return self.read(session, listed)

    def leave_ticket(self, session: None, kind: VisitorKind, text: str, key: str) -> Ticket:
        if self.fault == "core_down":
            raise BankUnavailable(self.fault)
        with self._lock:
            now = self.clock()
            recent = sum(record.opened_at > now - timedelta(hours=1) for record in self._visitor_tickets.values())
            if key not in self._visitor_tickets and recent >= VISITOR_TICKETS_AN_HOUR:
                raise NotPossible("too_many", "现在留言的人太多，请过一小时再试，或者拨打客服热线。")
            left = _ticket(self._visitor_tickets.setdefault(key, _new_ticket(kind, text, now)), now)
        if self.fault != "none":
            raise OutcomeUnknown(self.fault)
        return left


def _new_ticket(kind: str, content: str, now: datetime) -> TicketRecord:
    return TicketRecord(f"GD-{secrets.token_hex(4).upper()}", kind, content, now)


def _ticket(record: TicketRecord, now: datetime) -> Ticket:
    kind = ticket_kind(record.kind)
    handled, answered, promised = (record.opened_at + timedelta(hours=count) for count in kind.hours)
    planned = (
        TicketNote(record.opened_at, f"已受理，交{kind.unit}处理。"),
        TicketNote(handled, f"{kind.unit}正在处理。"),
        TicketNote(answered, kind.answer),
    )
    promised = record.promised_by or promised
    state: TicketState = "answered" if now >= answered else "handling" if now >= handled else "received"
    notes = tuple(note for note in planned if note.at <= now)
    return Ticket(record.ticket_no, record.kind, kind.title, record.content, state, record.opened_at, promised, notes)


def _name(card: Card) -> str:
    return f"{CARD_NAMES[card.kind]}（尾号{card.tail}）"


RULES: tuple[OrderRules, ...] = (
    SwallowedCardRules(),
    AtmCashRules(),
    DisputeRules(),
    *(TextRules(order) for order in (FileComplaint, GiveFeedback, ReportPhishing)),
    *(CallBackRules(order) for order in (RequestHuman, ReportScam, ReportIdentityTheft)),
)
