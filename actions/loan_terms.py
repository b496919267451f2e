"""How long and at what rate: answers that a loan needs."""

import re
from decimal import Decimal
from typing import Any

from actions.conversation import Conversation
from actions.service_answers import TermField
from actions.service_fields import OPTION, AmountField, Field, Values
from actions.session import ask
from actions.turn import Amount, Turn
from banking.loan import LoanProduct

LONGEST_YEARS = 30
RATE = re.compile(r"(?:利率|年化|利息)[^\d]{0,4}(\d{1,2}(?:\.\d{1,4})?)")
PERCENT = Decimal(100)


class YearsField(TermField):
    """Any term up to thirty years; a bare number as the answer means years. Value: integer months."""

    def __init__(self, name: str, offered: tuple[int, ...] = (12, 24, 36, 60, 120)) -> None:
        super().__init__(name, offered)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        months = turn.months()
        if months is not None or turn.is_button:
            return super().hear(turn, asked)
        years = turn.whole_number() if asked else None
        return years * 12 if years is not None else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is None or 1 <= said <= LONGEST_YEARS * 12:
            return said
        talk.say.say("utter_loan_term_unknown")
        return None

    def _title(self, talk: Conversation, months: int) -> str:
        return term_title(talk, months)


def term_title(talk: Conversation, months: int) -> str:
    """30年 where the months are whole years, else 18个月."""
    years, rest = divmod(months, 12)
    if rest:
        return talk.say.phrase("phrase_service_months", months=months)
    return talk.say.phrase("phrase_loan_years", years=years)


class LoanAmountField(AmountField):
    """An amount to borrow; the number of a rate (利率3.85) is none."""

    def amounts(self, turn: Turn) -> list[Amount]:
        rate = RATE.search(turn.text)
        found = super().amounts(turn)
        return [amount for amount in found if rate is None or not rate.start() <= amount.start < rate.end()]


class RateField(Field):
    """A yearly rate that was named; else the lowest of the bank's loan for a home. Value: a fraction as text."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return chosen
        said = [str(value) for value in turn.values("percent")] or RATE.findall(turn.text)
        return str(Decimal(said[0]) / PERCENT) if said else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said is not None and 0 < Decimal(said) < 1:
            return said
        products: tuple[LoanProduct, ...] = await ask("loan_products", talk.visitor_session)
        return next(product.annual_rate for product in products if product.code == "mortgage")
