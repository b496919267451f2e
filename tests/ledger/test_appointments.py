"""Two customers and one half hour: one has it, the other is told so, whoever else was as quick."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from chinese.public_holidays import public_holiday
from services.core_bank.bank import Caller
from services.core_bank.branch import diary
from services.core_bank.branch.appointments import MOST, BookRequest, CancelRequest, ChangeRequest
from services.core_bank.branch.tables import appointments
from services.core_bank.drafts import machine
from services.core_bank.drafts.base import DraftRequest
from services.core_bank.errors import BankError
from services.core_bank.idempotency import Answer
from tests.ledger.campaign import NOON, Campaign, outcomes, together

BRANCH = "sh-lujiazui"
DAYS = [
    day
    for day in (NOON.date() + timedelta(days=ahead) for ahead in range(1, 14))
    if day.weekday() < 5 and not public_holiday(day)
]
ALWAYS_FREE = ("10:00", "10:30", "15:00", "15:30")


def _draft(campaign: Campaign, caller: Caller, request: DraftRequest) -> str:
    return str(machine.create(campaign.bank, caller, request)["id"])


def _booking(campaign: Campaign, caller: Caller, slot: str, day: int = 0) -> str:
    request = BookRequest(
        kind="book_appointment", branch_id=BRANCH, day=DAYS[day].isoformat(), slot=slot, business="大额取现"
    )
    return _draft(campaign, caller, request)


def _confirm(campaign: Campaign, caller: Caller, draft: str) -> Answer:
    return machine.confirm(campaign.bank, caller, draft, draft, {})


def _kept(campaign: Campaign) -> list[tuple[str, str]]:
    """(customer, half hour) of every appointment that holds."""
    query = sa.select(appointments.c.customer_id, appointments.c.slot).where(~appointments.c.cancelled)
    with campaign.bank.db.read() as conn:
        return [(row.customer_id, row.slot) for row in conn.execute(query)]


def _rules(results: list[Answer | BankError]) -> set[str]:
    return {str(result.details["rule"]) for result in results if isinstance(result, BankError)}


@pytest.fixture
def seen_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every half hour still looks free when it is confirmed: the moment between looking and taking, made long."""
    monkeypatch.setattr(diary, "check_slot", lambda *_: None)


@pytest.mark.parametrize("slot", ALWAYS_FREE)
def test_two_customers_book_the_same_half_hour(campaign: Campaign, slot: str) -> None:
    callers = [campaign.scene.callers[login][worker] for worker in range(4) for login in ("zhangwei", "lina")]
    drafts = [_booking(campaign, caller, slot) for caller in callers]
    results = together([partial(_confirm, campaign, caller, draft) for caller, draft in zip(callers, drafts)])
    assert outcomes(results) == {"DONE": 1, "not_possible": 7}
    assert _rules(results) == {"slot_taken"}
    assert [kept_slot for _, kept_slot in _kept(campaign)] == [slot]


@pytest.mark.usefixtures("seen_free")
def test_a_half_hour_taken_after_it_was_seen_free_is_refused(campaign: Campaign) -> None:
    zhangwei, lina = campaign.scene.callers["zhangwei"][0], campaign.scene.callers["lina"][0]
    first, late = _booking(campaign, zhangwei, "10:00"), _booking(campaign, lina, "10:00")
    assert outcomes([_confirm(campaign, zhangwei, first)]) == {"DONE": 1}
    with pytest.raises(BankError, match="not_possible") as refused:
        _confirm(campaign, lina, late)
    assert refused.value.details["rule"] == "slot_taken"
    _confirm(campaign, lina, _booking(campaign, lina, "10:30"))
    with campaign.bank.db.read() as conn:
        [mine] = diary.upcoming(conn, lina.customer_id, NOON)
    move = ChangeRequest(kind="change_appointment", number=mine.number, day=DAYS[0].isoformat(), slot="10:00")
    with pytest.raises(BankError, match="not_possible") as refused:
        _confirm(campaign, lina, _draft(campaign, lina, move))
    assert refused.value.details["rule"] == "slot_taken"
    assert sorted(slot for _, slot in _kept(campaign)) == ["10:00", "10:30"]


def test_one_customer_books_no_more_than_allowed_at_once(campaign: Campaign) -> None:
    callers = campaign.scene.callers["lina"]
    halves = [(slot, day) for day in (0, 1) for slot in ALWAYS_FREE]
    drafts = [_booking(campaign, caller, slot, day) for caller, (slot, day) in zip(callers, halves)]
    results = together([partial(_confirm, campaign, caller, draft) for caller, draft in zip(callers, drafts)])
    assert outcomes(results) == {"DONE": MOST, "not_possible": len(callers) - MOST}
    assert _rules(results) == {"too_many_appointments"}
    assert len(_kept(campaign)) == MOST


def test_an_appointment_is_moved_or_cancelled_not_both(campaign: Campaign) -> None:
    """When both go through, the move came first: nobody is told of an appointment that is gone."""
    first, second = campaign.scene.callers["lina"][:2]
    _confirm(campaign, first, _booking(campaign, first, "10:00"))
    with campaign.bank.db.read() as conn:
        [mine] = diary.upcoming(conn, first.customer_id, NOON)
    move = ChangeRequest(kind="change_appointment", number=mine.number, day=DAYS[0].isoformat(), slot="15:00")
    cancel = CancelRequest(kind="cancel_appointment", number=mine.number)
    moved, cancelled = together(
        [
            partial(_confirm, campaign, first, _draft(campaign, first, move)),
            partial(_confirm, campaign, second, _draft(campaign, second, cancel)),
        ]
    )
    assert isinstance(cancelled, Answer) and _kept(campaign) == []
    query = sa.select(appointments.c.slot).where(appointments.c.number == mine.number)
    with campaign.bank.db.read() as conn:
        slot = conn.execute(query).scalar_one()
    assert slot == ("15:00" if isinstance(moved, Answer) else "10:00")
    assert isinstance(moved, Answer) or _rules([moved]) == {"no_appointment"}
