"""FAQ: one action answers every topic, with the facts of the day."""

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.replies import Replies
from actions.turn import Turn


class ActionAnswerFaq(Action):
    """Says `utter_faq_<topic>`. Anybody may ask, signed in or not; an interrupted form asks its question again.

    The names have no slash: wording with one is NLU data to Rasa, and a new wording would train the classifier anew.
    """

    def name(self) -> str:
        return "action_answer_faq"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        message = tracker.latest_message
        topic = Turn(message).reference("topic_ref") or next(topics(message))
        Replies(dispatcher, domain, "faq").say(f"utter_{topic.replace('/', '_')}")
        return []


def topics(message: Mapping[str, Any]) -> Iterator[str]:
    """faq/<topic> as the classifier read the message, likeliest first."""
    faq = (message.get("response_selector") or {}).get("faq") or {}
    yield from (topic["intent_response_key"] for topic in faq.get("ranking") or [])


def topic_payload(topic: str) -> str:
    """What a button carries that asks about a topic: Rasa knows `faq` as an intent, not `faq/<topic>`."""
    return f'/faq{{"topic_ref": "{topic}"}}'
