"""Credit cards at the core bank: what it tells of them and what can be done to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Protocol

from banking.orders import Order

AutopayShare = Literal["full", "minimum"]
ApplicationState = Literal["received", "reviewing", "approved", "declined"]


@dataclass(frozen=True, slots=True)
class Bill:
    """The newest bill; it shows the days `since`..`until`. `*_left_fen` has to be paid by `due_on`.

    `converted_fen` of it was put into instalments.
    """

    billed_on: date
    since: date
    until: date
    due_on: date
    bill_fen: int
    left_fen: int
    converted_fen: int
    minimum_fen: int
    minimum_left_fen: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class TemporaryLimit:
    """What is added to the limit, up to and including the day `until`."""

    extra_fen: int
    until: date


@dataclass(frozen=True, slots=True)
class Autopay:
    """What the bank takes by itself on the due day, and from where."""

    share: AutopayShare
    account_id: str
    account_tail: str


@dataclass(frozen=True, slots=True)
class InstalmentPlan:
    """A bill that is paid in instalments; `fee_fen` is of one period."""

    plan_no: str
    amount_fen: int
    periods: int
    fee_fen: int
    first_due: date


@dataclass(frozen=True, slots=True)
class CreditCard:
    """A credit card; `limit_fen` is the permanent limit, `available_fen` counts the temporary one too."""

    account_id: str
    tail: str
    owed_fen: int
    overpaid_fen: int
    limit_fen: int
    available_fen: int
    permanent_most_fen: int
    temporary_most_fen: int
    temporary: TemporaryLimit | None
    bill_day: int
    due_day: int
    bill: Bill
    autopay: Autopay | None
    plans: tuple[InstalmentPlan, ...]
    closing_no: str | None


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """A purchase or a repayment; the amount is positive."""

    on: date
    amount_fen: int
    counterparty: str
    summary: str


@dataclass(frozen=True, slots=True)
class CreditStatement:
    """The purchases of the newest bill and the repayments of the last 90 days, newest first."""

    purchases: tuple[CreditEntry, ...]
    repayments: tuple[CreditEntry, ...]


@dataclass(frozen=True, slots=True)
class InstalmentOffer:
    """What an amount costs in instalments; payment and fee of one period, the rate as a decimal fraction."""

    periods: int
    payment_fen: int
    fee_fen: int
    total_fee_fen: int
    annual_rate: str


@dataclass(frozen=True, slots=True)
class PointLot:
    """Points that expire after one day."""

    points: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class Points:
    """Reward points; what expires first is the first lot."""

    balance: int
    lots: tuple[PointLot, ...]


@dataclass(frozen=True, slots=True)
class Reward:
    """Something to be had for points."""

    id: str
    name: str
    points: int
    in_stock: bool


@dataclass(frozen=True, slots=True)
class CardProduct:
    """A credit card that can be applied for; texts are Chinese."""

    id: str
    name: str
    annual_fee: str
    benefits: str
    suits: str


@dataclass(frozen=True, slots=True)
class CardApplication:
    """An application for a credit card."""

    application_no: str
    product: str
    state: ApplicationState
    applied_on: date
    answer_by: date


@dataclass(frozen=True, slots=True)
class RepayCreditCard(Order):
    """Pay back what a credit card owes. Refused: NotPossible nothing_owed, above_debt, and those of a transfer."""

    kind: ClassVar[str] = "repay_credit_card"
    account_id: str
    from_account_id: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RaiseCreditLimit(Order):
    """Raise the limit to `limit_fen`, for good or for 60 days.

    Refused: NotPossible limit_running, raised_lately, limit_step, limit_not_higher, limit_above_offer,
    overdue, closing.
    """

    kind: ClassVar[str] = "raise_credit_limit"
    account_id: str
    term: Literal["permanent", "temporary"]
    limit_fen: int


@dataclass(frozen=True, slots=True)
class ConvertInstalment(Order):
    """Pay the bill or a part of it in 3, 6, 12 or 24 periods.

    Refused: NotPossible periods_unknown, converted_already, bill_paid, bill_small, above_bill, below_instalment,
    overdue, closing.
    """

    kind: ClassVar[str] = "convert_installment"
    account_id: str
    amount_fen: int
    periods: int


@dataclass(frozen=True, slots=True)
class ChangeBillDate(Order):
    """Have the bill on another day of the month.

    Refused: NotPossible bill_day_unknown, bill_day_changed, same_bill_day, overdue, closing.
    """

    kind: ClassVar[str] = "change_bill_date"
    account_id: str
    bill_day: int


@dataclass(frozen=True, slots=True)
class SetAutopay(Order):
    """Set or end the repayment on the due day; no account exactly when `share` is off.

    Refused: NotPossible autopay_off, autopay_same, overdue, closing, and those of a paying account.
    """

    kind: ClassVar[str] = "set_autopay"
    account_id: str
    share: Literal["full", "minimum", "off"]
    from_account_id: str | None


@dataclass(frozen=True, slots=True)
class RedeemPoints(Order):
    """Buy a reward. No code.

    Refused: NotPossible reward_unknown, sold_out, points_short, fee_waived, nothing_to_credit, no_credit_card.
    """

    kind: ClassVar[str] = "redeem_points"
    reward_id: str


@dataclass(frozen=True, slots=True)
class ApplyCreditCard(Order):
    """Apply for a card. No code. Refused: AccountRestricted, NotPossible product_unknown, application_open."""

    kind: ClassVar[str] = "apply_credit_card"
    product_id: str


@dataclass(frozen=True, slots=True)
class CancelCreditCard(Order):
    """Ask for the card to be closed, by a person. Refused: NotPossible still_in_use, points_left, closing."""

    kind: ClassVar[str] = "cancel_credit_card"
    account_id: str
    forfeit_points: bool


class CreditCardBank(Protocol):
    """Reading about credit cards; None as a session is a visitor."""

    def credit_cards(self, session: str) -> tuple[CreditCard, ...]:
        """The customer's credit cards."""

    def credit_statement(self, session: str, account_id: str) -> CreditStatement:
        """What the newest bill is made of, and what was repaid. Raises AccountNotFound."""

    def instalment_offers(self, session: str | None, amount_fen: int) -> tuple[InstalmentOffer, ...]:
        """What this amount would cost in instalments. Raises AmountInvalid."""

    def points(self, session: str) -> Points:
        """The customer's reward points."""

    def rewards(self, session: str | None) -> tuple[Reward, ...]:
        """What points buy."""

    def card_products(self, session: str | None) -> tuple[CardProduct, ...]:
        """Credit cards on offer."""

    def card_applications(self, session: str) -> tuple[CardApplication, ...]:
        """The customer's applications, newest first."""
