"""What is done to a card once it is known which.

Freeze, loss report, unfreeze, each with its effect in the core bank.
"""

import uuid
from typing import Any

from actions import pending
from actions.conversation import Conversation
from actions.drafts import ACCEPTED
from actions.forms import BankAction
from actions.session import ask
from banking.model import Card, CardChange, Draft, LossReport
from banking.port import BankError, BankUnavailable, CardStateConflict, OutcomeUnknown

CANNOT_FREEZE = {"lost": "utter_card_already_lost", "inactive": "utter_card_not_activated"}


class ActionFreezeCard(BankAction):
    """Freezes the chosen cards at once."""

    capability = "card"

    def name(self) -> str:
        return "action_freeze_card"

    async def serve(self, talk: Conversation) -> None:
        chosen: list[str] = talk.memory["card_choice"] or []
        talk.memory.forget("card_")
        for card_id in chosen:
            await self._freeze(talk, card_id)
        if chosen:
            offer_to_resume(talk)

    async def _freeze(self, talk: Conversation, card_id: str) -> None:
        try:
            change: CardChange = await _surely(talk, "freeze_card", card_id)
        except CardStateConflict as conflict:
            talk.say.say(CANNOT_FREEZE[conflict.state], cards=talk.say.card(await _card(talk, card_id)))
        except (BankUnavailable, OutcomeUnknown) as error:
            if not await _is_so_already(talk, error, card_id, "frozen", "utter_card_frozen"):
                _offer_retry(talk, error, "freeze_card", card_id)
        else:
            response = "utter_card_frozen" if change.changed else "utter_card_already_frozen"
            talk.say.say(response, cards=talk.say.card(change.card))


class ActionReportLostCard(BankAction):
    """Reports the chosen cards lost at once."""

    capability = "card"

    def name(self) -> str:
        return "action_report_lost_card"

    async def serve(self, talk: Conversation) -> None:
        chosen: list[str] = talk.memory["card_choice"] or []
        talk.memory.forget("card_")
        for card_id in chosen:
            await self._report(talk, card_id)
        if chosen:
            offer_to_resume(talk)

    async def _report(self, talk: Conversation, card_id: str) -> None:
        try:
            report: LossReport = await _surely(talk, "report_card_lost", card_id)
        except (BankUnavailable, OutcomeUnknown) as error:
            if not await _is_so_already(talk, error, card_id, "lost", "utter_card_lost_without_number"):
                _offer_retry(talk, error, "report_lost_card", card_id)
        else:
            talk.say.say("utter_card_reported_lost", cards=talk.say.card(report.card), report_no=report.report_no)


class ActionUnfreezeCard(BankAction):
    """Confirms the authorised draft of an unfreeze."""

    capability = "card"

    def name(self) -> str:
        return "action_unfreeze_card"

    async def serve(self, talk: Conversation) -> None:
        draft_id, authorised = talk.memory["card_draft"], talk.memory["card_code"] == ACCEPTED
        if not draft_id or not authorised:
            return
        talk.memory.forget("card_")
        try:
            draft: Draft | None = await ask("confirm", talk.session, draft_id)
        except OutcomeUnknown as error:
            talk.say.error(error)
            draft = await pending.find_out(talk.session, draft_id)
        if draft is None:
            talk.say.say("utter_card_still_unknown")
        elif draft.state == "DONE" and draft.card is not None:
            talk.say.say("utter_card_unfrozen", cards=talk.say.card(draft.card))


async def _surely(talk: Conversation, method: str, card_id: str) -> Any:
    """Call an effect; when its answer is lost, say so and repeat it under the same key, which does it at most once."""
    key = uuid.uuid4().hex
    try:
        return await ask(method, talk.session, card_id, key)
    except OutcomeUnknown as error:
        talk.say.error(error)
    return await ask(method, talk.session, card_id, key)


async def _card(talk: Conversation, card_id: str) -> Card:
    cards: tuple[Card, ...] = await ask("cards", talk.session)
    return next(card for card in cards if card.id == card_id)


async def _is_so_already(talk: Conversation, error: BankError, card_id: str, state: str, response: str) -> bool:
    """After a lost answer: look at the card itself, and say so when it is in the wanted state."""
    if not isinstance(error, OutcomeUnknown):
        return False
    try:
        card = await _card(talk, card_id)
    except BankError:
        return False
    if card.state != state:
        return False
    talk.say.say(response, cards=talk.say.card(card))
    return True


def _offer_retry(talk: Conversation, error: BankError, intent: str, card_id: str) -> None:
    """Not done, or still not known.

    One tap tries again, which is harmless for a card that is frozen or lost already.
    """
    response = "utter_card_still_unknown" if isinstance(error, OutcomeUnknown) else "utter_card_unavailable"
    payload = f'/{intent}{{"card_ref": "{card_id}"}}'
    talk.say.say(response, [{"title": talk.say.phrase("phrase_card_retry"), "payload": payload}])


def offer_to_resume(talk: Conversation) -> None:
    """A transfer or service that was interrupted by this urgent one is not forgotten."""
    intent = talk.memory["service_intent"]
    if talk.memory["transfer_payee"] or talk.memory["transfer_amount"]:
        talk.say.say("utter_service_waiting")
    elif intent:
        now = talk.say.phrase(f"phrase_reading_{intent}")
        go_on = {"title": talk.say.phrase("phrase_service_stay", now=now), "payload": f"/{intent}"}
        drop = {"title": talk.say.phrase("phrase_service_drop"), "payload": "/cancel"}
        talk.say.say("utter_service_other_waiting", [go_on, drop], now=now)
