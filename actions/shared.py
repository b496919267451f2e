"""Actions that every service shares: give up, say again, not understood."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import REQUESTED_SLOT, Memory
from actions.replies import Replies
from actions.session import ask, session_of
from actions.switching import KEPT_SLOTS, SERVICES
from actions.turn import Turn
from banking.port import BankError


class ActionCancelService(Action):
    """Ends the service at hand, whatever it is: its draft is cancelled at the core bank, its slots are cleared."""

    def name(self) -> str:
        return "action_cancel_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        memory = Memory(dict(tracker.slots))
        drafts = [memory[f"{prefix}_draft"] for prefix in SERVICES if memory[f"{prefix}_draft"]]
        for draft in drafts:
            await _cancel(tracker, draft)
        response = self._response(tracker, memory)
        for prefix in SERVICES:
            memory.forget(f"{prefix}_", KEPT_SLOTS)
        Replies(dispatcher, domain, "service").say(response)
        return [*memory.events(), ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]

    def _response(self, tracker: Tracker, memory: Memory) -> str:
        form = (tracker.active_loop or {}).get("name") or ""
        if form == "transfer_money_form" or memory["transfer_draft"] or memory["transfer_payee"]:
            return "utter_transfer_cancelled"
        if form.endswith("card_form") and not memory["service_intent"]:
            return "utter_card_cancelled"
        return "utter_service_cancelled" if form or memory["service_intent"] else "utter_nothing_to_cancel"


async def _cancel(tracker: Tracker, draft: str) -> None:
    """A draft that cannot be cancelled now expires by itself and moves nothing."""
    try:
        await ask("cancel", session_of(tracker.latest_message), draft)
    except BankError:
        return


class ActionRepeat(Action):
    """Says again what was said last; inside a form the form's own question comes back by itself."""

    def name(self) -> str:
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        if (tracker.active_loop or {}).get("name"):
            return []
        texts = _last_turn(tracker.events)
        if not texts:
            Replies(dispatcher, domain, "service").say("utter_nothing_to_repeat")
        for text in texts:
            dispatcher.utter_message(text=text)
        return []


def _last_turn(events: list[dict[str, Any]]) -> list[str]:
    """What the bot said between the last two messages of the customer."""
    texts: list[str] = []
    users = 0
    for event in reversed(events):
        if event.get("event") == "user":
            users += 1
            if users == 2:
                break
        elif event.get("event") == "bot" and users == 1 and event.get("text"):
            texts.insert(0, str(event["text"]))
    return texts


class ActionDefaultFallback(Action):
    """In place of Rasa's own, which would erase the customer's message from the conversation: nothing fits here."""

    def name(self) -> str:
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        turn = Turn(tracker.latest_message)
        say = Replies(dispatcher, domain, "service").say
        if turn.code_result is not None:
            say("utter_bank_code_not_awaited")
        elif turn.second_reading == "out_of_scope":  # a bare date or city nobody asked for: 「明天北京下雨吗」
            say("utter_out_of_scope")
        else:
            say("utter_default")
        return []
