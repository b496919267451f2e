"""Opening tickets and looking at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from services.core_bank.care.kinds import notes_at, state_at, ticket_kind
from services.core_bank.care.tables import tickets
from services.core_bank.clock import iso
from services.core_bank.errors import not_possible
from services.core_bank.identifiers import new_receipt_number

VISITOR_KINDS = ("file_complaint", "give_feedback", "report_phishing")
_VISITOR_TICKETS_AN_HOUR = 60


@dataclass(frozen=True)
class Matter:
    """What a ticket is about; without a customer a visitor left it.

    `ticket_no` and `promised_by` are what the customer was told where that is not the kind's own.
    """

    world_id: str
    customer_id: str | None
    kind: str
    content: str
    request_key: str | None = None
    ticket_no: str | None = None
    promised_by: datetime | None = None


def open_ticket(conn: Connection, matter: Matter, now: datetime) -> Row:
    """The new ticket."""
    ticket_no = matter.ticket_no or new_receipt_number("GD", now)
    conn.execute(
        sa.insert(tickets).values(
            ticket_no=ticket_no,
            world_id=matter.world_id,
            customer_id=matter.customer_id,
            kind=matter.kind,
            content=matter.content,
            opened_at=now,
            promised_by=matter.promised_by or now + ticket_kind(matter.kind).promised_within,
            request_key=matter.request_key,
        )
    )
    return conn.execute(sa.select(tickets).where(tickets.c.ticket_no == ticket_no)).one()


def open_for_visitor(conn: Connection, matter: Matter, now: datetime) -> Row:
    """The same key finds the same ticket. Raises not_possible (too_many)."""
    same = sa.select(tickets).where(tickets.c.request_key == matter.request_key)
    known = conn.execute(same).one_or_none()
    if known is not None:
        return known
    recent = sa.select(sa.func.count()).select_from(tickets)
    recent = recent.where(tickets.c.world_id == matter.world_id, tickets.c.customer_id.is_(None))
    if conn.execute(recent.where(tickets.c.opened_at > now - timedelta(hours=1))).scalar_one() >= (
        _VISITOR_TICKETS_AN_HOUR
    ):
        raise not_possible("too_many", "现在留言的人太多，请过一小时再试，或者拨打客服热线。")
    try:
        with conn.begin_nested():
            return open_ticket(conn, matter, now)
    except IntegrityError:  # sent again while the first was under way (PostgreSQL)
        return conn.execute(same).one()


def unanswered(conn: Connection, customer_id: str, kind: str, now: datetime) -> Row | None:
    """The newest ticket of a kind that nobody has answered yet."""
    query = sa.select(tickets).where(tickets.c.customer_id == customer_id, tickets.c.kind == kind)
    query = query.where(tickets.c.opened_at > now - ticket_kind(kind).answered_after)
    return conn.execute(query.order_by(tickets.c.opened_at.desc())).first()


def list_tickets(conn: Connection, customer_id: str, now: datetime) -> list[dict[str, Any]]:
    """Newest first."""
    query = sa.select(tickets).where(tickets.c.customer_id == customer_id).order_by(tickets.c.opened_at.desc())
    return [view(row, now) for row in conn.execute(query)]


def view(ticket: Row, now: datetime) -> dict[str, Any]:
    kind = ticket_kind(ticket.kind)
    return {
        "ticket_no": ticket.ticket_no,
        "kind": ticket.kind,
        "title": kind.title,
        "content": ticket.content,
        "state": state_at(kind, ticket.opened_at, now),
        "opened_at": iso(ticket.opened_at),
        "promised_by": iso(ticket.promised_by),
        "notes": [{"at": iso(at), "text": text} for at, text in notes_at(kind, ticket.opened_at, now)],
    }
