"""How Rasa read a message: shown in the sandbox only, where tests and designers need it."""

from typing import TYPE_CHECKING, Any

from rasa.shared.core.events import UserUttered
from rasa.shared.nlu.constants import FULL_RETRIEVAL_INTENT_NAME_KEY

if TYPE_CHECKING:  # importing it loads TensorFlow
    from rasa.core.agent import Agent

RANKED = 5
_ENTITY_KEYS = ("entity", "value", "start", "end", "role", "group", "additional_info")


async def read_message(agent: "Agent", conversation: str, message_id: str) -> dict[str, Any] | None:
    """{intent, confidence, ranking, entities} of one message, from the tracker; None when it is not there."""
    tracker = await agent.tracker_store.retrieve(conversation)
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return _reading(event)
    return None


def _reading(event: UserUttered) -> dict[str, Any]:
    ranking = (event.parse_data or {}).get("intent_ranking") or []
    return {
        **_scored(event.intent),
        "ranking": [_scored(intent) for intent in ranking[:RANKED]],
        "entities": [{key: entity[key] for key in _ENTITY_KEYS if key in entity} for entity in event.entities],
    }


def _scored(intent: dict[str, Any]) -> dict[str, Any]:
    name = intent.get(FULL_RETRIEVAL_INTENT_NAME_KEY) or intent.get("name")
    return {"intent": name, "confidence": round(float(intent.get("confidence") or 0.0), 4)}
