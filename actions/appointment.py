"""Appointments at a branch: make one, move it, cancel it, or see what there is."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from actions.branch import meant
from actions.conversation import Conversation
from actions.forms import FormOver
from actions.replies import BANK_ZONE, Button
from actions.service_answers import ChoiceField
from actions.service_fields import OPTION, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import UNSURE_INTENTS, Turn
from banking.branch import Appointment, BookAppointment, Branch, CancelAppointment, ChangeAppointment
from banking.orders import Order
from banking.port import NotPossible
from chinese.opening_hours import day_name

NOT_ASKED = ""
"""The value of a field that this kind of order does not have."""

PLACE_WORDS = re.compile(r"支行|网点|分行|营业[部厅]|[区路街]")
QUESTION = re.compile(r"[?？吗呢]|几点|哪|多少|怎么")
FEW = 6
TODAY_WORDS = re.compile(r"今[天日儿早晚]|待会|一会|现在")
MORNING, AFTERNOON = re.compile(r"上午|早上|早晨|一早"), re.compile(r"下午|傍晚")
NOON = "12:00"
OFFICE_OPENS_HOUR = 8
DAYS_OFFERED, SLOTS_OFFERED, DAYS_LOOKED_AT = 3, 6, 7


class WishField(ChoiceField):
    """Book, move, cancel or list. To list is answered at once."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        wish = said or "book"
        if wish == "book":
            return wish
        found: tuple[Appointment, ...] = await ask("appointments", talk.session)
        if found and wish != "list":
            return wish
        if wish == "change":
            return "book"
        _list(talk, found)
        raise FormOver


class WhichField(Field):
    """Which appointment is moved or cancelled; the only one is taken unasked. Value: its number."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return turn.reference(OPTION) if asked else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] == "book":
            return NOT_ASKED
        found: tuple[Appointment, ...] = await ask("appointments", talk.session)
        return found[0].number if len(found) == 1 else said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        found: tuple[Appointment, ...] = await ask("appointments", talk.session)
        return [option(_title(talk, one), one.number) for one in found]


class BranchField(Field):
    """A branch with counters, by name, district or street. Value: its id."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked or turn.intent == "book_appointment" else None
        if chosen is not None:
            return {"id": chosen}
        cities = turn.values("city")
        if turn.is_button or not (asked or cities or PLACE_WORDS.search(turn.text)):
            return None
        return {"text": turn.text, "city": str(cities[0]) if cities else None}

    def claims(self, turn: Turn) -> bool:
        """Names are known by the bank, not here: a place that is no question, or a few words that mean nothing else."""
        if turn.is_button or QUESTION.search(turn.text):
            return False
        few_words = turn.intent in (*UNSURE_INTENTS, "inform", "find_branch") and len(turn.text.strip()) <= FEW
        return few_words or bool(turn.values("city") or PLACE_WORDS.search(turn.text))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] != "book":
            return NOT_ASKED
        found = _candidates(await _branches(talk), said)
        return found[0].id if said and len(found) == 1 else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        said = (talk.memory["service_said"] or {}).get(self.name)
        return [option(f"{branch.city}{branch.name}", branch.id) for branch in _candidates(await _branches(talk), said)]


class BusinessField(ChoiceField):
    """What is to be done there. Value: its name."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] != "book":
            return NOT_ASKED
        return talk.say.phrase(f"phrase_{self._group}_{said or 'other'}")


class DayField(Field):
    """An open day. Value: YYYY-MM-DD."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return chosen
        moment, period = turn.moment(), turn.period()
        day = moment.date() if moment else period.start if period else None
        is_clock_time = day == datetime.now(BANK_ZONE).date() and not TODAY_WORDS.search(turn.text)
        return None if day is None or is_clock_time else day.isoformat()

    def piece(self, turn: Turn) -> str:
        return turn.said("time")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] == "cancel":
            return NOT_ASKED
        if said is None:
            return None
        try:
            slots = await _slots(talk, values, said)
        except NotPossible as refusal:
            talk.say.error(refusal)
            return None
        if not slots:
            talk.say.say("utter_branch_day_full")
        return said if slots else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        today = datetime.now(BANK_ZONE).date()
        offered: list[Button] = []
        for ahead in range(1, DAYS_LOOKED_AT):
            day = today + timedelta(days=ahead)
            if len(offered) < DAYS_OFFERED and await _is_free(talk, values, day):
                offered.append(option(day_name(day), day.isoformat()))
        return offered


class SlotField(Field):
    """A free half hour of the day. Value: HH:MM."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"slot": chosen}
        moment = turn.moment()
        if moment and (moment.hour or moment.minute):
            hour = moment.hour if moment.hour >= OFFICE_OPENS_HOUR else moment.hour + 12
            return {"slot": f"{hour:02d}:{moment.minute:02d}"}
        if MORNING.search(turn.text):
            return {"part": "morning"}
        return {"part": "afternoon"} if AFTERNOON.search(turn.text) else None

    def piece(self, turn: Turn) -> str:
        return turn.said("time")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if values["wish"] == "cancel":
            return NOT_ASKED
        slot = (said or {}).get("slot")
        if slot is None or slot in await _slots(talk, values, values["day"]):
            return slot
        talk.say.say("utter_branch_slot_taken", slot=slot)
        return None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        part = ((talk.memory["service_said"] or {}).get(self.name) or {}).get("part")
        free = await _slots(talk, values, values["day"])
        fitting = [slot for slot in free if part is None or (part == "morning") == (slot < NOON)] or free
        step = max(1, len(fitting) // SLOTS_OFFERED)
        return [option(slot, slot) for slot in fitting[::step][:SLOTS_OFFERED]]


class BookAppointmentForm(ServiceForm):
    """预约网点: being signed in is enough."""

    capability = "branch"
    intent = "book_appointment"
    fields: ClassVar[tuple[Field, ...]] = (
        WishField("wish", "appointment_wish", ("cancel", "change", "list")),
        WhichField("number"),
        BranchField("branch_id"),
        BusinessField("business", "appointment_business", ("cash", "account", "loan", "wealth", "card", "fx", "other")),
        DayField("day"),
        SlotField("slot"),
    )
    mends: ClassVar[dict[str, str]] = {
        "day_past": "day",
        "day_far": "day",
        "day_closed": "day",
        "slot_taken": "slot",
        "no_counter": "branch_id",
    }

    def order(self, values: Values) -> Order:
        if values["wish"] == "cancel":
            return CancelAppointment(values["number"])
        if values["wish"] == "change":
            return ChangeAppointment(values["number"], values["day"], values["slot"])
        return BookAppointment(values["branch_id"], values["day"], values["slot"], values["business"])


async def _branches(talk: Conversation) -> list[Branch]:
    places: tuple[Branch, ...] = await ask("branches", talk.session)
    return [place for place in places if place.kind == "branch"]


def _candidates(branches: Sequence[Branch], said: Any | None) -> list[Branch]:
    """Those that were meant; of the city that was said; all of them."""
    heard = said or {}
    if "id" in heard:
        return [branch for branch in branches if branch.id == heard["id"]]
    named = meant(branches, heard.get("text") or "")
    return named or [branch for branch in branches if branch.city == heard.get("city")] or list(branches)


async def _slots(talk: Conversation, values: Values, day: str) -> tuple[str, ...]:
    """Raises NotPossible."""
    branch_id = values["branch_id"] or await _branch_of(talk, values["number"])
    slots: tuple[str, ...] = await ask("free_slots", talk.session, branch_id, date.fromisoformat(day))
    return slots


async def _branch_of(talk: Conversation, number: str) -> str:
    found: tuple[Appointment, ...] = await ask("appointments", talk.session)
    return next((one.branch_id for one in found if one.number == number), NOT_ASKED)


async def _is_free(talk: Conversation, values: Values, day: date) -> bool:
    try:
        return bool(await _slots(talk, values, day.isoformat()))
    except NotPossible:
        return False


def _list(talk: Conversation, found: Sequence[Appointment]) -> None:
    if not found:
        talk.say.say("utter_branch_no_appointments")
        return
    talk.say.say("utter_branch_appointments", rows="\n".join(_title(talk, one) for one in found))


def _title(talk: Conversation, one: Appointment) -> str:
    values = {"branch": one.branch_name, "business": one.business, "number": one.number}
    return talk.say.phrase("phrase_branch_appointment", day=day_name(one.day), slot=one.slot, **values)
