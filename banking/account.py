"""Accounts at the core bank beyond their balances: spending, explanations, restrictions, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class SpendingQuery:
    """Bank days, `until` exclusive; `counterparty` is a substring."""

    since: date
    until: date
    account_id: str | None = None
    counterparty: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """One category of what came in or was spent; `before_fen` is its sum in the period before."""

    category: str
    name: str
    incoming: bool
    amount_fen: int
    count: int
    before_fen: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Sums of a period, beside those of the period before it; the largest category first, all sums >= 0."""

    since: date
    until: date
    in_fen: int
    out_fen: int
    count: int
    before_since: date
    before_until: date
    before_in_fen: int
    before_out_fen: int
    categories: tuple[CategoryTotal, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A summary or code of transactions and what it means, in Chinese."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class KindMeaning:
    """What a kind of transaction is, for those whose summary no term explains."""

    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Longer terms come first."""

    terms: tuple[Term, ...]
    kinds: tuple[KindMeaning, ...]


@dataclass(frozen=True, slots=True)
class AccountRestriction:
    """A restricted account: why, what still works, what to bring to a branch to have it lifted."""

    account_id: str
    code: str
    reason: str
    works: tuple[str, ...]
    bring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Money that stays on an account up to and including a day."""

    account_id: str
    amount_fen: int
    reason: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What keeps the customer from using accounts or money on them; both empty when nothing does."""

    restrictions: tuple[AccountRestriction, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class RequestStatement(Order):
    """A statement as a PDF; ISO days, both inclusive.

    Refused: AccountNotFound, NotPossible no_statement, bad_period, period_in_future, period_too_old.
    """

    kind: ClassVar[str] = "request_statement"
    account_id: str
    from_day: str
    to_day: str


@dataclass(frozen=True, slots=True)
class RequestReceipt(Order):
    """The receipt of one transaction as a PDF. Refused: NotPossible no_transaction."""

    kind: ClassVar[str] = "request_receipt"
    transaction_id: str


@dataclass(frozen=True, slots=True)
class RequestAssetCertificate(Order):
    """A certificate of deposit as a PDF; with `frozen_until` (ISO day, inclusive) the money is held until then.

    `purpose`: visa, study, bidding, purchase, other. Refused: AmountInvalid, AccountNotFound, NotPossible bad_last_day,
    last_day_too_far, no_deposit, restricted, above_balance.
    """

    kind: ClassVar[str] = "request_asset_certificate"
    account_id: str
    amount_fen: int
    purpose: str
    frozen_until: str | None


class AccountBank(Protocol):
    """What is asked of accounts."""

    def spending(self, session: str, query: SpendingQuery) -> Spending:
        """Money between the customer's own accounts is neither income nor spent. Raises AccountNotFound."""

    def transaction_terms(self, session: str) -> Terms:
        """What the summaries of transactions mean."""

    def restrictions(self, session: str) -> Restrictions:
        """Restricted accounts and money that is held."""
