"""Branches, ATMs and appointments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.branch import BookAppointment, CancelAppointment, ChangeAppointment
from banking.model import Draft
from banking.orders import Order
from banking.port import NotPossible, SessionInvalid
from chinese.public_holidays import public_holiday
from tests.contract.worlds import NOON, World

OPEN_DAY = next(
    day
    for day in (NOON.date() + timedelta(days=ahead) for ahead in range(1, 12))
    if day.weekday() < 5 and not public_holiday(day)
)
WEEKEND = next(day for day in (NOON.date() + timedelta(days=ahead) for ahead in range(1, 9)) if day.weekday() == 6)


def _do(bank: World, session: str, order: Order) -> Draft:
    return bank.port.confirm(session, bank.port.prepare(session, order).id)


def _refusal(bank: World, session: str, order: Order) -> str:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(session, order)
    return refused.value.rule


def test_everybody_may_know_the_branches(bank: World) -> None:
    places = bank.port.branches(None)
    assert len([place for place in places if place.kind == "branch"]) >= 12
    assert len({place.city for place in places}) == 5
    with pytest.raises(SessionInvalid):
        bank.port.branches("nobody's")


def test_branches_of_a_city_tell_whether_they_are_open(bank: World, zhangwei: str) -> None:
    places = bank.port.branches(zhangwei, "上海")
    assert {place.city for place in places} == {"上海"}
    bank.wait(hours=11)
    closed = {place.id: place for place in bank.port.branches(bank.sign_in("lina"), "上海")}
    assert not closed["sh-lujiazui"].open_now
    assert "开门" in closed["sh-lujiazui"].status
    assert closed["sh-renmin-atm"].open_now
    assert closed["sh-renmin-atm"].phone is None


def test_an_appointment_is_made_without_a_code_moved_and_cancelled(bank: World, zhangwei: str) -> None:
    first, second = bank.port.free_slots(zhangwei, "sh-jingan", OPEN_DAY)[:2]
    draft = bank.port.prepare(zhangwei, BookAppointment("sh-jingan", OPEN_DAY.isoformat(), first, "存折补登"))
    assert not draft.needs_code
    assert bank.port.appointments(zhangwei) == ()
    bank.port.confirm(zhangwei, draft.id)
    (made,) = bank.port.appointments(zhangwei)
    assert (made.branch_name, made.day, made.slot, made.business) == ("静安支行", OPEN_DAY, first, "存折补登")
    assert first not in bank.port.free_slots(zhangwei, "sh-jingan", OPEN_DAY)
    _do(bank, zhangwei, ChangeAppointment(made.number, OPEN_DAY.isoformat(), second))
    assert [(found.number, found.slot) for found in bank.port.appointments(zhangwei)] == [(made.number, second)]
    _do(bank, zhangwei, CancelAppointment(made.number))
    assert bank.port.appointments(zhangwei) == ()
    assert first in bank.port.free_slots(zhangwei, "sh-jingan", OPEN_DAY)


def test_no_appointment_in_the_past_too_far_or_on_a_closed_day(bank: World, zhangwei: str) -> None:
    yesterday, far = NOON.date() - timedelta(days=1), NOON.date() + timedelta(days=15)
    for day, rule in ((yesterday, "day_past"), (far, "day_far"), (WEEKEND, "day_closed")):
        assert _refusal(bank, zhangwei, BookAppointment("sh-jingan", day.isoformat(), "10:00", "开户")) == rule
    order = BookAppointment("sh-jingan", OPEN_DAY.isoformat(), "03:00", "开户")
    assert _refusal(bank, zhangwei, order) == "slot_taken"
    order = BookAppointment("sh-renmin-atm", OPEN_DAY.isoformat(), "10:00", "开户")
    assert _refusal(bank, zhangwei, order) == "no_counter"


def test_two_appointments_at_most_and_only_ones_own(bank: World, zhangwei: str, lina: str) -> None:
    first, second, third = bank.port.free_slots(zhangwei, "sh-jingan", OPEN_DAY)[:3]
    for slot in (first, second):
        _do(bank, zhangwei, BookAppointment("sh-jingan", OPEN_DAY.isoformat(), slot, "开户"))
    order = BookAppointment("sh-jingan", OPEN_DAY.isoformat(), third, "开户")
    assert _refusal(bank, zhangwei, order) == "too_many_appointments"
    number = bank.port.appointments(zhangwei)[0].number
    assert _refusal(bank, lina, CancelAppointment(number)) == "no_appointment"
