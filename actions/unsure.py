"""Understood badly, or understood but not served yet: ask once, offer a person, point the way."""

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import did_last
from actions.faq import topic_payload, topics
from actions.replies import Button, Replies

OFFERED = 2
NOT_OFFERED = frozenset({"nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "correct_value", "chitchat"})
"""Readings that make no sense as an answer to "what do you want to do?"."""


class ActionUnsure(Action):
    """Not sure: the two best readings as buttons; a person when it happens twice in a row; inside a form just that."""

    def name(self) -> str:
        return "action_unsure"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say = Replies(dispatcher, domain, "service", tracker.latest_message)
        readings = list(_readings(tracker.latest_message))[:OFFERED]
        if did_last(tracker.events, self.name()):
            say.say("utter_unsure_again")
        elif (tracker.active_loop or {}).get("name"):
            say.say("utter_unsure_in_service")
        elif readings:
            say.say("utter_unsure_clarify", [_button(say, reading) for reading in readings])
        else:
            say.say("utter_unsure")
        return []


def _readings(message: Mapping[str, Any]) -> Iterator[str]:
    """Intents and FAQ topics, likeliest first, that can be offered."""
    for intent in message.get("intent_ranking") or []:
        name = intent.get("name")
        if name == "faq":
            yield from list(topics(message))[:1]
        elif name and name not in NOT_OFFERED:
            yield name


def _button(say: Replies, reading: str) -> Button:
    payload = topic_payload(reading) if "/" in reading else f"/{reading}"
    return {"title": _words(say, reading), "payload": payload}


def _words(say: Replies, reading: str) -> str:
    """A reading in the customer's words (domain/readings.yml)."""
    return say.phrase(f"phrase_reading_{reading.replace('/', '_')}")
