"""Which payee of the address book a service is about."""

from collections.abc import Sequence
from typing import Any

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.payees import match, narrow, place, pointed_at, sounds_like, words
from actions.replies import Button
from actions.service_fields import OPTION, Field, Values, option
from actions.session import ask
from actions.turn import FOUR_DIGITS, Turn
from banking.model import Payee

SHOWN = 6
"""Payees offered as buttons when nobody was named."""


class PayeeField(Field):
    """By name, nickname, relation, bank, tail, place in the list or button. Value: the payee's id.

    Several of one name are told apart; a name that only sounds like one is offered, never assumed. What was offered is
    kept in `service_choices`.
    """

    def __init__(self, name: str = "payee_id") -> None:
        super().__init__(name)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"id": chosen}
        persons = turn.persons()
        if turn.is_button and not (asked and turn.intent in ("affirm", "deny")):
            return None
        if asked and not persons and turn.intent in ("affirm", "deny"):
            return {"answer": turn.intent}
        name = persons[-1] if persons else None
        return {"name": name, "bare": turn.bare_name(), "text": turn.text} if name or asked else None

    def piece(self, turn: Turn) -> str:
        points = place(turn.text, SHOWN) is not None or FOUR_DIGITS.search(turn.text) or turn.bare_name()
        names_bank = any(word in turn.text for group in words()["banks"].values() for word in group)
        return turn.text if points or names_bank else turn.said("person")

    def claims(self, turn: Turn) -> bool:
        return bool(self.piece(turn)) and super().claims(turn)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        payees: tuple[Payee, ...] = await ask("payees", talk.session)
        if not payees:
            talk.say.say("utter_transfer_no_payees")
            raise FormOver
        heard = said or {"name": None, "bare": None, "text": "" if talk.turn.is_button else talk.turn.text}
        found = self._found(talk, heard, payees)
        if len(found) == 1:
            talk.memory.set(service_choices=None)
            return found[0].id
        if found:
            self._offer(talk, found)
        elif _name(heard):
            self._offer_alike(talk, str(_name(heard)), payees)
        return None

    def _found(self, talk: Conversation, heard: dict[str, Any], payees: Sequence[Payee]) -> list[Payee]:
        if heard.get("id"):
            return [payee for payee in payees if payee.id == heard["id"]]
        offer = self._offered(talk)
        offered = [payee for payee in payees if payee.id in offer.get("ids", ())]
        if heard.get("answer"):
            return self._answered(talk, heard["answer"], offered, bool(offer.get("heard")))
        pointed = pointed_at(offered, heard["text"]) if not heard["name"] else []
        if pointed:
            return pointed
        named = match(_name(heard), heard["text"], payees)
        return narrow([payee for payee in offered if payee in named] or named, heard["text"])

    def _answered(self, talk: Conversation, answer: str, offered: list[Payee], alike: bool) -> list[Payee]:
        """Yes or no to "did you mean ...?"; a no to the bare question is the end."""
        if answer == "affirm":
            return offered if alike else []
        if not offered:
            talk.say.say("utter_service_cancelled")
            raise FormOver
        talk.memory.set(service_choices=None)
        return []

    def _offer_alike(self, talk: Conversation, name: str, payees: Sequence[Payee]) -> None:
        alike = sounds_like(name, payees)
        if alike:
            self._offer(talk, alike, name)
            return
        talk.memory.set(service_choices=None)
        known = "、".join(dict.fromkeys(payee.alias or payee.name for payee in payees))
        talk.say.say("utter_transfer_payee_not_saved", name=name, names=known)

    def _offer(self, talk: Conversation, found: Sequence[Payee], heard: str | None = None) -> None:
        talk.memory.set(service_choices={"field": self.name, "ids": [payee.id for payee in found], "heard": heard})

    def _offered(self, talk: Conversation) -> dict[str, Any]:
        choices: dict[str, Any] = talk.memory["service_choices"] or {}
        return choices if choices.get("field") == self.name else {}

    async def _shown(self, talk: Conversation) -> list[Payee]:
        payees: tuple[Payee, ...] = await ask("payees", talk.session)
        ids = self._offered(talk).get("ids")
        return [payee for payee in payees if ids is None or payee.id in ids][:SHOWN]

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(payee_title(talk, payee), payee.id) for payee in await self._shown(talk)]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        offer = self._offered(talk)
        if not offer:
            return {"lead": ""}
        shown = await self._shown(talk)
        if offer["heard"]:
            return {"lead": talk.say.phrase("phrase_payee_alike", name=offer["heard"])}
        return {"lead": talk.say.phrase("phrase_payee_several", count=len(shown), name=shown[0].name)}


def _name(heard: dict[str, Any]) -> str | None:
    """The name that was heard; a short answer is one where no name was."""
    name: str | None = heard.get("name") or heard.get("bare")
    return name


def payee_title(talk: Conversation, payee: Payee) -> str:
    """王强（工商银行 尾号5566）"""
    return talk.say.phrase("phrase_transfer_payee_choice", name=payee.name, bank=payee.bank, tail=payee.tail)
