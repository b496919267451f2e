"""Applying for a loan, and paying one back early."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.loan_terms import LoanAmountField, YearsField
from actions.offers import OfferField, OwnAccountField, PartField
from actions.replies import Button, yuan
from actions.service_answers import ChoiceField, choice_words
from actions.service_fields import OPTION, AccountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import UNSURE_INTENTS, Turn
from banking.loan import ApplyLoan, Loan, PrepayLoan

PRODUCTS = ("consumer", "car", "business", "mortgage")
EFFECTS = ("shorter_term", "lower_payment")
UNASKED = "投资"
"""A purpose that is understood and never offered: the core refuses it."""

LONGEST_PURPOSE = 30


class PurposeField(Field):
    """What the money is for: one of the usual purposes, or own words. Value: Chinese text."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return turn.reference(OPTION) if asked else None
        known = self._known(turn)
        if known:
            return turn.text[:LONGEST_PURPOSE] if known == UNASKED else known
        return turn.text.strip()[:LONGEST_PURPOSE] if asked and turn.intent in (*UNSURE_INTENTS, "inform") else None

    def _known(self, turn: Turn) -> str | None:
        found = ((purpose, word) for purpose, words in choice_words()["loan_purpose"].items() for word in words)
        return next((purpose for purpose, word in found if word in turn.text), None)

    def claims(self, turn: Turn) -> bool:
        return not turn.is_button and self.hear(turn, asked=True) is not None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(purpose, purpose) for purpose in choice_words()["loan_purpose"] if purpose != UNASKED]


class ApplyLoanForm(ServiceForm):
    """申请贷款: product, amount, term and purpose; a person calls."""

    capability = "loan"
    intent = "apply_loan"
    fields: ClassVar[tuple[Field, ...]] = (
        OfferField("product_code", "loan_product", PRODUCTS, "loan_products"),
        LoanAmountField("amount_fen"),
        YearsField("months"),
        PurposeField("purpose"),
    )
    mends: ClassVar[dict[str, str]] = {
        "no_such_product": "product_code",
        "below_minimum": "amount_fen",
        "above_maximum": "amount_fen",
        "term_too_long": "months",
        "purpose_forbidden": "purpose",
    }

    def order(self, values: Values) -> ApplyLoan:
        return ApplyLoan(values["product_code"], values["amount_fen"], values["months"], values["purpose"])


class PrepaidField(PartField):
    """How much principal; its question shows what is owed."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        wants_all = any(word in turn.text for word in choice_words()["prepay"]["all"])
        return {"scope": "all"} if wants_all and not turn.amounts() else super().hear(turn, asked)

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        loans: tuple[Loan, ...] = await ask("loans", talk.session)
        loan = next(loan for loan in loans if loan.account_id == values["account_id"])
        return {"name": loan.name, "principal": yuan(loan.principal_fen)}


class EffectField(ChoiceField):
    """Shorter term or lower payment; when all is paid there is nothing to choose."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "prepay_effect", EFFECTS)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None and values["amount_fen"] == await PrepaidField().whole(talk, values):
            return "shorter_term"
        return said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase(f"phrase_prepay_effect_{effect}"), effect) for effect in EFFECTS]


class PrepayLoanForm(ServiceForm):
    """提前还贷: all or a part of the principal, out of a debit account; the interest saved is in the core's lines."""

    capability = "loan"
    intent = "prepay_loan"
    fields: ClassVar[tuple[Field, ...]] = (
        OwnAccountField("account_id", "mortgage", "utter_loan_none"),
        PrepaidField("amount_fen"),
        EffectField("effect"),
        AccountField("from_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {"above_debt": "amount_fen", "below_minimum": "amount_fen"}

    def order(self, values: Values) -> PrepayLoan:
        return PrepayLoan(values["account_id"], values["from_account_id"], values["amount_fen"], values["effect"])
