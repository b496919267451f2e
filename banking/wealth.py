"""Wealth products, funds and the risk questionnaire at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class WealthProduct:
    """`risk` is 1 to 5 (R1 to R5). The benchmark, fractions a year as text, promises nothing."""

    code: str
    name: str
    kind: Literal["wealth", "fund"]
    risk: int
    least_fen: int
    term: str
    hold_days: int
    benchmark_low: str
    benchmark_high: str
    net_value: str


@dataclass(frozen=True, slots=True)
class RiskQuestion:
    """Answered by a letter, A for the first option."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskResult:
    """`level` is 1 to 5 (C1 to C5): the highest risk of a product that may be sold or recommended to the customer."""

    level: int
    name: str
    valid_until: date
    valid: bool


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """The last result, None before the first questionnaire."""

    result: RiskResult | None


@dataclass(frozen=True, slots=True)
class Holding:
    """What a customer holds, at today's net value. Until `cooling_until` it can be taken back at its cost."""

    id: str
    product_code: str
    product_name: str
    risk: int
    shares: str
    net_value: str
    cost_fen: int
    value_fen: int
    profit_fen: int
    bought_on: date
    redeemable_on: date
    cooling_until: datetime | None


@dataclass(frozen=True, slots=True)
class AssessRisk(Order):
    """Hand in the questionnaire: a letter for each question. Refused: NotPossible answers_incomplete."""

    kind: ClassVar[str] = "assess_risk"
    answers: str


@dataclass(frozen=True, slots=True)
class BuyWealth(Order):
    """Buy a product; its draft is yellow from R3 on.

    Refused: NotPossible no_such_product, not_assessed, assessment_expired, above_risk_level, below_minimum, and what
    a paying account refuses (as a transfer).
    """

    kind: ClassVar[str] = "buy_wealth"
    product_code: str
    from_account_id: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RedeemWealth(Order):
    """Sell a holding or a part of it; the money comes on the next working day.

    Refused: AmountInvalid, AccountNotFound, NotPossible no_such_holding, above_holding, locked, whole_only (cooling).
    """

    kind: ClassVar[str] = "redeem_wealth"
    holding_id: str
    to_account_id: str
    amount_fen: int


class WealthBank(Protocol):
    """Reading wealth products and holdings."""

    def wealth_products(self, session: str | None) -> tuple[WealthProduct, ...]:
        """What is offered, by risk, for visitors (None) too."""

    def risk_questions(self, session: str | None) -> tuple[RiskQuestion, ...]:
        """The questionnaire."""

    def risk_profile(self, session: str) -> RiskProfile:
        """What the questionnaire said of the customer."""

    def holdings(self, session: str) -> tuple[Holding, ...]:
        """What the customer holds, oldest first."""
