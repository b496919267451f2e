"""Everyday services over HTTP: exchange rates, branches, bills, the profile."""

from __future__ import annotations

from datetime import date

from banking.branch import Appointment, Branch
from banking.fx import Board
from banking.http_client import HttpClient, known, list_of, one
from banking.http_wire import WireError
from banking.life import BillAccount
from banking.port import NotPossible
from banking.profile import Consent, Profile


class HttpEveryday(HttpClient):
    """What `HttpCoreBank` reads for them."""

    def exchange_rates(self, session: str | None) -> Board:
        return self.read(session, "/v1/exchange-rates", one(Board))

    def branches(self, session: str | None, city: str | None = None) -> tuple[Branch, ...]:
        return self.read(session, "/v1/branches", list_of(Branch, "branches"), {"city": city} if city else None)

    def free_slots(self, session: str, branch_id: str, day: date) -> tuple[str, ...]:
        path = f"/v1/branches/{known(branch_id, NotPossible)}/slots"
        return self.read(session, path, _slots, {"day": day.isoformat()})

    def appointments(self, session: str) -> tuple[Appointment, ...]:
        return self.read(session, "/v1/appointments", list_of(Appointment, "appointments"))

    def bill_accounts(self, session: str) -> tuple[BillAccount, ...]:
        return self.read(session, "/v1/bill-accounts", list_of(BillAccount, "bill_accounts"))

    def profile(self, session: str) -> Profile:
        return self.read(session, "/v1/profile", one(Profile))

    def consents(self, session: str) -> tuple[Consent, ...]:
        return self.read(session, "/v1/consents", list_of(Consent, "consents"))


def _slots(content: dict[str, object]) -> tuple[str, ...]:
    slots = content.get("slots")
    if not isinstance(slots, list) or not all(isinstance(slot, str) for slot in slots):
        raise WireError("slots: not a list of texts")
    return tuple(slots)
