"""Tickets over HTTP."""

from __future__ import annotations

from banking.care import Ticket, VisitorKind
from banking.http_client import HttpClient, list_of, one


class HttpCare(HttpClient):
    """`banking.care.CareBank`."""

    def tickets(self, session: str) -> tuple[Ticket, ...]:
        return self.read(session, "/v1/tickets", list_of(Ticket, "tickets"))

    def leave_ticket(self, session: None, kind: VisitorKind, text: str, key: str) -> Ticket:
        return self.write(session, "/v1/visitor-tickets", one(Ticket), {"kind": kind, "text": text, "key": key})
