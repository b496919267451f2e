"""The question "which card?", with a button for each card that is possible."""

from abc import ABC, abstractmethod
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.card_choice import ALL
from actions.conversation import Conversation
from actions.replies import Replies
from actions.session import ask
from banking.model import Card
from banking.port import BankError


class AskCardChoice(Action, ABC):
    """Subclasses name the question and the states in which a card is offered."""

    question: ClassVar[str]
    states: ClassVar[frozenset[str]]
    offers_all: ClassVar[bool] = True

    @abstractmethod
    def name(self) -> str:
        """The name that Rasa derives from form and slot."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say = Replies(dispatcher, domain, "card", tracker.latest_message)
        try:
            talk = Conversation(tracker, say)
            cards: tuple[Card, ...] = await ask("cards", talk.session)
        except BankError as error:
            say.error(error)
            return []
        possible = [card for card in cards if card.state in self.states]
        buttons = [{"title": say.card(card), "payload": f'/inform{{"card_ref": "{card.id}"}}'} for card in possible]
        if self.offers_all and len(possible) > 1:
            buttons.append(
                {"title": say.phrase("phrase_card_choice_all"), "payload": f'/inform{{"card_ref": "{ALL}"}}'}
            )
        say.say(self.question, buttons)
        return []


class ActionAskFreezeCardFormCardChoice(AskCardChoice):
    """要冻结哪张卡?"""

    question, states = "utter_card_ask_freeze", frozenset({"active"})

    def name(self) -> str:
        return "action_ask_freeze_card_form_card_choice"


class ActionAskReportLostCardFormCardChoice(AskCardChoice):
    """要挂失哪张卡?"""

    question, states = "utter_card_ask_loss", frozenset({"inactive", "active", "frozen"})

    def name(self) -> str:
        return "action_ask_report_lost_card_form_card_choice"


class ActionAskUnfreezeCardFormCardChoice(AskCardChoice):
    """要解冻哪张卡?"""

    question, states, offers_all = "utter_card_ask_unfreeze", frozenset({"frozen"}), False

    def name(self) -> str:
        return "action_ask_unfreeze_card_form_card_choice"
