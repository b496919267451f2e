"""The form of everything that has to know a few things first: it hears, asks for what is missing, takes corrections.

What it knows lies in the slots `service_*`, of one service at a time. What is done with it is its subclasses'.
"""

from functools import lru_cache
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.drafts import give_up
from actions.forms import BankForm
from actions.service_fields import Field
from actions.switching import KEPT_SLOTS
from actions.turn import DIALOGUE_INTENTS

ANSWER = "service_answer"
"""The slot that is asked for while a field is; it is never filled."""


class FieldForm(BankForm):
    """Base of forms that name an intent and its fields."""

    intent: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    own_intents: ClassVar[frozenset[str]] = frozenset()
    kept_slots = KEPT_SLOTS

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "intent" in vars(cls):
            cls.own_intents = cls.own_intents | {cls.intent}

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
        turn, asked = talk.turn, asked_for(talk)
        if turn.intent in self.own_intents or turn.intent in DIALOGUE_INTENTS or turn.code_result:
            return True
        if turn.wants_another_account() and self._heard(talk, asked):
            return True
        return asked in {field.name for field in self.fields} and self.field(str(asked)).claims(turn)

    def hear(self, talk: Conversation) -> None:
        memory = talk.memory
        if memory["service_intent"] != self.intent:
            left = memory["service_draft"]
            memory.forget("service_", KEPT_SLOTS)
            memory.set(service_intent=self.intent, service_left=left)
        if talk.turn.code_result is None:
            self._take_up(talk, asked_for(talk))

    def _take_up(self, talk: Conversation, asked: str | None) -> None:
        """What was said about the fields, and whether all of it is off."""
        memory, heard = talk.memory, self._heard(talk, asked)
        memory.set(service_said={**(memory["service_said"] or {}), **heard})
        memory.set(service_values=without(memory["service_values"], heard))
        if talk.turn.intent == "deny" and not heard:
            memory.set(service_confirmed=False)

    def _heard(self, talk: Conversation, asked: str | None) -> dict[str, Any]:
        """What the message says about the fields; a plain answer is about the question and about nothing else."""
        answered = [field for field in self.fields if field.name == asked and field.claims(talk.turn)]
        heard = {field.name: field.hear(talk.turn, asked == field.name) for field in answered or self.fields}
        return {name: said for name, said in heard.items() if said is not None}

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

    def _ask_for(self, talk: Conversation, name: str) -> str:
        talk.memory.set(service_asked=name)
        return ANSWER


@lru_cache(maxsize=1)
def services() -> dict[str, FieldForm]:
    """Every such form by its intent; the modules that define them are loaded by rasa-sdk before the first message."""
    return {service.intent: service() for service in _concrete(FieldForm)}  # type: ignore[type-abstract]


def _concrete(base: type[FieldForm]) -> list[type[FieldForm]]:
    found = [leaf for child in base.__subclasses__() for leaf in _concrete(child)]
    return [*found, base] if "intent" in vars(base) else found


def asked_for(talk: Conversation) -> str | None:
    """The field (or another question by name) that the last question was about."""
    name: str | None = talk.memory["service_asked"]
    return name if talk.asked == ANSWER else None


def without(mapping: dict[str, Any] | None, names: Any) -> dict[str, Any]:
    """The mapping without some of its keys."""
    return {name: value for name, value in (mapping or {}).items() if name not in names}
