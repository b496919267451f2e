"""Orders that end in a ticket: reports, complaints, feedback, a call back."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.mask import mask_phone
from services.core_bank import cards, paying, queries
from services.core_bank.bank import lock_customer, write_audit
from services.core_bank.care import tickets
from services.core_bank.care.kinds import ticket_kind
from services.core_bank.clock import BANK_ZONE
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text, Words
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import customers

CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
_PROBLEMS = {"no_cash": "没有出钞", "less_cash": "少出钞", "not_credited": "存款没入账"}


class TicketOrder(Order):
    """`matter` says what is reported; it needs no code, being signed in is enough."""

    needs_code = False

    def matter(self, conn: Connection, customer_id: str, fields: dict[str, Any]) -> Lines:
        """What is reported, in lines. Raises the BankErrors of the kind."""
        return [("内容", fields["text"])]

    def propose(self, conn: Connection, applicant: Applicant, request: Any) -> Offer:
        return Offer(ticket_kind(self.name).action, self.matter(conn, applicant.customer_id, request.dict()))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        lines = self.matter(conn, draft.customer_id, asked(draft))
        content = "；".join(f"{label}：{value}" for label, value in lines)
        matter = tickets.Matter(draft.world_id, draft.customer_id, self.name, content)
        ticket = self.ticket(conn, matter, now)
        extra = self.effect(conn, draft)
        return Receipt(new_receipt_number("ZG", now), now, [*_receipt_lines(ticket), *extra])

    def ticket(self, conn: Connection, matter: tickets.Matter, now: datetime) -> Row:
        return tickets.open_ticket(conn, matter, now)

    def effect(self, conn: Connection, draft: Row) -> Lines:
        """What else is done, and told."""
        return []


class ReportSwallowedCardRequest(DraftRequest):
    kind: Literal["report_swallowed_card"]
    card_id: Text


class ReportSwallowedCard(TicketOrder):
    name = "report_swallowed_card"
    Request = ReportSwallowedCardRequest

    def matter(self, conn: Connection, customer_id: str, fields: dict[str, Any]) -> Lines:
        return [("卡片", _card_name(queries.get_card(conn, customer_id, fields["card_id"])))]


class DisputeAtmCashRequest(DraftRequest):
    kind: Literal["dispute_atm_cash"]
    card_id: Text
    problem: Literal["no_cash", "less_cash", "not_credited"]
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    machine: Words
    at: Words


class DisputeAtmCash(TicketOrder):
    """`machine` and `at` are the customer's own words: a number or a place, a time as remembered."""

    name = "dispute_atm_cash"
    Request = DisputeAtmCashRequest

    def matter(self, conn: Connection, customer_id: str, fields: dict[str, Any]) -> Lines:
        card = queries.get_card(conn, customer_id, fields["card_id"])
        return [
            ("情况", _PROBLEMS[fields["problem"]]),
            ("相差金额", f"¥{format_fen(paying.amount_of(fields['amount_fen']))}"),
            ("卡片", _card_name(card)),
            ("机器", fields["machine"]),
            ("时间", fields["at"]),
        ]


class DisputeTransactionRequest(DraftRequest):
    kind: Literal["dispute_transaction"]
    card_id: Text
    text: Words


class DisputeTransaction(TicketOrder):
    """Freezes the card in the same transaction; one that is frozen or lost already only gets its ticket."""

    name = "dispute_transaction"
    Request = DisputeTransactionRequest

    def matter(self, conn: Connection, customer_id: str, fields: dict[str, Any]) -> Lines:
        card = queries.get_card(conn, customer_id, fields["card_id"])
        if card.state == "inactive":
            raise not_possible("card_inactive", "这张卡还没有激活，不会有交易。请再看看是哪一张卡。")
        return [("卡片", _card_name(card)), ("内容", fields["text"])]

    def effect(self, conn: Connection, draft: Row) -> Lines:
        card = queries.get_card(conn, draft.customer_id, asked(draft)["card_id"], lock=True)
        if card.state == "active":
            cards.set_state(conn, draft.world_id, card.id, "active", "frozen")
            write_audit(conn, draft.world_id, draft.customer_id, "customer", "card_frozen", card.id)
        return [("卡片状态", f"{_card_name(card)}{'已挂失' if card.state == 'lost' else '已冻结'}")]


class CallBackOrder(TicketOrder):
    """Somebody calls back. One call at a time: asking again repeats the number of the first."""

    def ticket(self, conn: Connection, matter: tickets.Matter, now: datetime) -> Row:
        lock_customer(conn, str(matter.customer_id))
        known = tickets.unanswered(conn, str(matter.customer_id), self.name, now)
        return known if known is not None else super().ticket(conn, matter, now)

    def effect(self, conn: Connection, draft: Row) -> Lines:
        return _phone(conn, draft)


class RequestHumanRequest(DraftRequest):
    kind: Literal["request_human"]
    text: Words


class RequestHuman(CallBackOrder):
    name = "request_human"
    Request = RequestHumanRequest


class FileComplaintRequest(DraftRequest):
    kind: Literal["file_complaint"]
    text: Words


class FileComplaint(TicketOrder):
    name = "file_complaint"
    Request = FileComplaintRequest


class GiveFeedbackRequest(DraftRequest):
    kind: Literal["give_feedback"]
    text: Words


class GiveFeedback(TicketOrder):
    name = "give_feedback"
    Request = GiveFeedbackRequest


class ReportPhishingRequest(DraftRequest):
    kind: Literal["report_phishing"]
    text: Words


class ReportPhishing(TicketOrder):
    name = "report_phishing"
    Request = ReportPhishingRequest


class ReportScamRequest(DraftRequest):
    kind: Literal["report_scam"]
    text: Words


class ReportScam(CallBackOrder):
    name = "report_scam"
    Request = ReportScamRequest


class ReportIdentityTheftRequest(DraftRequest):
    kind: Literal["report_identity_theft"]
    text: Words


class ReportIdentityTheft(CallBackOrder):
    name = "report_identity_theft"
    Request = ReportIdentityTheftRequest


ORDERS: tuple[TicketOrder, ...] = (
    ReportSwallowedCard(),
    DisputeAtmCash(),
    DisputeTransaction(),
    RequestHuman(),
    FileComplaint(),
    GiveFeedback(),
    ReportPhishing(),
    ReportScam(),
    ReportIdentityTheft(),
)


def _card_name(card: Row) -> str:
    return f"{CARD_NAMES[card.kind]}（尾号{card.tail}）"


def _phone(conn: Connection, draft: Row) -> Lines:
    phone = conn.execute(sa.select(customers.c.phone).where(customers.c.id == draft.customer_id)).scalar_one()
    return [("回电号码", mask_phone(phone))]


def _receipt_lines(ticket: Row) -> Lines:
    """What the customer takes away: the number, and by when there is an answer."""
    by = ticket.promised_by.astimezone(BANK_ZONE)
    return [("受理编号", ticket.ticket_no), ("最晚答复", f"{by.month}月{by.day}日{by:%H:%M}前")]
