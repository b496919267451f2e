"""Responses about credit cards."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.core_bank.schemas import View


class Bill(View):
    billed_on: date
    since: date
    until: date = Field(description="the last day that the bill shows")
    due_on: date
    bill_fen: int
    left_fen: int = Field(description="to be paid by the due date")
    converted_fen: int = Field(description="of the bill, put into instalments")
    minimum_fen: int
    minimum_left_fen: int
    overdue: bool


class Autopay(View):
    share: Literal["full", "minimum"]
    account_id: str
    account_tail: str


class TemporaryLimit(View):
    extra_fen: int
    until: date


class InstalmentPlan(View):
    plan_no: str
    amount_fen: int
    periods: int
    fee_fen: int = Field(description="of one period")
    first_due: date


class CreditCard(View):
    account_id: str
    tail: str
    owed_fen: int
    overpaid_fen: int
    limit_fen: int = Field(description="without what is temporary")
    available_fen: int
    permanent_most_fen: int = Field(description="what the limit can be raised to for good")
    temporary_most_fen: int = Field(description="what it can be raised to for a while")
    temporary: TemporaryLimit | None
    bill_day: int
    due_day: int
    bill: Bill
    autopay: Autopay | None
    plans: list[InstalmentPlan]
    closing_no: str | None


class CreditCards(View):
    credit_cards: list[CreditCard]


class Entry(View):
    on: date
    amount_fen: int = Field(description="positive")
    counterparty: str
    summary: str


class Statement(View):
    purchases: list[Entry] = Field(description="of the bill, newest first")
    repayments: list[Entry] = Field(description="of the last 90 days, newest first")


class InstalmentOffer(View):
    periods: int
    payment_fen: int = Field(description="of one period, principal and fee")
    fee_fen: int = Field(description="of one period")
    total_fee_fen: int
    annual_rate: str = Field(description="a decimal: 0.1303 is 13.03 %")


class InstalmentOffers(View):
    offers: list[InstalmentOffer]


class PointLot(View):
    points: int
    expires_on: date


class Points(View):
    balance: int
    lots: list[PointLot] = Field(description="what expires first in front")


class Reward(View):
    id: str
    name: str
    points: int
    in_stock: bool


class Rewards(View):
    rewards: list[Reward]


class Product(View):
    id: str
    name: str
    annual_fee: str
    benefits: str
    suits: str


class Products(View):
    products: list[Product]


class Application(View):
    application_no: str
    product: str
    state: Literal["received", "reviewing", "approved", "declined"]
    applied_on: date
    answer_by: date


class Applications(View):
    applications: list[Application]
