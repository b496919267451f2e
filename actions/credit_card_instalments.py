"""What paying a bill in instalments has to know: how much of it, in how many periods, and what that costs."""

import re
from decimal import Decimal
from typing import Any

from actions.conversation import Conversation
from actions.credit_card_fields import NUMERAL, credit_card, is_brief
from actions.replies import Button, yuan
from actions.service_answers import TermField
from actions.service_fields import AmountField, Values, option
from actions.session import ask
from actions.turn import Turn
from banking.credit_card import InstalmentOffer
from chinese.numbers import read_numeral

PERIODS = (3, 6, 12, 24)
LEAST_INSTALMENT_FEN = 500_00
IN_PERIODS = re.compile(NUMERAL + r"\s*(?:期|个月)")
BEFORE_SPLIT = re.compile(r"(\d{3,7}(?:\.\d{1,2})?)(?=分)")


class InstalmentAmountField(AmountField):
    """What of the bill to pay in instalments: all that is left of it unless something else is said."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        heard = super().hear(turn, asked)
        if heard is None or (not asked and "unclear" in heard):
            written = BEFORE_SPLIT.search(turn.text)
            return {"fen": int(Decimal(written.group(1)) * 100)} if written else None
        return heard

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said:
            return await super().settle(talk, said, values)
        return (await credit_card(talk, values)).bill.left_fen or 1  # with nothing left the core says why

    async def share(self, talk: Conversation, scope: str, values: Values) -> int | None:
        left_fen = (await credit_card(talk, values)).bill.left_fen
        return left_fen if scope == "all" else int(left_fen * Decimal(scope))

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        left_fen = (await credit_card(talk, values)).bill.left_fen
        return [option(talk.say.phrase("phrase_repay_all", amount=yuan(left_fen)), left_fen)]


class PeriodsField(TermField):
    """The number of periods, with what each costs."""

    def __init__(self) -> None:
        super().__init__("periods", PERIODS)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        written = IN_PERIODS.search(turn.text)
        numeral = read_numeral(written.group(1)) if written else None
        return int(numeral.value) if numeral else super().hear(turn, asked)

    def claims(self, turn: Turn) -> bool:
        return super().claims(turn) or bool(is_brief(turn) and IN_PERIODS.search(turn.text))

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        card = await credit_card(talk, values)
        if card.bill.converted_fen or card.bill.left_fen < LEAST_INSTALMENT_FEN:
            return PERIODS[0]  # there is nothing to choose: the core says why
        if said is not None and said not in PERIODS:
            talk.say.say("utter_convert_installment_periods_unknown")
            return None
        return said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [
            option(
                talk.say.phrase("phrase_instalment", periods=offer.periods, payment=yuan(offer.payment_fen)),
                offer.periods,
            )
            for offer in await self._offers(talk, values)
        ]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        rows = [
            talk.say.phrase(
                "phrase_instalment_row",
                periods=offer.periods,
                payment=yuan(offer.payment_fen),
                total_fee=yuan(offer.total_fee_fen),
                rate=f"{Decimal(offer.annual_rate):.2%}",
            )
            for offer in await self._offers(talk, values)
        ]
        return {"amount": yuan(values["amount_fen"]), "rows": "\n".join(rows)}

    async def _offers(self, talk: Conversation, values: Values) -> tuple[InstalmentOffer, ...]:
        found: tuple[InstalmentOffer, ...] = await ask("instalment_offers", talk.session, values["amount_fen"])
        return found
