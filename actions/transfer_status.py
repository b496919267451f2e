"""Questions about transfers: how the latest one stands, the address book, the limits."""

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.replies import day, yuan
from actions.session import ask
from banking.model import Draft, Limits, Payee


class ActionCheckTransferStatus(BankAction):
    """How the latest transfer stands."""

    capability = "transfer"

    def name(self) -> str:
        return "action_check_transfer_status"

    async def serve(self, talk: Conversation) -> None:
        told = {"DONE": "done", "REVIEW": "review", "REJECTED": "rejected"}
        drafts: tuple[Draft, ...] = await ask("drafts", talk.session, kind="transfer", limit=20)
        latest = next((draft for draft in drafts if draft.state in told and draft.transfer), None)
        if latest is None or latest.transfer is None:
            talk.say.say("utter_transfer_status_none")
            return
        moment = latest.result.posted_at if latest.result else latest.created_at
        receipt_no = latest.result.receipt_no if latest.result else ""
        values = talk.say.transfer_values(latest.transfer)
        talk.say.say(f"utter_transfer_status_{told[latest.state]}", day=day(moment), receipt_no=receipt_no, **values)


class ActionListPayees(BankAction):
    """The customer's address book."""

    capability = "transfer"

    def name(self) -> str:
        return "action_list_payees"

    async def serve(self, talk: Conversation) -> None:
        payees: tuple[Payee, ...] = await ask("payees", talk.session)
        if not payees:
            talk.say.say("utter_transfer_no_payees")
            return
        rows = "\n".join(_row(talk, payee) for payee in payees)
        talk.say.say("utter_transfer_payees", count=len(payees), rows=rows)


def _row(talk: Conversation, payee: Payee) -> str:
    name = "phrase_transfer_payee_row_alias" if payee.alias else "phrase_transfer_payee_row"
    return talk.say.phrase(name, name=payee.name, alias=payee.alias, bank=payee.bank, tail=payee.tail)


class ActionCheckTransferLimit(BankAction):
    """Limits and what is left of them today."""

    capability = "transfer"

    def name(self) -> str:
        return "action_check_transfer_limit"

    async def serve(self, talk: Conversation) -> None:
        limits: Limits = await ask("limits", talk.session)
        talk.say.say(
            "utter_transfer_limits",
            daily=yuan(limits.daily_fen),
            used=yuan(limits.used_today_fen),
            remaining=yuan(limits.remaining_today_fen),
            single_review=yuan(limits.single_review_fen),
        )
