"""The forms of the card services: which card is meant, and for unfreezing the code."""

from collections.abc import Sequence
from typing import ClassVar

from actions.card_choice import choose
from actions.conversation import Conversation
from actions.drafts import challenge, check_code, give_up
from actions.forms import BankForm, FormOver
from actions.session import ask
from actions.turn import FOUR_DIGITS, Turn
from banking.model import Card, Draft
from banking.port import DraftClosed, DraftExpired

NOT_FROZEN = {
    "active": "utter_card_not_frozen",
    "lost": "utter_card_lost_cannot_unfreeze",
    "inactive": "utter_card_not_activated",
}


class CardForm(BankForm):
    """Finds out which card is meant: at most one question, none when only one card is possible."""

    capability = "card"
    candidate_states: ClassVar[frozenset[str]]
    nothing_response: ClassVar[str]

    def recognises(self, turn: Turn, asked: str | None) -> bool:
        return asked == "card_choice" and bool(turn.tails() or FOUR_DIGITS.search(turn.text))

    def hear(self, talk: Conversation) -> None:
        if talk.turn.intent == "deny" and talk.asked != "card_choice":
            talk.say.say("utter_card_cancelled")
            talk.memory.set(card_choice=None)
            raise FormOver
        if not talk.turn.is_button:
            talk.memory.set(card_said=talk.turn.text)

    async def advance(self, talk: Conversation) -> str | None:
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        return self.find(talk, cards)

    def find(self, talk: Conversation, cards: Sequence[Card]) -> str | None:
        """Fill `card_choice` with ids. Returns the slot to ask for when it is not clear yet."""
        candidates = [card for card in cards if card.state in self.candidate_states]
        chosen, unknown = choose(talk, cards, candidates)
        if unknown:
            talk.say.say("utter_card_unknown", tail=unknown)
        if chosen:
            talk.memory.set(card_choice=[card.id for card in chosen])
            return None
        if not candidates:
            talk.say.say(self.nothing_response)
            raise FormOver
        talk.memory.set(card_choice=None)
        return "card_choice"


class ValidateFreezeCardForm(CardForm):
    """Which card to freeze."""

    own_intents = frozenset({"freeze_card"})
    candidate_states = frozenset({"active"})
    nothing_response = "utter_card_none_to_freeze"

    def name(self) -> str:
        return "validate_freeze_card_form"


class ValidateReportLostCardForm(CardForm):
    """Which card was lost."""

    own_intents = frozenset({"report_lost_card"})
    candidate_states = frozenset({"inactive", "active", "frozen"})
    nothing_response = "utter_card_none_to_report"

    def name(self) -> str:
        return "validate_report_lost_card_form"


class ValidateUnfreezeCardForm(CardForm):
    """Which card to unfreeze, and the code for it."""

    own_intents = frozenset({"unfreeze_card"})
    candidate_states = frozenset({"frozen"})
    nothing_response = "utter_card_none_frozen"

    def name(self) -> str:
        return "validate_unfreeze_card_form"

    async def advance(self, talk: Conversation) -> str | None:
        if talk.turn.code_result is not None and talk.memory["card_draft"]:
            return await check_code(talk, self.capability)
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        missing = self.find(talk, cards)
        if missing:
            return missing
        card = next(card for card in cards if card.id == talk.memory["card_choice"][0])
        if card.state in NOT_FROZEN:
            talk.say.say(NOT_FROZEN[card.state], cards=talk.say.card(card))
            raise FormOver
        return await self._authorise(talk, card)

    async def _authorise(self, talk: Conversation, card: Card) -> str | None:
        memory = talk.memory
        if memory["card_draft"] is None or memory["card_drafted"] != [card.id]:
            draft: Draft = await ask("draft_unfreeze", talk.session, card.id, replaces=memory["card_draft"])
            memory.set(card_draft=draft.id, card_drafted=[card.id], card_summary=draft.canonical_text)
        draft = await ask("draft", talk.session, memory["card_draft"])
        try:
            return await challenge(talk, self.capability, draft)
        except (DraftExpired, DraftClosed):
            await give_up(talk, self.capability)
            raise
