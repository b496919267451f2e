"""People and reports in one turn: a person, a scam, a stolen identity; complaints, feedback, suspicious messages."""

import uuid
from typing import ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.at_once import carry_out, own_words
from actions.conversation import REQUESTED_SLOT, Conversation
from actions.drafts import give_up
from actions.forms import BankAction, FormOver
from actions.service_fields import Field, Values
from actions.session import ask
from actions.story_fields import StoryField
from actions.switching import KEPT_SLOTS, SERVICES
from actions.words_form import WordsForm
from banking.care import (
    FileComplaint,
    GiveFeedback,
    ReportIdentityTheft,
    ReportPhishing,
    ReportScam,
    RequestHuman,
    Ticket,
)


class ActionRequestHuman(BankAction):
    """A person at once where the channel has a desk; else a call back for a customer, the hotline for everybody."""

    capability = "care"

    def name(self) -> str:
        return "action_request_human"

    async def serve(self, talk: Conversation) -> None:
        if talk.at_a_desk:
            talk.say.hand_over()
        elif talk.visitor_session is None:
            talk.say.say("utter_request_human_visitor")
        else:
            await carry_out(talk, RequestHuman(own_words(talk)))


class ActionReportScam(BankAction):
    """Stops whatever is under way, says what to do now, and has the fraud desk call back."""

    capability = "care"

    def name(self) -> str:
        return "action_report_scam"

    async def serve(self, talk: Conversation) -> None:
        talk.say.say("utter_report_scam")
        for prefix in SERVICES:
            if talk.memory[f"{prefix}_draft"]:
                await give_up(talk, prefix)
                talk.say.say("utter_report_scam_stopped")
            talk.memory.forget(f"{prefix}_", KEPT_SLOTS)
        if talk.visitor_session is None:
            talk.say.say("utter_report_scam_visitor")
        else:
            await carry_out(talk, ReportScam(own_words(talk)))

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """As every action, and no form goes on after it."""
        events = await super().run(dispatcher, tracker, domain)
        return [*events, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


class ActionReportIdentityTheft(BankAction):
    """What to do, and a specialist calls back."""

    capability = "care"

    def name(self) -> str:
        return "action_report_identity_theft"

    async def serve(self, talk: Conversation) -> None:
        talk.say.say("utter_report_identity_theft")
        if talk.visitor_session is None:
            talk.say.say("utter_report_identity_theft_visitor")
        else:
            await carry_out(talk, ReportIdentityTheft(own_words(talk)))


class MessageForm(WordsForm):
    """Words for the bank. A customer's become an order; a visitor's a ticket without a name."""

    capability = "care"

    async def advance(self, talk: Conversation) -> str | None:
        if talk.visitor_session is not None:
            return await super().advance(talk)
        memory = talk.memory
        if memory["service_confirmed"] is False:
            talk.say.say("utter_service_cancelled")
            raise FormOver
        missing = await self._settle(talk)
        if missing:
            return self._ask_for(talk, missing)
        if not memory["service_request"]:
            memory.set(service_request=uuid.uuid4().hex)
        text, key = memory["service_values"]["text"], memory["service_request"]
        left: Ticket = await ask("leave_ticket", None, self.intent, text, key)
        talk.say.say("utter_visitor_ticket", title=left.title, ticket_no=left.ticket_no)
        raise FormOver


class FileComplaintForm(MessageForm):
    """投诉."""

    intent = "file_complaint"
    fields: ClassVar[tuple[Field, ...]] = (StoryField("text", "file_complaint"),)

    def order(self, values: Values) -> FileComplaint:
        return FileComplaint(values["text"])


class GiveFeedbackForm(MessageForm):
    """表扬和建议."""

    intent = "give_feedback"
    fields: ClassVar[tuple[Field, ...]] = (StoryField("text", "give_feedback"),)

    def order(self, values: Values) -> GiveFeedback:
        return GiveFeedback(values["text"])


class ReportPhishingForm(MessageForm):
    """可疑短信、链接、电话."""

    intent = "report_phishing"
    fields: ClassVar[tuple[Field, ...]] = (StoryField("text", "report_phishing"),)

    def order(self, values: Values) -> ReportPhishing:
        return ReportPhishing(values["text"])
