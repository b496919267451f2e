"""What the core bank tells us: immutable values with the names and units of its JSON.

Money is integer 分 (`*_fen`), never float. Timestamps are aware datetimes. Ids are opaque strings.
A field whose JSON name is not a Python name carries it as `metadata["json"]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

AccountKind = Literal["debit", "time_deposit", "credit_card", "mortgage"]
AccountClass = Literal["I", "II"]
AccountState = Literal["active", "restricted"]
CardKind = Literal["debit", "credit"]
CardState = Literal["inactive", "active", "frozen", "lost"]
Direction = Literal["in", "out"]
DraftState = Literal[
    "DRAFT", "CHALLENGED", "AUTHORISED", "DONE", "REVIEW", "REFUSED", "REJECTED", "CANCELLED", "EXPIRED", "LOCKED"
]
Risk = Literal["blue", "yellow", "red"]

OPEN_STATES: frozenset[DraftState] = frozenset({"DRAFT", "CHALLENGED", "AUTHORISED"})


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is signed in; `phone_masked` looks like 138****0001."""

    name: str
    elder_mode: bool
    phone_masked: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why an account is restricted: the core's code and its Chinese reason, fit for the customer."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Credit card figures: line, unused part of it, current bill, minimum payment, day of the month it is due."""

    limit_fen: int
    available_fen: int
    bill_fen: int
    minimum_fen: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `balance_fen` is owned money (negative: owed), `frozen_fen` the held part of it.

    `available_fen` can be spent now.
    """

    id: str
    kind: AccountKind
    name: str
    tail: str | None
    account_class: AccountClass | None
    currency: Literal["CNY"]
    balance_fen: int
    available_fen: int
    state: AccountState
    restriction: Restriction | None
    card_id: str | None
    matures_on: date | None
    credit: Credit | None
    frozen_fen: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A bank card and since when it is in its present state."""

    id: str
    kind: CardKind
    tail: str
    account_id: str
    account_class: AccountClass | None
    state: CardState
    state_since: datetime


@dataclass(frozen=True, slots=True)
class CardChange:
    """The card after a freeze; `changed` is false when it was frozen already."""

    card: Card
    changed: bool


@dataclass(frozen=True, slots=True)
class LossReport:
    """The card after a loss report; reporting again gives the same `report_no` and `changed` false."""

    card: Card
    changed: bool
    report_no: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """One posting of an account; `amount_fen` is signed, positive = money in."""

    id: str
    account_id: str
    account_tail: str | None
    posted_at: datetime
    amount_fen: int
    balance_after_fen: int
    counterparty: str | None
    summary: str
    kind: str


@dataclass(frozen=True, slots=True)
class TransactionQuery:
    """Filter of the transactions; None means any.

    Dates are bank days (Asia/Shanghai), `to_date` exclusive. `min_fen`/`max_fen` bound the absolute amount, inclusive.
    `counterparty` is a substring. `limit` is 1..100 per page; `cursor` is the previous page's `next_cursor`.
    """

    account_id: str | None = None
    from_date: date | None = field(default=None, metadata={"json": "from"})
    to_date: date | None = field(default=None, metadata={"json": "to"})
    direction: Direction | None = None
    min_fen: int | None = None
    max_fen: int | None = None
    counterparty: str | None = None
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over everything that matches a query, not over one page; both are >= 0."""

    in_fen: int
    out_fen: int
    count: int


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """One page of transactions, newest first."""

    transactions: tuple[Transaction, ...]
    next_cursor: str | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody the customer may pay; `bank` is Chinese ("本行" for ours), `internal` means an account at this bank."""

    id: str
    name: str
    alias: str | None
    bank: str
    tail: str
    internal: bool
    paid_before: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Transfer limits of the customer; "today" is the bank day in Asia/Shanghai."""

    single_review_fen: int
    daily_fen: int
    used_today_fen: int
    remaining_today_fen: int
    new_payee_fen: int


@dataclass(frozen=True, slots=True)
class TransferAccount:
    """The paying account of a transfer draft."""

    id: str
    name: str
    tail: str


@dataclass(frozen=True, slots=True)
class TransferPayee:
    """The payee of a transfer draft."""

    id: str
    name: str
    bank: str
    tail: str


@dataclass(frozen=True, slots=True)
class TransferDetails:
    """What a transfer draft will do; `amount_upper` is the amount in 大写."""

    amount_fen: int
    fee_fen: int
    amount_upper: str
    from_account: TransferAccount = field(metadata={"json": "from"})
    payee: TransferPayee
    note: str | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """A one-time code on its way: masked phone, end of its life (5 min), wrong tries still allowed."""

    sent_to: str
    expires_at: datetime
    tries_left: int


@dataclass(frozen=True, slots=True)
class Line:
    """A Chinese label and value of the core's own wording, for the customer."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What an order draft will do: the fields as the core understood them, and what they mean for the customer."""

    asked: dict[str, object]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a draft was carried out; `lines` is what to know of the result (a due date, an address, a link)."""

    receipt_no: str
    posted_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation the customer has yet to confirm, or the history of one.

    `canonical_text` is the core's own wording and the only one to show before a confirmation. `result` is set exactly
    when `state` is DONE; REVIEW means an operator decides and nothing has moved yet. Without `needs_code` it can be
    confirmed at once.
    """

    id: str
    kind: str
    state: DraftState
    canonical_text: str
    needs_code: bool
    risk: Risk
    risk_reasons: tuple[str, ...]
    risk_question_open: bool
    created_at: datetime
    expires_at: datetime
    transfer: TransferDetails | None
    card: Card | None
    order: OrderDetails | None
    challenge: Challenge | None
    result: Receipt | None
