"""A second service in the middle of a first: finish it, or leave it and do the other.

The policy predicts `action_offer_switch` in place of the other service's form (resuming_rule_policy.py,
`one_at_a_time`). What was said is kept in `service_next`; the button "do that" stands for it.
"""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import Conversation, Memory
from actions.replies import Button, Replies
from actions.session import ask
from banking.port import BankError

SERVICES = ("transfer", "card", "service")
"""Prefixes of the slots in which services keep what they know."""

KEPT_SLOTS = frozenset({"transfer_pending", "service_pending", "service_next"})


async def leave_others(talk: Conversation, prefix: str) -> None:
    """When the customer chose to leave a service for this one: cancel its draft, forget what it knew."""
    if talk.chose_to_switch:
        for other in SERVICES:
            if other != prefix:
                await _leave(talk, other)
        talk.memory.set(service_next=None)


async def _leave(talk: Conversation, prefix: str) -> None:
    draft_id = talk.memory[f"{prefix}_draft"]
    talk.memory.forget(f"{prefix}_", KEPT_SLOTS)
    if not draft_id:
        return
    try:
        await ask("cancel", talk.session, draft_id)
    except BankError:
        return  # it expires by itself and moves nothing


class ActionOfferSwitch(Action):
    """Asks which of the two is wanted, and keeps what was said about the second."""

    def name(self) -> str:
        return "action_offer_switch"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        message, memory = tracker.latest_message, Memory(tracker.slots)
        say = Replies(dispatcher, domain, "service", message)
        intent = str((message.get("intent") or {}).get("name"))
        now = _words(say, str((tracker.active_loop or {}).get("name")).removesuffix("_form"))
        other = _words(say, intent)
        memory.set(service_next={key: message.get(key) for key in ("text", "intent", "entities")})
        say.say("utter_service_switch", _buttons(say, intent, now, other), now=now, other=other)
        return memory.events()


def _buttons(say: Replies, intent: str, now: str, other: str) -> list[Button]:
    stay = {"title": say.phrase("phrase_service_stay", now=now), "payload": '/inform{"service_switch": "stay"}'}
    leave = {
        "title": say.phrase("phrase_service_leave", other=other),
        "payload": f'/{intent}{{"service_switch": "now"}}',
    }
    return [stay, leave]


def _words(say: Replies, intent: str) -> str:
    return say.phrase(f"phrase_reading_{intent}")
