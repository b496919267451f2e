"""Branches, ATMs and appointments at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch or a machine; `hours` and `status` (open now or when again) are Chinese, `services` are codes."""

    id: str
    kind: Literal["branch", "atm"]
    name: str
    city: str
    district: str
    address: str
    phone: str | None
    hours: str
    services: tuple[str, ...]
    open_now: bool
    status: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A half hour at a branch; `slot` is "09:30"."""

    number: str
    branch_id: str
    branch_name: str
    day: date
    slot: str
    business: str


@dataclass(frozen=True, slots=True)
class BookAppointment(Order):
    """Book a half hour; `day` is YYYY-MM-DD, `business` has at most 30 characters.

    Refused: NotPossible no_counter, day_past, day_far, day_closed, slot_taken, too_many_appointments.
    """

    kind: ClassVar[str] = "book_appointment"
    branch_id: str
    day: str
    slot: str
    business: str


@dataclass(frozen=True, slots=True)
class ChangeAppointment(Order):
    """Another day or half hour at the same branch. Refused: NotPossible no_appointment, and those of booking."""

    kind: ClassVar[str] = "change_appointment"
    number: str
    day: str
    slot: str


@dataclass(frozen=True, slots=True)
class CancelAppointment(Order):
    """Refused: NotPossible no_appointment."""

    kind: ClassVar[str] = "cancel_appointment"
    number: str


class BranchBank(Protocol):
    """Reading; `branches` is for visitors too."""

    def branches(self, session: str | None, city: str | None = None) -> tuple[Branch, ...]:
        """Branches first, then machines; of one city or of all."""

    def free_slots(self, session: str, branch_id: str, day: date) -> tuple[str, ...]:
        """Raises NotPossible no_counter, day_past, day_far, day_closed."""

    def appointments(self, session: str) -> tuple[Appointment, ...]:
        """The customer's, those not over yet, the next one first."""
