"""What every service asks and how every service ends."""

import re

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import pending
from actions.conversation import Conversation
from actions.draft_panels import lines_of, order_to_confirm, order_unknown
from actions.field_form import FieldForm, services
from actions.forms import BankAction
from actions.replies import Replies
from actions.service_form import CONFIRM, SAFE
from actions.session import ask
from actions.switching import KEPT_SLOTS
from banking.model import Draft
from banking.port import BankError, OutcomeUnknown

AMOUNT = re.compile(r"¥[\d,]+(?:\.\d\d)?")
"""Amounts as the core writes them, for the English sentence beside its own text."""


class ActionAskServiceAnswer(Action):
    """The question of the active service: for a field, or whether the core's own text of the order is right."""

    def name(self) -> str:
        return "action_ask_service_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        service = services()[tracker.get_slot("service_intent")]
        talk = Conversation(tracker, Replies(dispatcher, domain, service.capability, tracker.latest_message))
        try:
            await self._ask(talk, service)
        except BankError as error:
            talk.say.error(error)
        return []

    async def _ask(self, talk: Conversation, service: FieldForm) -> None:
        memory = talk.memory
        if memory["service_asked"] == SAFE:
            own = f"utter_{service.intent}_ask_safe"
            talk.say.say(own if talk.say.knows(own) else "utter_service_ask_safe")
            return
        if memory["service_asked"] == CONFIRM:
            _ask_to_confirm(talk, service.intent)
            return
        field, values = service.field(memory["service_asked"]), memory["service_values"] or {}
        wording = await field.wording(talk, values)
        talk.say.say(service.question(field.name), await field.buttons(talk, values), **wording)


def _ask_to_confirm(talk: Conversation, intent: str) -> None:
    """Whether the core's own text and lines are right."""
    memory, own = talk.memory, f"utter_{intent}_confirm"
    summary, found = str(memory["service_summary"]), lines_of(memory["service_lines"])
    lines = pending.lines(talk.say, found)
    amounts = ", ".join(dict.fromkeys(AMOUNT.findall(summary + lines)))
    card = order_to_confirm(talk.say, intent, found, (memory["service_drafted"] or {}).get("amount_fen"))
    response = own if talk.say.knows(own) else "utter_service_confirm"
    talk.say.say(response, (), card, summary=summary, lines=lines, amounts=amounts)


class ActionFinishService(BankAction):
    """Confirms the order, and nothing but the order; says done, refused or unknown (design §3.3)."""

    capability = "service"

    def name(self) -> str:
        return "action_finish_service"

    async def serve(self, talk: Conversation) -> None:
        memory = talk.memory
        draft_id, ready, summary = memory["service_draft"], memory["service_ready"], str(memory["service_summary"])
        memory.forget("service_", KEPT_SLOTS)
        if not draft_id or not ready:
            return
        try:
            draft: Draft | None = await ask("confirm", talk.session, draft_id)
        except OutcomeUnknown as error:
            talk.say.error(error)
            draft = await pending.find_out(talk.session, draft_id)
        if draft is None:
            memory.set(service_pending=draft_id)
            talk.say.say("utter_service_still_unknown", (), order_unknown(talk.say, summary))
        else:
            pending.tell(talk, draft)
