"""Buying and redeeming wealth products."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.offers import OfferField, PartField
from actions.replies import Button, yuan
from actions.service_answers import ChoiceField
from actions.service_fields import AccountField, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import Turn
from banking.model import Draft
from banking.wealth import BuyWealth, Holding, RedeemWealth, RiskResult

PRODUCTS = ("RRY", "WX90", "WX365", "JHYX", "CZHH", "KCGP")


class SuitableProductField(OfferField):
    """A product to buy. Only what suits the customer is offered; who was not assessed is asked to do that first."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "wealth_product", PRODUCTS, "wealth_products")

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        # The button of a product in a list starts the service, before anything was asked.
        return super().hear(turn, asked or (turn.is_button and turn.intent == "buy_wealth"))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        await self._result(talk)
        return said

    async def offers(self, talk: Conversation) -> list[Any]:
        level = (await self._result(talk)).level
        return [product for product in await super().offers(talk) if product.risk <= level]

    async def _result(self, talk: Conversation) -> RiskResult:
        result: RiskResult | None = (await ask("risk_profile", talk.session)).result
        if result is None or not result.valid:
            talk.say.say("utter_wealth_assess_first")
            raise FormOver
        return result


class BuyWealthForm(ServiceForm):
    """买理财: a suitable product, an amount, a debit account.

    Its confirmation asks whether the customer knows the risk and decides freely; the yes to it answers the question
    that the core asks about products from R3 on.
    """

    capability = "wealth"
    intent = "buy_wealth"
    fields: ClassVar[tuple[Field, ...]] = (
        SuitableProductField("product_code"),
        AmountField("amount_fen"),
        AccountField("from_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {
        "no_such_product": "product_code",
        "above_risk_level": "product_code",
        "below_minimum": "amount_fen",
    }

    def order(self, values: Values) -> BuyWealth:
        return BuyWealth(values["product_code"], values["from_account_id"], values["amount_fen"])

    async def _authorise(self, talk: Conversation) -> str | None:
        draft: Draft = await ask("draft", talk.session, talk.memory["service_draft"])
        if draft.risk_question_open:
            await ask("answer_risk", talk.session, draft.id, suspicious=False)
        return await super()._authorise(talk)


class HoldingField(ChoiceField):
    """A holding, by the name of its product or by button; the only one is taken unasked. Value: its id."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "wealth_product", PRODUCTS)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return turn.reference("service_option") if asked else None
        return super().hear(turn, asked=False)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        held = await self._held(talk)
        meant = [holding for holding in held if said in (holding.id, holding.product_code)]
        candidates = meant or held
        return candidates[0].id if len(candidates) == 1 else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [
            option(
                talk.say.phrase("phrase_wealth_held", name=holding.product_name, value=yuan(holding.value_fen)),
                holding.id,
            )
            for holding in await self._held(talk)
        ]

    async def _held(self, talk: Conversation) -> tuple[Holding, ...]:
        held: tuple[Holding, ...] = await ask("holdings", talk.session)
        if not held:
            talk.say.say("utter_wealth_no_holdings")
            raise FormOver
        return held


class RedeemedField(PartField):
    """How much of the holding, at today's value."""

    async def whole(self, talk: Conversation, values: Values) -> int:
        held: tuple[Holding, ...] = await ask("holdings", talk.session)
        return next(holding.value_fen for holding in held if holding.id == values["holding_id"])


class RedeemWealthForm(ServiceForm):
    """赎回理财: all or a part of a holding, to a debit account."""

    capability = "wealth"
    intent = "redeem_wealth"
    fields: ClassVar[tuple[Field, ...]] = (
        HoldingField("holding_id"),
        RedeemedField("amount_fen"),
        AccountField("to_account_id"),
    )
    mends: ClassVar[dict[str, str]] = {"above_holding": "amount_fen", "whole_only": "amount_fen"}

    def order(self, values: Values) -> RedeemWealth:
        return RedeemWealth(values["holding_id"], values["to_account_id"], values["amount_fen"])
