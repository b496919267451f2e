"""What the capabilities of the in-memory bank share: customers, sessions, faults, idempotency."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal, TypeVar, cast

from banking.memory_world import CustomerRecord, TicketRecord, demo_bank
from banking.port import BankContractBroken, BankUnavailable, OutcomeUnknown, SessionInvalid

T = TypeVar("T")
Fault = Literal["none", "core_down", "core_slow", "core_drop_reply", "core_500", "core_garbage"]
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=8)


@dataclass
class _Session:
    login: str
    opened_at: datetime
    seen_at: datetime


class MemoryBase:
    """The demo bank, who is signed in, and the ways to read and write it."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        self.clock = clock
        self.fault: Fault = "none"
        self._lock = threading.Lock()
        self._customers = demo_bank(clock())
        self._sessions: dict[str, _Session] = {}
        self._visitor_tickets: dict[str, TicketRecord] = {}

    def sign_in(self, login: str) -> str:
        """A new session reference of a demo customer."""
        session, now = secrets.token_urlsafe(32), self.clock()
        self._sessions[session] = _Session(self._customers[login].login, now, now)
        return session

    def read(self, session: str, work: Callable[[CustomerRecord], T]) -> T:
        return self.serve(session, work, BankUnavailable)

    def write(self, session: str, work: Callable[[CustomerRecord], T]) -> T:
        return self.serve(session, work, OutcomeUnknown)

    def once(self, session: str, key: str, fingerprint: str, work: Callable[[CustomerRecord], T]) -> T:
        """A write with an idempotency key: a success is kept and given again, a refusal leaves the key free."""

        def first_or_again(customer: CustomerRecord) -> T:
            if key not in customer.keys:
                customer.keys[key] = fingerprint, work(customer)
            used_for, result = customer.keys[key]
            if used_for != fingerprint:
                raise BankContractBroken("idempotency_mismatch")
            return cast(T, result)

        if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
            raise BankContractBroken("an idempotency key is 1..255 printable ASCII characters")
        result = self.serve(session, first_or_again, OutcomeUnknown)
        if self.fault == "core_drop_reply":
            raise OutcomeUnknown(self.fault)
        return result

    def publish(self, session: str | None, content: Callable[[], T]) -> T:
        """What everybody may read: a visitor (None) too, but nobody with a wrong session."""
        if session is not None:
            return self.read(session, lambda _: content())
        if self.fault not in ("none", "core_drop_reply"):
            raise BankUnavailable(self.fault)
        return content()

    def settle(self, customer: CustomerRecord, now: datetime) -> None:
        """Do what became due since the customer was here; for those who know of such things."""

    def serve(
        self, session: str, work: Callable[[CustomerRecord], T], lost: type[BankUnavailable] | type[OutcomeUnknown]
    ) -> T:
        if self.fault == "core_down":
            raise BankUnavailable(self.fault)
        if self.fault in ("core_500", "core_garbage"):
            raise lost(self.fault)
        with self._lock:
            result = work(self._customer(session))
        if self.fault == "core_slow":
            raise lost(self.fault)
        return result

    def _customer(self, session: str) -> CustomerRecord:
        found, now = self._sessions.get(session), self.clock()
        if found is None or now >= min(found.seen_at + IDLE_LIMIT, found.opened_at + ABSOLUTE_LIMIT):
            raise SessionInvalid
        found.seen_at = now
        customer = self._customers[found.login]
        self.settle(customer, now)
        return customer
