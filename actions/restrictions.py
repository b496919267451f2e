"""Why an account is restricted or money on it is held: the reason, what still works, what to bring."""

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.replies import full_day, yuan
from actions.session import ask, gather
from actions.words import says
from banking.account import AccountRestriction, Hold, Restrictions
from banking.model import Account, Card, Limits


class ActionExplainAccountRestriction(BankAction):
    """All that keeps the customer from using accounts, money and cards; else that nothing does, with the limits."""

    capability = "account"

    def name(self) -> str:
        return "action_explain_account_restriction"

    async def serve(self, talk: Conversation) -> None:
        session = talk.session
        found: Restrictions
        found, accounts, cards = await gather(
            ask("restrictions", session), ask("accounts", session), ask("cards", session)
        )
        names = {account.id: _name(talk, account) for account in accounts}
        for restriction in found.restrictions:
            self._restricted(talk, restriction, names[restriction.account_id])
        for hold in found.holds:
            self._held(talk, hold, names[hold.account_id])
        stopped = [card for card in cards if card.state != "active"]
        for card in stopped:
            self._stopped(talk, card)
        if says("limited", talk.turn.text):
            self._second_class(talk, accounts)
        if not (found.restrictions or found.holds or stopped):
            limits: Limits = await ask("limits", session)
            talk.say.say(
                "utter_account_not_restricted", daily=yuan(limits.daily_fen), left=yuan(limits.remaining_today_fen)
            )

    def _restricted(self, talk: Conversation, restriction: AccountRestriction, name: str) -> None:
        talk.say.say(
            "utter_account_restricted_because",
            name=name,
            reason=restriction.reason,
            works="；".join(restriction.works),
            bring="、".join(restriction.bring),
        )

    def _held(self, talk: Conversation, hold: Hold, name: str) -> None:
        talk.say.say(
            "utter_account_held",
            name=name,
            amount=yuan(hold.amount_fen),
            reason=hold.reason,
            last_day=full_day(hold.last_day),
        )

    def _stopped(self, talk: Conversation, card: Card) -> None:
        talk.say.say(f"utter_account_card_{card.state}", card=talk.say.card(card))

    def _second_class(self, talk: Conversation, accounts: tuple[Account, ...]) -> None:
        """Accounts of class II have limits of their own, by law."""
        for account in accounts:
            if account.account_class == "II":
                talk.say.say("utter_account_second_class", name=_name(talk, account))


def _name(talk: Conversation, account: Account) -> str:
    return account.name + (talk.say.phrase("phrase_account_tail", tail=account.tail) if account.tail else "")
