"""Branches and machines (public), free half hours, the customer's appointments."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from services.core_bank import clock
from services.core_bank.bank import Caller
from services.core_bank.branch import diary, network
from services.core_bank.fields import BankDay, Text
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of, visitor_of, world_now
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["branches"], dependencies=[AnyCustomerRole])

Service = Literal[
    "cash",
    "deposit_machine",
    "foreign_currency",
    "safe_box",
    "wheelchair",
    "large_cash",
    "mortgage",
    "parking",
    "coins",
    "statements",
    "social_card",
]


class Branch(View):
    id: str
    kind: Literal["branch", "atm"]
    name: str
    city: str
    district: str
    address: str
    phone: str | None
    hours: str
    services: list[Service]
    open_now: bool
    status: str


class Branches(View):
    branches: list[Branch]


class Slots(View):
    slots: list[str]


class Appointment(View):
    number: str
    branch_id: str
    branch_name: str
    day: BankDay
    slot: str
    business: str


class Appointments(View):
    appointments: list[Appointment]


@router.get("/branches", response_model=Branches)
def list_branches(
    request: Request, city: Text | None = None, caller: Caller | None = Depends(visitor_of)
) -> dict[str, Any]:
    """Public; of one city or of all."""
    with bank_of(request).db.read() as conn:
        now = world_now(conn, caller)
    return {"branches": [network.view(place, now) for place in network.places() if city in (None, place.city)]}


@router.get("/branches/{branch_id}/slots", response_model=Slots)
def free_slots(
    request: Request, branch_id: Text, day: BankDay = Query(...), caller: Caller = Depends(caller_of)
) -> dict[str, Any]:
    """Errors: not_possible (no_counter, day_past, day_far, day_closed)."""
    with bank_of(request).db.read() as conn:
        now = clock.now(conn, caller.world_id)
        return {"slots": diary.free_slots(conn, caller.world_id, branch_id, day, now)}


@router.get("/appointments", response_model=Appointments)
def list_appointments(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Those not over yet, the next one first."""
    with bank_of(request).db.read() as conn:
        now = clock.now(conn, caller.world_id)
        return {"appointments": [diary.view(row) for row in diary.upcoming(conn, caller.customer_id, now)]}
