"""One run of an action: what was said, what is remembered, who is talking, and a way to answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.replies import Replies
from actions.session import session_of
from actions.turn import Entity, Turn
from banking.port import BankRefused

REQUESTED_SLOT = "requested_slot"


class Memory:
    """The slots during one run: reads see writes, and only what changed becomes events."""

    def __init__(self, slots: dict[str, Any]) -> None:
        self._slots = slots
        self._changed: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._changed[name] if name in self._changed else self._slots.get(name)

    def set(self, **values: Any) -> None:
        """Write slots."""
        self._changed.update(values)

    def touch(self, name: str) -> None:
        """Say that this slot was dealt with, though its value may be as before: Rasa then does not reject the form."""
        self._changed.setdefault(name, self._slots.get(name))

    def forget(self, prefix: str, keep: frozenset[str] = frozenset()) -> None:
        """Clear every slot of a capability."""
        own = (name for name in self._slots if name.startswith(prefix) and name not in keep)
        self.set(**{name: None for name in own if self[name] is not None})

    def events(self) -> list[EventType]:
        """The changes, for Rasa."""
        return [SlotSet(name, value) for name, value in self._changed.items()]


class Conversation:
    """One run of a form: what was said, what is remembered, who is talking, and a way to answer."""

    def __init__(self, tracker: Tracker, say: Replies) -> None:
        self.memory = Memory(dict(tracker.slots))
        self.say = say
        self._message = tracker.latest_message
        pressed = Turn(self._message)
        self.chose_to_switch = pressed.reference("service_switch") == "now" and bool(self.memory["service_next"])
        # The button "leave that and do this" (actions/switching.py) stands for what was said before it.
        self.turn = Turn({**self._message, **self.memory["service_next"]}) if self.chose_to_switch else pressed

    def read_as(self, text: str, intent: str, entities: list[Entity]) -> None:
        """Take the message for this one from here on."""
        self.turn = Turn({**self._message, "text": text, "intent": {"name": intent}, "entities": entities})

    @property
    def session(self) -> str:
        """The customer's session reference. Raises ContextInvalid, SignInRequired: only who needs it asks for it."""
        return session_of(self._message)

    @property
    def visitor_session(self) -> str | None:
        """The same for services that visitors have too: None for somebody who is not signed in."""
        try:
            return session_of(self._message)
        except BankRefused:
            return None

    @property
    def at_a_desk(self) -> bool:
        """Whether the channel can hand this customer over to a person at once (addons/channels/inbound.py)."""
        return bool((self._message.get("metadata") or {}).get("desk"))

    @property
    def asked(self) -> str | None:
        """The slot that was asked for last."""
        value: str | None = self.memory[REQUESTED_SLOT]
        return value


def did_last(events: Sequence[Mapping[str, Any]], action: str) -> bool:
    """Whether the customer's message before this one was answered by this action; forms do not count."""
    names = [str(event.get("name")) for event in events if event.get("event") == "action"]
    answers = [name for name in names if name != "action_listen" and not name.endswith("_form")]
    return bool(answers) and answers[-1] == action
