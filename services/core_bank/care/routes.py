"""Tickets: a customer's own, and what visitors leave."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from sqlalchemy.engine import Connection

from services.core_bank import clock, sandbox
from services.core_bank.bank import Caller
from services.core_bank.care import tickets
from services.core_bank.fields import Moment, Name, Words
from services.core_bank.routes.access import ActionsOnly, AnyCustomerRole, bank_of, caller_of
from services.core_bank.schemas import Body, View

router = APIRouter(prefix="/v1", tags=["care"])


class TicketNote(View):
    at: Moment
    text: str


class Ticket(View):
    ticket_no: str
    kind: str
    title: str
    content: str
    state: Literal["received", "handling", "answered"]
    opened_at: Moment
    promised_by: Moment
    notes: list[TicketNote]


class Tickets(View):
    tickets: list[Ticket]


class VisitorTicket(Body):
    """What somebody left who is not signed in; `key` makes a repetition safe."""

    kind: Literal["file_complaint", "give_feedback", "report_phishing"]
    text: Words
    key: Name


@router.get("/tickets", response_model=Tickets, dependencies=[AnyCustomerRole])
def list_tickets(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Newest first."""
    with bank_of(request).db.read() as conn:
        return {"tickets": tickets.list_tickets(conn, caller.customer_id, clock.now(conn, caller.world_id))}


@router.post("/visitor-tickets", status_code=201, response_model=Ticket, dependencies=[ActionsOnly])
def leave_ticket(request: Request, body: VisitorTicket) -> dict[str, Any]:
    """Errors: not_possible (too_many)."""

    def work(conn: Connection) -> dict[str, Any]:
        world_id = sandbox.find_world(conn, sandbox.DEMO_WORLD)
        now: datetime = clock.now(conn, world_id)
        matter = tickets.Matter(world_id, None, body.kind, body.text, body.key)
        return tickets.view(tickets.open_for_visitor(conn, matter, now), now)

    return bank_of(request).db.transact(work)
