"""Credit card services: what they have to know, and the orders they make."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.replies import Button, yuan
from actions.service_fields import AccountField, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from banking.credit_card import RepayCreditCard
from banking.model import Account, Credit


class RepaymentField(AmountField):
    """How much to pay back: an amount, the whole bill, or the minimum."""

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        credit = await _credit(talk, values)
        return {"all": credit.bill_fen, "minimum": credit.minimum_fen}.get(scope)

    def hear(self, turn: Any, asked: bool) -> Any | None:
        return {"scope": "minimum"} if "最低" in turn.text else super().hear(turn, asked)

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        credit = await _credit(talk, values)
        return [
            option(talk.say.phrase("phrase_repay_all", amount=yuan(credit.bill_fen)), "all"),
            option(talk.say.phrase("phrase_repay_minimum", amount=yuan(credit.minimum_fen)), "minimum"),
        ]


async def _credit(talk: Conversation, values: Values) -> Credit:
    accounts: tuple[Account, ...] = await ask("accounts", talk.session)
    return next(account.credit for account in accounts if account.id == values["account_id"] and account.credit)


class RepayCreditCardForm(ServiceForm):
    """还信用卡: the bill, the minimum or an amount, from a debit account."""

    capability = "credit_card"
    intent = "repay_credit_card"
    fields: ClassVar[tuple[Field, ...]] = (
        AccountField("account_id", ("credit_card",)),
        RepaymentField("amount_fen"),
        AccountField("from_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {"above_debt": "amount_fen"}

    def order(self, values: Values) -> RepayCreditCard:
        return RepayCreditCard(values["account_id"], values["from_account_id"], values["amount_fen"])
