"""Finding a branch or an ATM: by city, district, name or street, and by what is needed there."""

import re
from collections.abc import Sequence

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Item, Listing
from actions.replies import Button
from actions.service_answers import named_in
from actions.service_fields import OPTION
from actions.session import ask
from actions.turn import Turn
from banking.branch import Branch

SHOWN = 3
MACHINE, OPEN_NOW, WEEKEND = "atm", "open_now", "weekend"
STREET = re.compile(r"^(.+?[路街道])")
KIND_WORD = re.compile(r"支行$|自助银行$|新区$|区$")


class ActionFindBranch(BankAction):
    """Tells the nearest thing to what was asked for, and whether it is open now. Visitors may ask."""

    capability = "branch"

    def name(self) -> str:
        return "action_find_branch"

    async def serve(self, talk: Conversation) -> None:
        places: tuple[Branch, ...] = await ask("branches", talk.visitor_session)
        city, needs = _city(talk.turn), wanted(talk.turn)
        if city and city not in {place.city for place in places}:
            talk.say.say("utter_branch_no_city", _cities(places, needs), city=city)
            return
        near = meant(places, talk.turn.text) or [place for place in places if place.city == city]
        if city:
            near = [place for place in near if place.city == city] or [place for place in places if place.city == city]
        if not near:
            talk.say.say("utter_branch_ask_city", _cities(places, needs))
            return
        _tell(talk, near, needs)


def _tell(talk: Conversation, near: Sequence[Branch], needs: Sequence[str]) -> None:
    found = [place for place in near if all(_has(place, need) for need in needs)]
    if not found:
        talk.say.say("utter_branch_nothing_fits", needs="、".join(talk.say.phrase(f"phrase_branch_{n}") for n in needs))
        found = list(near)
    shown = found[:SHOWN]
    rows = "\n\n".join(_row(talk, place) for place in shown)
    buttons = [_booking(talk, place) for place in shown if place.kind == "branch"][:1]
    panel = Listing(talk.say.phrase("phrase_branch_title"), [_item(talk, place) for place in shown])
    talk.say.say("utter_branch_found", buttons, panel, count=len(found), shown=len(shown), rows=rows)


def wanted(turn: Turn) -> list[str]:
    """Codes of what the place must have; a button carries them from the question before."""
    carried = turn.reference(OPTION)
    return carried.split(",") if carried else named_in("branch_needs", turn.text)


def meant(places: Sequence[Branch], text: str) -> list[Branch]:
    """Places whose name, district or street is in the text."""
    return [place for place in places if any(name in text for name in _names(place))]


def _names(place: Branch) -> set[str]:
    street = STREET.match(place.address.removeprefix(f"{place.city}市{place.district}"))
    named = {KIND_WORD.sub("", place.name), KIND_WORD.sub("", place.district)}
    return {name for name in (*named, street.group(1) if street else "") if len(name) > 1}


def _has(place: Branch, need: str) -> bool:
    if need == MACHINE:
        return place.kind == "atm"
    if need == OPEN_NOW:
        return place.open_now
    if need == WEEKEND:
        return "周末休息" not in place.hours
    return need in place.services


def _city(turn: Turn) -> str | None:
    cities = turn.values("city")
    return str(cities[0]) if cities else None


def _cities(places: Sequence[Branch], needs: Sequence[str]) -> list[Button]:
    carried = f', "{OPTION}": "{",".join(needs)}"' if needs else ""
    cities = dict.fromkeys(place.city for place in places)
    return [{"title": city, "payload": f'/find_branch{{"city": "{city}"{carried}}}'} for city in cities]


def _row(talk: Conversation, place: Branch) -> str:
    values = {"name": place.name, "address": place.address, "hours": place.hours, "status": place.status}
    if place.phone is None:
        return talk.say.phrase("phrase_branch_machine", **values)
    return talk.say.phrase("phrase_branch_row", phone=place.phone, **values)


def _item(talk: Conversation, place: Branch) -> Item:
    """A machine has no telephone, and no hours of its own in the row either."""
    if place.phone is None:
        return Item(place.name, place.address, note=place.status)
    note = talk.say.phrase("phrase_branch_item", status=place.status, phone=place.phone, hours=place.hours)
    return Item(place.name, place.address, note=note)


def _booking(talk: Conversation, place: Branch) -> Button:
    title = talk.say.phrase("phrase_branch_book", name=place.name)
    return {"title": title, "payload": f'/book_appointment{{"{OPTION}": "{place.id}"}}'}
