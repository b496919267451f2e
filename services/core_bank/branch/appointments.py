"""Orders about appointments: make, move, cancel. Being signed in is enough."""

import secrets
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.opening_hours import day_name
from services.core_bank.bank import lock_customer
from services.core_bank.branch import diary, network
from services.core_bank.branch.tables import appointments
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Note, Text
from services.core_bank.identifiers import new_receipt_number

MOST = 2
_BRING = ("请带", "本人身份证和要办业务的银行卡")


class BookRequest(DraftRequest):
    kind: Literal["book_appointment"]
    branch_id: Text
    day: Text
    slot: Text
    business: Note


class BookAppointment(Order):
    name = "book_appointment"
    needs_code = False
    Request = BookRequest

    def propose(self, conn: Connection, applicant: Applicant, request: BookRequest) -> Offer:
        day = diary.parse_day(request.day)
        _check_number(conn, applicant.customer_id, applicant.now)
        diary.check_slot(conn, applicant.world_id, request.branch_id, day, request.slot, applicant.now)
        branch, _ = network.counter(request.branch_id)
        text = f"预约{day_name(day)}{request.slot}到{branch.name}办理{request.business}"
        return Offer(text, _where(branch))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        day = diary.parse_day(fields["day"])
        lock_customer(conn, draft.customer_id)
        _check_number(conn, draft.customer_id, now)
        diary.check_slot(conn, draft.world_id, fields["branch_id"], day, fields["slot"], now)
        number = _new_number()
        with diary.claiming(conn, day, fields["slot"]):
            conn.execute(
                sa.insert(appointments).values(
                    number=number,
                    world_id=draft.world_id,
                    customer_id=draft.customer_id,
                    branch_id=fields["branch_id"],
                    day=day,
                    slot=fields["slot"],
                    business=fields["business"],
                    made_at=now,
                )
            )
        branch, _ = network.counter(fields["branch_id"])
        lines = [("预约号", number), *_where(branch), _BRING]
        return Receipt(new_receipt_number("ZG", now), now, lines)


class ChangeRequest(DraftRequest):
    kind: Literal["change_appointment"]
    number: Text
    day: Text
    slot: Text


class ChangeAppointment(Order):
    name = "change_appointment"
    needs_code = False
    Request = ChangeRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ChangeRequest) -> Offer:
        row = diary.find(conn, applicant.customer_id, request.number, applicant.now)
        day = diary.parse_day(request.day)
        diary.check_slot(conn, applicant.world_id, row.branch_id, day, request.slot, applicant.now)
        branch, _ = network.counter(row.branch_id)
        text = f"把{branch.name}的预约从{_when(row.day, row.slot)}改到{_when(day, request.slot)}"
        return Offer(text, [("办理业务", row.business), ("预约号", row.number)])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        row = diary.find(conn, draft.customer_id, fields["number"], now)
        day = diary.parse_day(fields["day"])
        diary.check_slot(conn, draft.world_id, row.branch_id, day, fields["slot"], now)
        moved = sa.update(appointments).where(appointments.c.number == row.number, ~appointments.c.cancelled)
        with diary.claiming(conn, day, fields["slot"]):
            # Nothing to move: it was cancelled since it was found.
            if conn.execute(moved.values(day=day, slot=fields["slot"])).rowcount != 1:
                raise diary.unknown()
        branch, _ = network.counter(row.branch_id)
        return Receipt(new_receipt_number("ZG", now), now, [("预约号", row.number), *_where(branch), _BRING])


class CancelRequest(DraftRequest):
    kind: Literal["cancel_appointment"]
    number: Text


class CancelAppointment(Order):
    name = "cancel_appointment"
    needs_code = False
    Request = CancelRequest

    def propose(self, conn: Connection, applicant: Applicant, request: CancelRequest) -> Offer:
        row = diary.find(conn, applicant.customer_id, request.number, applicant.now)
        branch, _ = network.counter(row.branch_id)
        text = f"取消{_when(row.day, row.slot)}到{branch.name}办理{row.business}的预约"
        return Offer(text, [("预约号", row.number)])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        row = diary.find(conn, draft.customer_id, asked(draft)["number"], now)
        conn.execute(sa.update(appointments).where(appointments.c.number == row.number).values(cancelled=True))
        return Receipt(new_receipt_number("ZG", now), now)


def _check_number(conn: Connection, customer_id: str, now: datetime) -> None:
    """Raises not_possible (too_many_appointments)."""
    if len(diary.upcoming(conn, customer_id, now)) >= MOST:
        reason = f"您已经有{MOST}个预约了。请先取消一个，或者把其中一个改期。"
        raise not_possible("too_many_appointments", reason)


def _where(branch: network.Place) -> Lines:
    return [("地址", f"{branch.city}市{branch.district}{branch.address}"), ("电话", branch.phone or "")]


def _when(day: date, slot: str) -> str:
    return f"{day_name(day)}{slot}"


def _new_number() -> str:
    """Letters only: nothing that a masking filter takes for a one-time code."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(7))
