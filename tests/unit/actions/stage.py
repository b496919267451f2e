"""A stage for actions.

The demo bank in memory, a customer who is signed in, and messages as Rasa would hand them over.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import session
from addons.channels.context import ContextSealer
from banking.memory import MemoryBank
from chinese.extract import extract

KEY = "A" * 43
ZONE = ZoneInfo("Asia/Shanghai")
with open("domain.yml", encoding="utf-8") as domain_file:
    DOMAIN = yaml.safe_load(domain_file)


@dataclass
class Stage:
    """One conversation: the slots and the active form stay from turn to turn. `manner`: as the channel sends it."""

    bank: MemoryBank
    login: str | None = "zhangwei"
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    code: str | None = None
    number: str | None = None
    desk: bool = False
    manner: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = self.bank.sign_in(self.login) if self.login else None

    def message(self, text: str, intent: str, persons: tuple[str, ...] = (), **button: str) -> dict[str, Any]:
        """The latest message of a tracker; `button` holds the entities that a pressed button carries."""
        quantities = extract(text, datetime.now(ZONE)) if not button else []
        entities: list[dict[str, Any]] = [
            {
                "entity": quantity.dim,
                "value": quantity.value.get("value"),
                "start": quantity.start,
                "end": quantity.end,
                "additional_info": quantity.value,
            }
            for quantity in quantities
        ]
        for person in persons:
            start = text.index(person)
            entities.append({"entity": "person", "value": person, "start": start, "end": start + len(person)})
        entities += [{"entity": name, "value": value} for name, value in button.items()]
        sealed = ContextSealer(KEY).seal("conversation", self.session)
        metadata: dict[str, Any] = {"context": sealed, "manner": self.manner}
        metadata |= {"code": self.code} if self.code else {}
        metadata |= {"desk": True} if self.desk else {}
        metadata |= {"account_number": self.number} if self.number else {}
        return {"text": text, "intent": {"name": intent}, "entities": entities, "metadata": metadata}

    def run(self, action: Action, text: str, intent: str, persons: tuple[str, ...] = (), **button: str) -> list[str]:
        """Run an action on a message; returns what it said (response names), applies its events."""
        message = self.message("/" + intent if button else text, intent, persons, **button)
        slots = dict.fromkeys(DOMAIN["slots"]) | self.slots
        loop = {"name": self.form} if self.form else {}
        tracker = Tracker("sender", slots, message, [], False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        result = action.run(dispatcher, tracker, DOMAIN)
        events = asyncio.run(result) if asyncio.iscoroutine(result) else result
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]
        self.messages = dispatcher.messages
        return [message.get("response") or message.get("text") for message in dispatcher.messages]

    @property
    def asked(self) -> str | None:
        """The slot that the form asks for next."""
        asked: str | None = self.slots.get("requested_slot")
        return asked


def play(bank: MemoryBank, monkeypatch: Any, login: str | None = "zhangwei", form: str | None = None) -> Stage:
    """A stage on this bank, which becomes the bank of all actions."""
    monkeypatch.setenv("CONTEXT_KEY", KEY)
    session._key.cache_clear()
    monkeypatch.setattr(session, "bank", lambda: bank)
    return Stage(bank, login, form=form)
