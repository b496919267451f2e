"""The form of every service that is an order at the core bank (banking/orders.py).

A service names its intent, its fields and the order they make. Everything else is the same for all: hear, ask for what
is missing, let the core prepare the order, show the core's own text, take a yes, a code where the core demands one,
corrections at any time. What it knows lies in the slots `service_*`, of one service at a time.
"""

import re
from abc import abstractmethod
from functools import lru_cache
from typing import Any, ClassVar

from actions import pending
from actions.conversation import Conversation
from actions.drafts import challenge, check_code, give_up
from actions.forms import BankForm, FormOver
from actions.service_fields import Field, Values
from actions.session import ask
from actions.turn import DIALOGUE_INTENTS, Turn
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

ANSWER = "service_answer"
"""The slot that is asked for while a field is; it is never filled."""

CONFIRM = "confirm"
SAFE = "safe"
"""Asked instead of a field: whether the core's text is right, and the scam question of a risky order."""

KEPT_SLOTS = frozenset({"service_pending", "service_next"})
CORRECTION = re.compile(r"(?:不对|不是|错了|说错|改成|改为|换成|还是)")
URGENT = re.compile(r"冻|挂失|丢|被盗|盗刷|骗|人工")
AMOUNT_REFUSALS = (AmountInvalid, InsufficientFunds, LimitExceeded)


class ServiceForm(BankForm):
    """Base of the services. `mends` names, by rule of a NotPossible, the field that the customer can change."""

    intent: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    own_intents: ClassVar[frozenset[str]] = frozenset()
    confirms: ClassVar[bool] = True
    mends: ClassVar[dict[str, str]] = {}
    kept_slots = KEPT_SLOTS

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "intent" in vars(cls):
            cls.own_intents = cls.own_intents | {cls.intent}

    @abstractmethod
    def order(self, values: Values) -> Order:
        """The order that the values of all fields make."""

    @property
    def prefix(self) -> str:
        return "service"

    def name(self) -> str:
        return f"validate_{self.intent}_form"

    def field(self, name: str) -> Field:
        """Raises StopIteration for a name that is no field's."""
        return next(field for field in self.fields if field.name == name)

    def question(self, name: str) -> str:
        """The response that asks for a field."""
        return f"utter_{self.intent}_ask_{name}"

    def _is_for_me(self, talk: Conversation) -> bool:
        turn, asked = talk.turn, _asked(talk)
        if turn.intent in self.own_intents or turn.intent in DIALOGUE_INTENTS or turn.code_result:
            return True
        if asked == CONFIRM:
            return self._corrects(turn)
        return asked in {field.name for field in self.fields} and self.field(str(asked)).claims(turn)

    def _corrects(self, turn: Turn) -> bool:
        """「不对，只还最低」: said to the summary it is about the order, whatever else it reads like."""
        if turn.is_button or not CORRECTION.match(turn.text) or URGENT.search(turn.text):
            return False
        return any(field.hear(turn, asked=False) is not None for field in self.fields)

    def hear(self, talk: Conversation) -> None:
        memory, turn = talk.memory, talk.turn
        if memory["service_intent"] != self.intent:
            left = memory["service_draft"]
            memory.forget("service_", KEPT_SLOTS)
            memory.set(service_intent=self.intent, service_left=left)
        if turn.code_result is not None:
            return
        asked = _asked(talk)
        if asked == SAFE and turn.intent in ("affirm", "deny"):
            memory.set(service_safe=turn.intent == "deny")
            return
        heard = self._heard(talk, asked)
        memory.set(service_said={**(memory["service_said"] or {}), **heard})
        memory.set(service_values=_without(memory["service_values"], heard))
        if turn.intent == "affirm" and asked == CONFIRM:
            memory.set(service_confirmed=True)
        elif turn.intent == "deny" and not heard:
            memory.set(service_confirmed=False)

    def _heard(self, talk: Conversation, asked: str | None) -> dict[str, Any]:
        """What the message says about the fields; a plain answer is about the question and about nothing else."""
        answered = [field for field in self.fields if field.name == asked and field.claims(talk.turn)]
        heard = {field.name: field.hear(talk.turn, asked == field.name) for field in answered or self.fields}
        return {name: said for name, said in heard.items() if said is not None}

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

    async def _leave_the_old(self, talk: Conversation) -> None:
        left = talk.memory["service_left"]
        if left:
            talk.memory.set(service_left=None, service_draft=left)
            await give_up(talk, "service")

    async def _settle(self, talk: Conversation) -> str | None:
        """Fill the values in their order. Returns the field to ask for."""
        memory = talk.memory
        values: dict[str, Any] = dict(memory["service_values"] or {})
        for field in self.fields:
            if field.name not in values:
                value = await field.settle(talk, (memory["service_said"] or {}).get(field.name), values)
                if value is None:
                    memory.set(service_values=values)
                    return field.name
                values[field.name] = value
        memory.set(service_values=values)
        return None

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
        memory.set(service_lines=pending.lines(talk.say, draft.order.lines if draft.order else ()))
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
        talk.memory.set(service_said=_without(talk.memory["service_said"], {name}))
        talk.memory.set(service_values=_without(talk.memory["service_values"], {name}))
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

    def _ask_for(self, talk: Conversation, name: str) -> str:
        talk.memory.set(service_asked=name)
        return ANSWER


@lru_cache(maxsize=1)
def services() -> dict[str, ServiceForm]:
    """Every service by its intent; the modules that define them are loaded by rasa-sdk before the first message."""
    return {service.intent: service() for service in _concrete(ServiceForm)}  # type: ignore[type-abstract]


def _concrete(base: type[ServiceForm]) -> list[type[ServiceForm]]:
    found = [leaf for child in base.__subclasses__() for leaf in _concrete(child)]
    return [*found, base] if "intent" in vars(base) else found


def _asked(talk: Conversation) -> str | None:
    """The field (or `confirm`) that the last question was about."""
    name: str | None = talk.memory["service_asked"]
    return name if talk.asked == ANSWER else None


def _without(mapping: dict[str, Any] | None, names: Any) -> dict[str, Any]:
    return {name: value for name, value in (mapping or {}).items() if name not in names}
