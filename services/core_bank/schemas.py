"""Requests and responses. Field names and meanings are the contract; openapi.yml is generated from here."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, StrictBool, StrictStr
from pydantic.fields import ModelField

from services.core_bank.fields import Moment, Name, Text, WorldName


class View(BaseModel):
    """A response: every field is always there, and what may be null says so (pydantic 1 leaves both out)."""

    class Config:
        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[BaseModel]) -> None:
            schema["required"] = list(schema.get("properties", {}))
            allow_null(schema, model)


class Body(BaseModel):
    class Config:
        extra = Extra.forbid

        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[BaseModel]) -> None:
            allow_null(schema, model)


def allow_null(schema: dict[str, Any], model: type[BaseModel]) -> None:
    fields: list[ModelField] = list(model.__fields__.values())
    for field in fields:
        if field.allow_none and field.outer_type_ is not Any:
            known = schema["properties"][field.alias]
            schema["properties"][field.alias] = {"anyOf": [known, {"type": "null"}]}


class ErrorDetail(View):
    code: str
    message: str = Field(description="English, for operators")
    details: dict[str, Any]


class Error(View):
    error: ErrorDetail


class Health(View):
    status: Literal["ok"]
    database: Literal["ok"]
    sandbox: bool


class SignInRequest(Body):
    login: Name
    password: Text
    world: Name = Field("demo")


class TicketRequest(Body):
    """What the sign-in page gave to the customer's browser, instead of login and password."""

    ticket: Name
    channel: Literal["web", "wechat"] = "web"


class CustomerGreeting(View):
    name: str
    elder_mode: bool


class Customer(CustomerGreeting):
    phone_masked: str


class NewSession(View):
    session: str
    auth_level: int
    customer: CustomerGreeting
    subject: str = Field(description="pseudonym of the customer, the same at every sign-in")
    expires_at: Moment


class CurrentSession(View):
    auth_level: int
    customer: Customer
    expires_at: Moment


class Restriction(View):
    code: str
    reason: str


class Credit(View):
    limit_fen: int
    available_fen: int
    bill_fen: int
    minimum_fen: int
    due_day: int


class Account(View):
    id: str
    kind: Literal["debit", "time_deposit", "credit_card", "mortgage"]
    name: str
    tail: str | None
    account_class: Literal["I", "II"] | None
    currency: Literal["CNY"]
    balance_fen: int = Field(description="owned money; negative is owed")
    available_fen: int = Field(description="spendable now")
    frozen_fen: int = Field(description="owned, and held: part of the balance")
    state: Literal["active", "restricted"]
    restriction: Restriction | None
    card_id: str | None
    matures_on: date | None
    credit: Credit | None


class Accounts(View):
    accounts: list[Account]


class Card(View):
    id: str
    kind: Literal["debit", "credit"]
    tail: str
    account_id: str
    account_class: Literal["I", "II"] | None
    state: Literal["inactive", "active", "frozen", "lost"]
    state_since: Moment


class Cards(View):
    cards: list[Card]


class CardChange(View):
    card: Card
    changed: bool


class LossReport(CardChange):
    report_no: str


class Transaction(View):
    id: str
    account_id: str
    account_tail: str | None
    posted_at: Moment
    amount_fen: int = Field(description="signed: negative left the account")
    balance_after_fen: int
    counterparty: str
    summary: str
    kind: str


class Totals(View):
    in_fen: int
    out_fen: int
    count: int


class Transactions(View):
    transactions: list[Transaction]
    next_cursor: str | None
    totals: Totals = Field(description="over the whole filter, not the page")


class Payee(View):
    id: str
    name: str
    alias: str | None
    bank: str
    tail: str
    internal: bool
    paid_before: bool


class Payees(View):
    payees: list[Payee]


class Limits(View):
    single_review_fen: int
    daily_fen: int
    used_today_fen: int
    remaining_today_fen: int
    new_payee_fen: int


class Challenge(View):
    sent_to: str
    expires_at: Moment
    tries_left: int


class Line(View):
    """Chinese label and value, as a customer reads them."""

    label: str
    value: str


class OrderSection(View):
    """What was asked for, field by field as the core understood it, and what that means for the customer."""

    asked: dict[str, Any]
    lines: list[Line]


class Result(View):
    receipt_no: str
    posted_at: Moment
    lines: list[Line]


class DraftBase(View):
    """A draft without the sections of its kinds; routes/drafts.py adds one optional field for each."""

    id: str
    kind: str
    state: Literal[
        "DRAFT",
        "CHALLENGED",
        "AUTHORISED",
        "DONE",
        "REVIEW",
        "REFUSED",
        "REJECTED",
        "CANCELLED",
        "EXPIRED",
        "LOCKED",
    ]
    canonical_text: str
    needs_code: bool = Field(description="whether confirming it takes a one-time code")
    risk: Literal["blue", "yellow", "red"]
    risk_reasons: list[str]
    risk_question_open: bool
    created_at: Moment
    expires_at: Moment
    challenge: Challenge | None
    result: Result | None


class RiskAnswer(Body):
    suspicious: StrictBool


class CodeSubmission(Body):
    code: StrictStr


class CodeAccepted(View):
    draft_id: str
    kind: str


class Review(Body):
    approve: StrictBool
    reviewer: Name


class WorldRequest(Body):
    world: WorldName | None = None
    begins_at: str | None = Field(None, description="ISO 8601 with offset: what time it is in the new world")


class World(View):
    world: str


class Fault(Body):
    kind: Literal["none", "core_down", "core_slow", "core_drop_reply", "core_500", "core_garbage"]
    seconds: float = Field(30, ge=0, le=600)


class ClockChange(Body):
    advance_seconds: int | None = Field(None, ge=-315_360_000, le=315_360_000)
    set: str | None = Field(None, description="ISO 8601 with offset")


class ClockReading(View):
    now: Moment


class Message(View):
    phone: str
    text: str
    code: str | None
    sent_at: Moment


class Messages(View):
    messages: list[Message]


class LedgerSnapshot(View):
    accounts: dict[str, int]
    cards: dict[str, str]
    postings: int
    orders: list[str] = Field(description="kinds of the drafts carried out, oldest first")


class Invariants(View):
    total_fen: int
    unbalanced: list[str]
    mismatched: list[str]
    negative: list[str]
