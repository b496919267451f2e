"""Branches and appointments of the in-memory bank."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from banking.branch import Appointment, BookAppointment, Branch, CancelAppointment, ChangeAppointment
from banking.memory_base import MemoryBase
from banking.memory_network import Place, places, taken_by_others, view
from banking.memory_orders import Lines, Offer, OrderRules
from banking.memory_transfers import BANK_ZONE
from banking.memory_world import CustomerRecord
from banking.model import Line
from banking.orders import Order
from banking.port import NotPossible
from chinese.opening_hours import Hours, day_name
from chinese.public_holidays import public_holiday

AHEAD_DAYS = 14
MOST = 2
BRING = Line("请带", "本人身份证和要办业务的银行卡")


class MemoryBranches(MemoryBase):
    """Reading."""

    def branches(self, session: str | None, city: str | None = None) -> tuple[Branch, ...]:
        now = self.clock().astimezone(BANK_ZONE)
        found = [place for place in places() if city in (None, place.city)]
        return self.publish(session, lambda: tuple(view(place, now) for place in found))

    def free_slots(self, session: str, branch_id: str, day: date) -> tuple[str, ...]:
        return self.read(session, lambda customer: tuple(_free(customer, branch_id, day, self.clock())))

    def appointments(self, session: str) -> tuple[Appointment, ...]:
        return self.read(session, lambda customer: tuple(_upcoming(customer, self.clock())))


class BookingRules(OrderRules):
    """BookAppointment."""

    order: ClassVar[type[Order]] = BookAppointment
    needs_code = False

    def propose(self, customer: CustomerRecord, order: BookAppointment, now: datetime) -> Offer:
        if len(_upcoming(customer, now)) >= MOST:
            reason = f"您已经有{MOST}个预约了。请先取消一个，或者把其中一个改期。"
            raise NotPossible("too_many_appointments", reason)
        day = _day(order.day)
        _check_slot(customer, order.branch_id, day, order.slot, now)
        branch, _ = _counter(order.branch_id)
        text = f"预约{day_name(day)}{order.slot}到{branch.name}办理{order.business}"
        return Offer(text, _where(branch))

    def execute(self, customer: CustomerRecord, order: BookAppointment, now: datetime) -> Lines:
        self.propose(customer, order, now)
        branch, _ = _counter(order.branch_id)
        number = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(7))
        customer.appointments.append(
            Appointment(number, branch.id, branch.name, _day(order.day), order.slot, order.business)
        )
        return (Line("预约号", number), *_where(branch), BRING)


class ChangeRules(OrderRules):
    """ChangeAppointment."""

    order: ClassVar[type[Order]] = ChangeAppointment
    needs_code = False

    def propose(self, customer: CustomerRecord, order: ChangeAppointment, now: datetime) -> Offer:
        found, day = _find(customer, order.number, now), _day(order.day)
        _check_slot(customer, found.branch_id, day, order.slot, now)
        old, new = f"{day_name(found.day)}{found.slot}", f"{day_name(day)}{order.slot}"
        lines = (Line("办理业务", found.business), Line("预约号", found.number))
        return Offer(f"把{found.branch_name}的预约从{old}改到{new}", lines)

    def execute(self, customer: CustomerRecord, order: ChangeAppointment, now: datetime) -> Lines:
        self.propose(customer, order, now)
        found = _find(customer, order.number, now)
        customer.appointments.remove(found)
        customer.appointments.append(replace(found, day=_day(order.day), slot=order.slot))
        branch, _ = _counter(found.branch_id)
        return (Line("预约号", found.number), *_where(branch), BRING)


class CancellingRules(OrderRules):
    """CancelAppointment."""

    order: ClassVar[type[Order]] = CancelAppointment
    needs_code = False

    def propose(self, customer: CustomerRecord, order: CancelAppointment, now: datetime) -> Offer:
        found = _find(customer, order.number, now)
        text = f"取消{day_name(found.day)}{found.slot}到{found.branch_name}办理{found.business}的预约"
        return Offer(text, (Line("预约号", found.number),))

    def execute(self, customer: CustomerRecord, order: CancelAppointment, now: datetime) -> Lines:
        customer.appointments.remove(_find(customer, order.number, now))
        return ()


RULES: tuple[OrderRules, ...] = (BookingRules(), ChangeRules(), CancellingRules())


def _counter(branch_id: str) -> tuple[Place, Hours]:
    found = next((place for place in places() if place.id == branch_id), None)
    if found is None or found.hours is None:
        raise NotPossible("no_counter", "这里没有柜台，请选一家支行。")
    return found, found.hours


def _free(customer: CustomerRecord, branch_id: str, day: date, now: datetime) -> list[str]:
    branch, hours = _counter(branch_id)
    local = now.astimezone(BANK_ZONE)
    _check_day(branch, hours, day, local.date())
    booked = {found.slot for found in customer.appointments if (found.branch_id, found.day) == (branch_id, day)}
    return [
        slot
        for slot in hours.slots(day)
        if slot not in booked
        and not taken_by_others(branch_id, day, slot)
        and (day > local.date() or slot > f"{local:%H:%M}")
    ]


def _check_day(branch: Place, hours: Hours, day: date, today: date) -> None:
    if day < today:
        raise NotPossible("day_past", f"{day_name(day)}已经过去了，请选今天以后的日子。")
    last = today + timedelta(days=AHEAD_DAYS)
    if day > last:
        raise NotPossible("day_far", f"只能预约{AHEAD_DAYS}天之内的日子，最晚{day_name(last)}。")
    if hours.on(day) is None:
        holiday = public_holiday(day)
        why = f"{holiday}休息" if holiday else "不营业"
        raise NotPossible("day_closed", f"{branch.name}{day_name(day)}{why}，请换一天。")


def _check_slot(customer: CustomerRecord, branch_id: str, day: date, slot: str, now: datetime) -> None:
    if slot not in _free(customer, branch_id, day, now):
        raise NotPossible("slot_taken", f"{day_name(day)}{slot} 约不到了，请换一个时间。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotPossible("day_past", "请给一个将来的日期。") from None


def _upcoming(customer: CustomerRecord, now: datetime) -> list[Appointment]:
    today = now.astimezone(BANK_ZONE).date()
    return sorted((a for a in customer.appointments if a.day >= today), key=lambda a: (a.day, a.slot))


def _find(customer: CustomerRecord, number: str, now: datetime) -> Appointment:
    found = next((a for a in _upcoming(customer, now) if a.number == number), None)
    if found is None:
        raise NotPossible("no_appointment", "没有找到这个预约，可能已经取消或过期。")
    return found


def _where(branch: Place) -> Lines:
    return (Line("地址", f"{branch.city}市{branch.district}{branch.address}"), Line("电话", branch.phone or ""))
