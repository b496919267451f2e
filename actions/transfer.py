"""Transfers: from what the customer said to a draft that the core bank shows, confirms and carries out.

The bot never executes its slots. They only make a draft; the customer confirms the core's own text of that draft, a
one-time code is bound to it, and confirming names nothing but the draft (design §3.1).
"""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import pending
from actions.conversation import Conversation, Memory
from actions.draft_panels import lines_of, transfer_to_confirm, transfer_unknown
from actions.drafts import ACCEPTED, check_code, give_up
from actions.forms import BankAction, BankForm, FormOver
from actions.replies import Replies, yuan
from actions.session import ask
from actions.transfer_again import hear_again
from actions.transfer_draft import authorise, keep_draft
from actions.transfer_hearing import hear_decision, hear_details
from actions.transfer_understanding import understand
from actions.turn import Turn
from banking.model import Draft
from banking.port import BankRefused, BankUnavailable, OutcomeUnknown


class ValidateTransferMoneyForm(BankForm):
    """Hears details and decisions, keeps the draft in step with them, and asks for what is missing."""

    capability = "transfer"
    own_intents = frozenset({"transfer_money"})
    kept_slots = frozenset({"transfer_pending"})

    def name(self) -> str:
        return "validate_transfer_money_form"

    def recognises(self, turn: Turn, asked: str | None) -> bool:
        """An amount or a name is what it is, however strange the sentence around it."""
        if asked == "transfer_amount":
            return bool(turn.amounts() or turn.scope())
        if asked == "transfer_confirmed":
            return bool(turn.persons() and turn.amounts())  # 「确认,改成转900给妈妈」
        return asked == "transfer_payee" and bool(turn.persons() or turn.bare_name())

    def hear(self, talk: Conversation) -> None:
        try:
            if talk.turn.code_result is None:
                hear_decision(talk)
                hear_details(talk)
                hear_again(talk)
        except FormOver:
            talk.memory.set(transfer_confirmed=False)

    async def advance(self, talk: Conversation) -> str | None:
        await pending.settle(talk)
        if talk.memory["transfer_confirmed"] is False:
            await give_up(talk, "transfer")
            talk.say.say("utter_transfer_cancelled")
            raise FormOver
        if talk.turn.code_result is not None and talk.memory["transfer_draft"]:
            return await check_code(talk, "transfer")
        missing = await understand(talk)
        return missing or await keep_draft(talk) or await authorise(talk)


class ActionAskTransferMoneyFormTransferPayee(Action):
    """Asks for the payee, or which of several is meant."""

    def name(self) -> str:
        return "action_ask_transfer_money_form_transfer_payee"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say = Replies(dispatcher, domain, "transfer", tracker.latest_message)
        choices = tracker.get_slot("transfer_payee_choices")
        if not choices:
            say.say("utter_transfer_ask_payee")
            return []
        titles = [say.phrase("phrase_transfer_payee_choice", **choice) for choice in choices]
        payloads = [f'/inform{{"payee_ref": "{choice["id"]}"}}' for choice in choices]
        buttons = [{"title": title, "payload": payload} for title, payload in zip(titles, payloads, strict=True)]
        if "heard" in choices[0]:
            say.say("utter_transfer_payee_sounds_like", buttons, names="、".join(titles))
        else:
            say.say("utter_transfer_choose_payee", buttons, count=len(choices), name=choices[0]["name"])
        return []


class ActionAskTransferMoneyFormTransferAccount(Action):
    """Asks which account pays."""

    def name(self) -> str:
        return "action_ask_transfer_money_form_transfer_account"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say = Replies(dispatcher, domain, "transfer", tracker.latest_message)
        buttons = [
            {
                "title": say.phrase("phrase_transfer_account_choice", **choice),
                "payload": f'/inform{{"account_ref": "{choice["id"]}"}}',
            }
            for choice in tracker.get_slot("transfer_account_choices") or []
        ]
        say.say("utter_transfer_ask_account", buttons)
        return []


class ActionAskTransferMoneyFormTransferConfirmed(Action):
    """Shows the core's own text of the draft and asks whether it is right."""

    def name(self) -> str:
        return "action_ask_transfer_money_form_transfer_confirmed"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say, memory = Replies(dispatcher, domain, "transfer", tracker.latest_message), Memory(dict(tracker.slots))
        card = transfer_to_confirm(say, lines_of(memory["transfer_rows"]), memory["transfer_amount"])
        summary = memory["transfer_summary"]
        say.say("utter_ask_transfer_money_form_transfer_confirmed", (), card, transfer_summary=summary)
        return []


class ActionTransferMoney(BankAction):
    """Confirms the authorised draft, and nothing but the draft; says done, refused or unknown (design §3.3)."""

    capability = "transfer"

    def name(self) -> str:
        return "action_transfer_money"

    async def serve(self, talk: Conversation) -> None:
        draft_id, authorised = talk.memory["transfer_draft"], talk.memory["transfer_code"] == ACCEPTED
        if not draft_id or not authorised:
            return
        try:
            draft: Draft = await ask("confirm", talk.session, draft_id)
        except BankUnavailable as error:
            talk.memory.set(
                transfer_confirmed=None, transfer_code=None
            )  # the draft waits: shown and confirmed again, then carried out
            talk.say.error(error)
            return
        except OutcomeUnknown:
            await self._find_out(talk, draft_id)
        except BankRefused as refusal:
            await self._refuse(talk, draft_id, refusal)
        else:
            pending.tell(talk, draft)
        talk.memory.forget("transfer_", frozenset({"transfer_pending"}))

    async def _find_out(self, talk: Conversation, draft_id: str) -> None:
        talk.say.say("utter_transfer_unknown")
        draft = await pending.find_out(talk.session, draft_id)
        if draft is None:
            talk.memory.set(transfer_pending=draft_id)
            card = transfer_unknown(talk.say, lines_of(talk.memory["transfer_rows"]), talk.memory["transfer_amount"])
            talk.say.say("utter_transfer_still_unknown", (), card)
        else:
            pending.tell(talk, draft)

    async def _refuse(self, talk: Conversation, draft_id: str, refusal: BankRefused) -> None:
        draft: Draft = await ask("draft", talk.session, draft_id)
        details = draft.transfer
        talk.say.error(
            refusal,
            amount=yuan(details.amount_fen) if details else "",
            tail=details.from_account.tail if details else "",
        )
