"""Card services that are orders: new cards, PINs, use abroad, cash of a machine."""

from collections.abc import Sequence
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.service_answers import ChoiceField, SwitchField
from actions.service_fields import AmountField, CardField, Field, Values
from actions.service_form import ServiceForm
from actions.session import ask
from actions.story_fields import CORRECTION, AddressField, MachineField, WhenField
from actions.turn import Turn
from actions.words_form import WordsForm
from banking.card import ActivateCard, CardOrder, ChangePin, ReplaceCard, ResetPin, SetOverseasUse
from banking.care import DisputeAtmCash
from banking.model import Card

CAPABILITY = "card_service"


class KnownCardField(CardField):
    """A card, also the one that a button of ours brought along; without any candidate the service ends.

    `bare_tails`: in a correction (不对，是6789) four digits are a tail, as nothing else in the service is a number.
    """

    def __init__(
        self, states: Sequence[str], nothing: str = "utter_card_service_none", bare_tails: bool = True
    ) -> None:
        super().__init__("card_id", states=states)
        self._nothing, self._bare_tails = nothing, bare_tails

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        brought = turn.reference("card_ref")
        corrected = self._bare_tails and CORRECTION.match(turn.text) is not None
        return {"id": brought} if brought else super().hear(turn, asked or corrected)

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not await self.candidates(talk, values):
            talk.say.say(self._nothing)
            raise FormOver
        return await super().settle(talk, said, values)


class ReplacedCardField(KnownCardField):
    """The card to be replaced: a lost one before all others."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        lost = [card for card in await self.candidates(talk, values) if card.state == "lost"]
        if not said and len(lost) == 1:
            return lost[0].id
        return await super().settle(talk, said, values)


class ReasonField(ChoiceField):
    """Why a card is replaced; a card that is reported lost needs no asking."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        card = next(card for card in cards if card.id == values["card_id"])
        return "lost" if card.state == "lost" else said


class NewCardField(KnownCardField):
    """A card that is not activated, or in whose place a new one is on its way."""

    async def candidates(self, talk: Conversation, values: Values) -> list[Card]:
        cards: tuple[Card, ...] = await ask("cards", talk.session)
        orders: tuple[CardOrder, ...] = await ask("card_orders", talk.session)
        new = {order.card_id for order in orders if order.stage != "activated"}
        return [card for card in cards if card.state == "inactive" or card.id in new]


class FeatureField(ChoiceField):
    """Abroad or without the card; a button of ours may bring the answer along."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return super().hear(turn, asked or turn.reference("card_ref") is not None)


class OpenedField(SwitchField):
    """On or off; a button that brings the card along opens. 「不用了」 at the confirmation is no answer to it."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.intent == "deny" and not asked:
            return None
        return "on" if turn.reference("card_ref") is not None else super().hear(turn, asked)


class DifferenceField(AmountField):
    """How much is missing. Two amounts in one sentence (取两千只出了一千五) answer only the question for it."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        return None if len(turn.amounts()) > 1 and not asked else super().hear(turn, asked)


class ReplaceCardForm(WordsForm):
    """补卡换卡: which card, why, where to."""

    capability = CAPABILITY
    intent = "replace_card"
    fields: ClassVar[tuple[Field, ...]] = (
        ReplacedCardField(("active", "frozen", "lost")),
        ReasonField("reason", "replacement_reason", ("lost", "damaged")),
        AddressField("address", shortest=4, longest=100),
    )
    mends: ClassVar[dict[str, str]] = {"address_unclear": "address"}

    def order(self, values: Values) -> ReplaceCard:
        return ReplaceCard(values["card_id"], values["reason"], values["address"])


class ActivateCardForm(ServiceForm):
    """激活新卡."""

    capability = CAPABILITY
    intent = "activate_card"
    fields: ClassVar[tuple[Field, ...]] = (NewCardField((), "utter_activate_card_none"),)
    confirms = False

    def order(self, values: Values) -> ActivateCard:
        return ActivateCard(values["card_id"])


class ChangePinForm(ServiceForm):
    """改密码: a link, once the code is right."""

    capability = CAPABILITY
    intent = "change_pin"
    fields: ClassVar[tuple[Field, ...]] = (KnownCardField(("active", "frozen")),)
    confirms = False

    def order(self, values: Values) -> ChangePin:
        return ChangePin(values["card_id"])


class ResetPinForm(ServiceForm):
    """重置密码: a link, once the code is right."""

    capability = CAPABILITY
    intent = "reset_pin"
    fields: ClassVar[tuple[Field, ...]] = (KnownCardField(("active", "frozen")),)
    confirms = False

    def order(self, values: Values) -> ResetPin:
        return ResetPin(values["card_id"])


class SetOverseasUseForm(ServiceForm):
    """开关境外交易和无卡支付."""

    capability = CAPABILITY
    intent = "set_overseas_use"
    fields: ClassVar[tuple[Field, ...]] = (
        FeatureField("feature", "card_feature", ("cardless", "overseas")),
        OpenedField(),
        KnownCardField(("active", "frozen")),
    )

    def order(self, values: Values) -> SetOverseasUse:
        return SetOverseasUse(values["card_id"], values["feature"], values["on"])


class DisputeAtmCashForm(WordsForm):
    """取款机没吐钱: what happened, how much, which card, where and when."""

    capability = CAPABILITY
    intent = "dispute_atm_cash"
    fields: ClassVar[tuple[Field, ...]] = (
        ChoiceField("problem", "atm_problem", ("less_cash", "not_credited", "no_cash")),
        DifferenceField(),
        KnownCardField(("active", "frozen", "lost"), bare_tails=False),
        MachineField("machine", longest=60),
        WhenField("at", longest=40),
    )

    def order(self, values: Values) -> DisputeAtmCash:
        return DisputeAtmCash(
            values["card_id"], values["problem"], values["amount_fen"], values["machine"], values["at"]
        )
