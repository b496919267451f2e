"""Free half hours at a branch, and the appointments of a customer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from chinese.opening_hours import day_name
from chinese.public_holidays import public_holiday
from services.core_bank.branch import network
from services.core_bank.branch.tables import appointments
from services.core_bank.clock import BANK_ZONE, bank_day
from services.core_bank.errors import BankError, not_possible

AHEAD_DAYS = 14


def free_slots(conn: Connection, world_id: str, branch_id: str, day: date, now: datetime) -> list[str]:
    """Raises not_possible (no_counter, day_past, day_far, day_closed)."""
    branch, hours = network.counter(branch_id)
    _check_day(branch, day, now)
    taken = sa.select(appointments.c.slot).where(
        appointments.c.world_id == world_id,
        appointments.c.branch_id == branch_id,
        appointments.c.day == day,
        ~appointments.c.cancelled,
    )
    booked = set(conn.execute(taken).scalars())
    local = now.astimezone(BANK_ZONE)
    return [
        slot
        for slot in hours.slots(day)
        if slot not in booked
        and not network.taken_by_others(branch_id, day, slot)
        and (day > local.date() or slot > f"{local:%H:%M}")
    ]


def check_slot(conn: Connection, world_id: str, branch_id: str, day: date, slot: str, now: datetime) -> None:
    """Raises not_possible (those of free_slots, slot_taken)."""
    if slot not in free_slots(conn, world_id, branch_id, day, now):
        raise _taken(day, slot)


@contextmanager
def claiming(conn: Connection, day: date, slot: str) -> Iterator[None]:
    """Around the statement that takes a half hour: another customer may take it after it was seen to be free.

    Raises not_possible (slot_taken).
    """
    try:
        with conn.begin_nested():
            yield
    except IntegrityError as error:
        raise _taken(day, slot) from error


def parse_day(text: str) -> date:
    """Raises not_possible (day_past) for what is no day: it never comes."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise not_possible("day_past", "请给一个将来的日期。") from error


def upcoming(conn: Connection, customer_id: str, now: datetime) -> list[Row]:
    """Appointments not over yet, the next one first."""
    query = sa.select(appointments).where(
        appointments.c.customer_id == customer_id, appointments.c.day >= bank_day(now), ~appointments.c.cancelled
    )
    found: list[Row] = conn.execute(query.order_by(appointments.c.day, appointments.c.slot)).all()
    return found


def find(conn: Connection, customer_id: str, number: str, now: datetime) -> Row:
    """Raises not_possible (no_appointment)."""
    found = next((row for row in upcoming(conn, customer_id, now) if row.number == number), None)
    if found is None:
        raise unknown()
    return found


def unknown() -> BankError:
    return not_possible("no_appointment", "没有找到这个预约，可能已经取消或过期。")


def view(row: Row) -> dict[str, Any]:
    branch, _ = network.counter(row.branch_id)
    return {
        "number": row.number,
        "branch_id": row.branch_id,
        "branch_name": branch.name,
        "day": row.day.isoformat(),
        "slot": row.slot,
        "business": row.business,
    }


def _taken(day: date, slot: str) -> BankError:
    return not_possible("slot_taken", f"{day_name(day)}{slot} 约不到了，请换一个时间。")


def _check_day(branch: network.Place, day: date, now: datetime) -> None:
    today = bank_day(now)
    if day < today:
        raise not_possible("day_past", f"{day_name(day)}已经过去了，请选今天以后的日子。")
    if day > today + timedelta(days=AHEAD_DAYS):
        raise not_possible(
            "day_far", f"只能预约{AHEAD_DAYS}天之内的日子，最晚{day_name(today + timedelta(AHEAD_DAYS))}。"
        )
    if branch.hours is None or branch.hours.on(day) is None:
        holiday = public_holiday(day)
        why = f"{holiday}休息" if holiday else "不营业"
        raise not_possible("day_closed", f"{branch.name}{day_name(day)}{why}，请换一天。")
