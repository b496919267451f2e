"""The form of every service that is an order at the core bank (banking/orders.py).

A service names its intent, its fields and the order they make. Everything else is the same for all: let the core
prepare the order, show the core's own text, take a yes, a code where the core demands one, corrections at any time.
"""

import re
from abc import abstractmethod
from typing import ClassVar

from actions import pending
from actions.conversation import Conversation
from actions.draft_panels import kept
from actions.drafts import challenge, check_code, give_up
from actions.field_form import FieldForm, asked_for, without
from actions.forms import FormOver
from actions.service_fields import Values
from actions.session import ask
from actions.turn import Turn
from banking.model import Draft
from banking.orders import Order
from banking.port import (
    AmountInvalid,
    BankRefused,
    DraftClosed,
    DraftExpired,
    InsufficientFunds,
    LimitExceeded,
    NotPossible,
)

CONFIRM = "confirm"
SAFE = "safe"
"""Asked instead of a field: whether the core's text is right, and the scam question of a risky order."""

CORRECTION = re.compile(r"(?:不对|不是|错了|说错|改成|改为|换成|还是)")
URGENT = re.compile(r"冻|挂失|丢|被盗|盗刷|骗|人工")
AMOUNT_REFUSALS = (AmountInvalid, InsufficientFunds, LimitExceeded)


class ServiceForm(FieldForm):
    """Base of the services. `mends` names, by rule of a NotPossible, the field that the customer can change."""

    confirms: ClassVar[bool] = True
    mends: ClassVar[dict[str, str]] = {}

    @abstractmethod
    def order(self, values: Values) -> Order:
        """The order that the values of all fields make."""

    def _is_for_me(self, talk: Conversation) -> bool:
        corrects = asked_for(talk) == CONFIRM and self._corrects(talk.turn)
        return corrects or super()._is_for_me(talk)

    def _corrects(self, turn: Turn) -> bool:
        """「不对，只还最低」: said to the summary it is about the order, whatever else it reads like."""
        if turn.is_button or not CORRECTION.match(turn.text) or URGENT.search(turn.text):
            return False
        return any(field.hear(turn, asked=False) is not None for field in self.fields)

    def _take_up(self, talk: Conversation, asked: str | None) -> None:
        memory, intent = talk.memory, talk.turn.intent
        if asked == SAFE and intent in ("affirm", "deny"):
            memory.set(service_safe=intent == "deny")
            return
        super()._take_up(talk, asked)
        if intent == "affirm" and asked == CONFIRM:
            memory.set(service_confirmed=True)

    async def advance(self, talk: Conversation) -> str | None:
        memory = talk.memory
        await pending.settle(talk)
        await self._leave_the_old(talk)
        if memory["service_confirmed"] is False:
            await give_up(talk, "service")
            talk.say.say("utter_service_cancelled")
            raise FormOver
        if talk.turn.code_result is not None and memory["service_draft"]:
            return self._done(talk, await check_code(talk, "service"))
        missing = await self._settle(talk) or await self._keep_draft(talk)
        if missing:
            return self._ask_for(talk, missing)
        if self.confirms and not memory["service_confirmed"]:
            return self._ask_for(talk, CONFIRM)
        return await self._authorise(talk)

    async def _keep_draft(self, talk: Conversation) -> str | None:
        """Make sure that the draft is of just these values. Returns the field to ask for when it has to change."""
        memory = talk.memory
        values = memory["service_values"]
        if memory["service_draft"] and memory["service_drafted"] == values:
            return None
        try:
            draft: Draft = await ask("prepare", talk.session, self.order(values), replaces=memory["service_draft"])
        except BankRefused as refusal:
            await give_up(talk, "service")
            return self._mend(talk, refusal)
        memory.set(service_draft=draft.id, service_drafted=values, service_summary=draft.canonical_text)
        memory.set(service_lines=kept(draft.order.lines if draft.order else ()))
        memory.set(service_confirmed=None, service_code=None, service_safe=None)
        return None

    def _mend(self, talk: Conversation, refusal: BankRefused) -> str:
        """Say why, and which field to ask for again. Raises the refusal when no field can help."""
        name = self.mends.get(refusal.rule) if isinstance(refusal, NotPossible) else None
        if isinstance(refusal, AMOUNT_REFUSALS) and any(field.name == "amount_fen" for field in self.fields):
            name = "amount_fen"
        if name is None:
            raise refusal
        talk.say.error(refusal)
        talk.memory.set(service_said=without(talk.memory["service_said"], {name}))
        talk.memory.set(service_values=without(talk.memory["service_values"], {name}))
        return name

    async def _authorise(self, talk: Conversation) -> str | None:
        draft: Draft = await ask("draft", talk.session, talk.memory["service_draft"])
        if draft.risk_question_open:
            if talk.memory["service_safe"] is None:
                return self._ask_for(talk, SAFE)
            draft = await self._answer_risk(talk, draft)
        if not draft.needs_code and draft.state == "DRAFT":
            return self._done(talk, None)
        try:
            return self._done(talk, await challenge(talk, "service", draft))
        except (DraftExpired, DraftClosed):
            talk.memory.set(service_draft=None, service_drafted=None)
            return self._ask_for(talk, await self._keep_draft(talk) or CONFIRM)

    async def _answer_risk(self, talk: Conversation, draft: Draft) -> Draft:
        answered: Draft = await ask("answer_risk", talk.session, draft.id, not talk.memory["service_safe"])
        if answered.state == "REFUSED":
            talk.say.say("utter_transfer_risk_refused")
            raise FormOver
        return answered

    def _done(self, talk: Conversation, slot: str | None) -> str | None:
        talk.memory.set(service_asked=None, service_ready=slot is None or None)
        return slot
