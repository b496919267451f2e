"""Credit card services: what they have to know, and the orders they make."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.credit_card_fields import (
    AutopayAccountField,
    AutopayShareField,
    BillDayField,
    CreditCardField,
    LimitField,
    LimitTermField,
    PayingField,
    RepaymentField,
)
from actions.credit_card_instalments import InstalmentAmountField, PeriodsField
from actions.replies import Button
from actions.service_answers import said_choice
from actions.service_fields import OPTION, Field, Values, option
from actions.service_form import ServiceForm
from actions.turn import Turn
from banking.credit_card import (
    CancelCreditCard,
    ChangeBillDate,
    ConvertInstalment,
    RaiseCreditLimit,
    RepayCreditCard,
    SetAutopay,
)


class RepayCreditCardForm(ServiceForm):
    """还信用卡: the bill, the minimum or an amount, from a debit account."""

    capability = "credit_card"
    intent = "repay_credit_card"
    fields: ClassVar[tuple[Field, ...]] = (
        CreditCardField(),
        RepaymentField("amount_fen"),
        PayingField(),
    )
    mends: ClassVar[dict[str, str]] = {"above_debt": "amount_fen"}

    def order(self, values: Values) -> RepayCreditCard:
        return RepayCreditCard(values["account_id"], values["from_account_id"], values["amount_fen"])


class RaiseCreditLimitForm(ServiceForm):
    """提额: for good or for a while."""

    capability = "credit_card"
    intent = "raise_credit_limit"
    fields: ClassVar[tuple[Field, ...]] = (CreditCardField(), LimitTermField(), LimitField())
    mends: ClassVar[dict[str, str]] = {
        "limit_step": "limit_fen",
        "limit_not_higher": "limit_fen",
        "limit_above_offer": "limit_fen",
    }

    def order(self, values: Values) -> RaiseCreditLimit:
        return RaiseCreditLimit(values["account_id"], values["term"], values["limit_fen"])


class ConvertInstalmentForm(ServiceForm):
    """账单分期: the bill or a part of it."""

    capability = "credit_card"
    intent = "convert_installment"
    fields: ClassVar[tuple[Field, ...]] = (CreditCardField(), InstalmentAmountField(), PeriodsField())
    mends: ClassVar[dict[str, str]] = {"above_bill": "amount_fen", "below_instalment": "amount_fen"}

    def order(self, values: Values) -> ConvertInstalment:
        return ConvertInstalment(values["account_id"], values["amount_fen"], values["periods"])


class ChangeBillDateForm(ServiceForm):
    """改账单日."""

    capability = "credit_card"
    intent = "change_bill_date"
    fields: ClassVar[tuple[Field, ...]] = (CreditCardField(), BillDayField("bill_day"))
    mends: ClassVar[dict[str, str]] = {"same_bill_day": "bill_day"}

    def order(self, values: Values) -> ChangeBillDate:
        return ChangeBillDate(values["account_id"], values["bill_day"])


class SetAutopayForm(ServiceForm):
    """自动还款: set, changed, ended."""

    capability = "credit_card"
    intent = "set_autopay"
    fields: ClassVar[tuple[Field, ...]] = (CreditCardField(), AutopayShareField(), AutopayAccountField())

    def order(self, values: Values) -> SetAutopay:
        return SetAutopay(values["account_id"], values["share"], values["from_account_id"] or None)


class ForfeitPointsField(Field):
    """Whether points that are left may go; asked only when the core says that there are some. Value: a boolean."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return True if asked and turn.reference(OPTION) == "forfeit" else None
        said = said_choice(turn, "points", ("forfeit",))
        return True if said or (asked and turn.intent == "affirm") else None

    def piece(self, turn: Turn) -> str:
        said = said_choice(turn, "points", ("forfeit",))
        return said[1] if said else turn.text

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return bool(said)

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase("phrase_points_forfeit"), "forfeit")]


class CancelCreditCardForm(ServiceForm):
    """注销信用卡: the reasons against it, or a request that a person carries out."""

    capability = "credit_card"
    intent = "cancel_credit_card"
    fields: ClassVar[tuple[Field, ...]] = (CreditCardField(), ForfeitPointsField("forfeit_points"))
    mends: ClassVar[dict[str, str]] = {"points_left": "forfeit_points"}

    def order(self, values: Values) -> CancelCreditCard:
        return CancelCreditCard(values["account_id"], values["forfeit_points"])
