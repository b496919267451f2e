"""Points and what they buy, and applying for a credit card."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.credit_card_fields import is_brief
from actions.forms import BankAction, FormOver
from actions.payees import place
from actions.replies import Button, full_day
from actions.service_answers import ChoiceField
from actions.service_fields import OPTION, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import Turn
from banking.credit_card import ApplyCreditCard, CardApplication, CardProduct, Points, RedeemPoints, Reward

REWARDS = ("annual_fee", "cash_back", "coffee", "phone_credit", "cup", "fryer", "gift_card", "cooker")
PRODUCTS = ("standard", "youth", "auto", "travel")


class RewardField(ChoiceField):
    """A reward of the core's catalogue, by name, place in the list or button."""

    def __init__(self) -> None:
        super().__init__("reward_id", "reward", REWARDS)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return turn.reference(OPTION) if asked else None
        said = self.said(turn)
        if said:
            return said[0]
        position = place(turn.text, len(REWARDS)) if asked else None
        return None if position is None else {"place": position}

    def claims(self, turn: Turn) -> bool:
        return super().claims(turn) or bool(is_brief(turn) and self.said(turn))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not isinstance(said, dict):
            return said
        offered = await self._offered(talk)
        return offered[said["place"]].id if said["place"] < len(offered) else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [
            option(talk.say.phrase("phrase_reward", reward=one.name, points=f"{one.points:,}"), one.id)
            for one in await self._offered(talk)
        ]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        points: Points = await ask("points", talk.session)
        return {"balance": f"{points.balance:,}"}

    async def _offered(self, talk: Conversation) -> list[Reward]:
        """What is there and can be paid for."""
        points: Points = await ask("points", talk.session)
        rewards: tuple[Reward, ...] = await ask("rewards", talk.session)
        return [one for one in rewards if one.in_stock and one.points <= points.balance]


class RedeemPointsForm(ServiceForm):
    """积分兑换."""

    capability = "credit_card"
    intent = "redeem_points"
    fields: ClassVar[tuple[Field, ...]] = (RewardField(),)
    mends: ClassVar[dict[str, str]] = {
        "reward_unknown": "reward_id",
        "sold_out": "reward_id",
        "points_short": "reward_id",
        "fee_waived": "reward_id",
        "nothing_to_credit": "reward_id",
    }

    def order(self, values: Values) -> RedeemPoints:
        return RedeemPoints(values["reward_id"])

    async def advance(self, talk: Conversation) -> str | None:
        points: Points = await ask("points", talk.session)
        if not points.balance:
            talk.say.say("utter_points_none")
            raise FormOver
        return await super().advance(talk)


class ActionCheckPoints(BankAction):
    """How many points, and until when."""

    capability = "credit_card"

    def name(self) -> str:
        return "action_check_points"

    async def serve(self, talk: Conversation) -> None:
        points: Points = await ask("points", talk.session)
        if not points.balance:
            talk.say.say("utter_points_none")
            return
        lots = [
            talk.say.phrase("phrase_points_lot", points=f"{lot.points:,}", expires=full_day(lot.expires_on))
            for lot in points.lots
        ]
        talk.say.say("utter_points", balance=f"{points.balance:,}", lots="".join(lots))


class ProductField(ChoiceField):
    """A credit card on offer."""

    def __init__(self) -> None:
        super().__init__("product_id", "card_product", PRODUCTS)

    def said(self, turn: Turn) -> tuple[str, str] | None:
        return ("travel", "白金") if "白金" in turn.text else super().said(turn)  # and no 金卡

    def claims(self, turn: Turn) -> bool:
        return super().claims(turn) or bool(is_brief(turn) and self.said(turn))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(one.name, one.id) for one in await _products(talk)]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        return {"rows": await _product_rows(talk)}


class ApplyCreditCardForm(ServiceForm):
    """申请信用卡: anybody may look, who is signed in can apply."""

    capability = "credit_card"
    intent = "apply_credit_card"
    fields: ClassVar[tuple[Field, ...]] = (ProductField(),)

    def order(self, values: Values) -> ApplyCreditCard:
        return ApplyCreditCard(values["product_id"])

    async def advance(self, talk: Conversation) -> str | None:
        if talk.visitor_session is None:
            talk.say.say("utter_card_products", rows=await _product_rows(talk))
            raise FormOver
        return await super().advance(talk)


class ActionCheckCardApplication(BankAction):
    """Where the applications stand."""

    capability = "credit_card"

    def name(self) -> str:
        return "action_check_card_application"

    async def serve(self, talk: Conversation) -> None:
        applications: tuple[CardApplication, ...] = await ask("card_applications", talk.session)
        if not applications:
            talk.say.say("utter_card_application_none")
        for one in applications:
            talk.say.say(
                "utter_card_application",
                product=one.product,
                application_no=one.application_no,
                applied=full_day(one.applied_on),
                progress=talk.say.phrase(f"phrase_card_application_{one.state}", answer_by=full_day(one.answer_by)),
            )


async def _products(talk: Conversation) -> tuple[CardProduct, ...]:
    found: tuple[CardProduct, ...] = await ask("card_products", talk.visitor_session)
    return found


async def _product_rows(talk: Conversation) -> str:
    rows = [
        talk.say.phrase(
            "phrase_card_product", product=one.name, suits=one.suits, benefits=one.benefits, annual_fee=one.annual_fee
        )
        for one in await _products(talk)
    ]
    return "\n".join(rows)
