"""A swallowed card and a payment that is not the customer's: at most one question, then the ticket."""

from typing import ClassVar

from actions.at_once import carry_out, own_words
from actions.card import CardForm
from actions.card_actions import offer_to_resume
from actions.card_questions import AskCardChoice
from actions.conversation import Conversation
from actions.forms import BankAction, FormOver
from banking.care import DisputeTransaction, ReportSwallowedCard

AT_WORK = frozenset({"active", "frozen"})


class ReportForm(CardForm):
    """Which card it is about, and what the customer said of it. Visitors hear at once what they can do."""

    visitor_response: ClassVar[str]
    candidate_states = AT_WORK

    def hear(self, talk: Conversation) -> None:
        super().hear(talk)
        if talk.turn.intent in self.own_intents:
            talk.memory.set(card_report=own_words(talk))

    async def advance(self, talk: Conversation) -> str | None:
        if talk.visitor_session is None:
            talk.say.say(self.visitor_response)
            raise FormOver
        return await super().advance(talk)


class ValidateDisputeTransactionForm(ReportForm):
    """Which card was used by somebody else."""

    own_intents = frozenset({"dispute_transaction"})
    nothing_response = "utter_card_none_to_dispute"
    visitor_response = "utter_dispute_transaction_visitor"

    def name(self) -> str:
        return "validate_dispute_transaction_form"


class ValidateReportSwallowedCardForm(ReportForm):
    """Which card the machine kept."""

    own_intents = frozenset({"report_swallowed_card"})
    nothing_response = "utter_card_none_swallowed"
    visitor_response = "utter_report_swallowed_card_visitor"

    def name(self) -> str:
        return "validate_report_swallowed_card_form"


class ActionAskDisputeTransactionFormCardChoice(AskCardChoice):
    """哪张卡被盗刷了?"""

    question, states = "utter_card_ask_dispute", AT_WORK

    def name(self) -> str:
        return "action_ask_dispute_transaction_form_card_choice"


class ActionAskReportSwallowedCardFormCardChoice(AskCardChoice):
    """哪张卡被吞了?"""

    question, states, offers_all = "utter_card_ask_swallowed", AT_WORK, False

    def name(self) -> str:
        return "action_ask_report_swallowed_card_form_card_choice"


class ActionDisputeTransaction(BankAction):
    """Freezes the cards and opens a ticket for each, in one step of the core."""

    capability = "card"

    def name(self) -> str:
        return "action_dispute_transaction"

    async def serve(self, talk: Conversation) -> None:
        chosen, report = _taken(talk)
        for card_id in chosen:
            await carry_out(talk, DisputeTransaction(card_id, report))
        if chosen:
            offer_to_resume(talk)


class ActionReportSwallowedCard(BankAction):
    """Opens the ticket, and offers to freeze the card."""

    capability = "card"

    def name(self) -> str:
        return "action_report_swallowed_card"

    async def serve(self, talk: Conversation) -> None:
        chosen, _ = _taken(talk)
        for card_id in chosen:
            title = talk.say.phrase("phrase_card_freeze_now")
            freeze = {"title": title, "payload": f'/freeze_card{{"card_ref": "{card_id}"}}'}
            await carry_out(talk, ReportSwallowedCard(card_id), [freeze])
        if chosen:
            offer_to_resume(talk)


def _taken(talk: Conversation) -> tuple[list[str], str]:
    """What the form found out; it is forgotten."""
    chosen, report = talk.memory["card_choice"] or [], talk.memory["card_report"] or own_words(talk)
    talk.memory.forget("card_")
    return chosen, report
