"""The port to the core bank: its errors and its operations.

BankError
  BankUnavailable            nothing was done, for certain; every failed read
  OutcomeUnknown             a write was sent and its answer lost or unreadable: ask again by query, never assume
  BankRefused                the core decided: no
    SessionInvalid
    AccountNotFound  CardNotFound  PayeeNotFound  DraftNotFound
    AmountInvalid
    InsufficientFunds(available_fen)
    LimitExceeded(kind, limit_fen, remaining_fen)
    AccountRestricted(reason)
    CardNotUsable(state)  PayeeUnavailable(reason)  CardStateConflict(state)
    NotPossible(rule, reason)
    DraftClosed(state)  DraftExpired
    RiskQuestionOpen  RiskRefused
    CodeRequired  CodeWrong(tries_left)  CodeExpired  CodeLocked
    TooManyCodes(retry_after)
  BankContractBroken         our own mistake or a foreign version of the core; nothing was done
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from banking.account import AccountBank
from banking.branch import BranchBank
from banking.card import CardBank
from banking.care import CareBank
from banking.credit_card import CreditCardBank
from banking.deposit import DepositBank
from banking.fx import FxBank
from banking.life import LifeBank
from banking.loan import LoanBank
from banking.model import (
    Account,
    Card,
    CardChange,
    CardState,
    Customer,
    Draft,
    DraftState,
    Limits,
    LossReport,
    Payee,
    TransactionPage,
    TransactionQuery,
)
from banking.orders import Order
from banking.profile import ProfileBank
from banking.transfers import TransferBank
from banking.wealth import WealthBank


class BankError(Exception):
    """Anything that kept an operation from giving its result; the text is English, for operators and logs."""


class BankUnavailable(BankError):
    """Nothing was done, for certain: refused connection, open breaker, 503 `core_down`, or any read that failed."""


class OutcomeUnknown(BankError):
    """A write was sent and its answer was lost or unreadable. Tell the customer so and find the truth by query."""


class BankContractBroken(BankError):
    """The core could not understand us or we cannot act on its refusal: our mistake, or another version of the core."""


class BankRefused(BankError):
    """The core understood and decided: no. Subclasses carry its details as typed attributes."""


class SessionInvalid(BankRefused):
    """The session reference is missing, unknown, expired or signed out."""


class AccountNotFound(BankRefused):
    """No such account of this customer."""


class CardNotFound(BankRefused):
    """No such card of this customer."""


class PayeeNotFound(BankRefused):
    """No such payee of this customer."""


class DraftNotFound(BankRefused):
    """No such draft of this customer."""


class AmountInvalid(BankRefused):
    """The amount is not an integer of 分 in 1..9_999_999_999."""


@dataclass(eq=False)
class InsufficientFunds(BankRefused):
    """The paying account has less than the amount."""

    available_fen: int


@dataclass(eq=False)
class LimitExceeded(BankRefused):
    """The amount is above what is left of a limit (`kind` "daily": per customer and bank day)."""

    kind: str
    limit_fen: int
    remaining_fen: int


@dataclass(eq=False)
class AccountRestricted(BankRefused):
    """The account may not do this; `reason` is Chinese and fit for the customer."""

    reason: str


@dataclass(eq=False)
class CardNotUsable(BankRefused):
    """The paying account's card is frozen or lost."""

    state: CardState


@dataclass(eq=False)
class PayeeUnavailable(BankRefused):
    """The payee's account cannot receive: closed, unknown, or the paying account itself."""

    reason: str


@dataclass(eq=False)
class CardStateConflict(BankRefused):
    """The card is in `state`, from which this change is not possible (freeze a lost card, unfreeze an active one)."""

    state: CardState


@dataclass(eq=False)
class NotPossible(BankRefused):
    """A service refused by its own rules: `rule` is its name, `reason` is Chinese and says what to do instead."""

    rule: str
    reason: str


@dataclass(eq=False)
class DraftClosed(BankRefused):
    """The draft is over or past this step; `state` tells where it stands."""

    state: DraftState


class DraftExpired(BankRefused):
    """The draft is older than 10 minutes."""


class RiskQuestionOpen(BankRefused):
    """The scam question of a yellow or red draft has to be answered first."""


class RiskRefused(BankRefused):
    """The customer found the payment suspicious; the draft is dead."""


class CodeRequired(BankRefused):
    """Confirming needs a correct one-time code first."""


@dataclass(eq=False)
class CodeWrong(BankRefused):
    """Wrong one-time code; after `tries_left` more the draft dies."""

    tries_left: int


class CodeExpired(BankRefused):
    """The one-time code is older than 5 minutes."""


class CodeLocked(BankRefused):
    """Five wrong codes: the draft is dead."""


@dataclass(eq=False)
class TooManyCodes(BankRefused):
    """5 codes a draft or 10 a rolling day were sent; `retry_after` is in seconds."""

    retry_after: int


class CoreBank(
    AccountBank,
    CreditCardBank,
    TransferBank,
    CardBank,
    CareBank,
    FxBank,
    BranchBank,
    LifeBank,
    ProfileBank,
    DepositBank,
    WealthBank,
    LoanBank,
    Protocol,
):
    """What a core bank can do for the customer behind a session reference.

    `session` is the opaque reference the channel got at sign-in; the core derives the customer from it and from nothing
    else, so ids of another customer's objects are unknown ids. Every method may raise SessionInvalid, BankUnavailable
    and BankContractBroken; every method of `WRITES` may raise OutcomeUnknown. Further refusals are named per method.
    """

    def customer(self, session: str) -> Customer:
        """Who is signed in."""

    def accounts(self, session: str) -> tuple[Account, ...]:
        """All accounts, loans and credit cards included."""

    def cards(self, session: str) -> tuple[Card, ...]:
        """All cards with their states."""

    def transactions(self, session: str, query: TransactionQuery) -> TransactionPage:
        """One page of matching transactions, newest first. Raises AccountNotFound."""

    def payees(self, session: str) -> tuple[Payee, ...]:
        """The customer's address book."""

    def limits(self, session: str) -> Limits:
        """Transfer limits and what is left of them today."""

    def draft_transfer(
        self,
        session: str,
        from_account_id: str,
        payee_id: str,
        amount_fen: int,
        note: str | None = None,
        replaces: str | None = None,
    ) -> Draft:
        """Prepare a transfer of `amount_fen` 分; nothing moves. `note` has at most 30 characters.

        `replaces` cancels that open draft and kills its code in the same step.
        Raises AmountInvalid, AccountNotFound, PayeeNotFound, DraftNotFound, AccountRestricted, CardNotUsable,
        PayeeUnavailable, InsufficientFunds, LimitExceeded.
        """

    def draft_unfreeze(self, session: str, card_id: str, replaces: str | None = None) -> Draft:
        """Prepare to unfreeze a card. Raises CardNotFound, CardStateConflict, DraftNotFound."""

    def prepare(self, session: str, order: Order, replaces: str | None = None) -> Draft:
        """Prepare an order; nothing is done yet. `replaces` as in `draft_transfer`.

        Raises DraftNotFound, NotPossible, and what the class of the order names.
        """

    def draft(self, session: str, draft_id: str) -> Draft:
        """The draft as it stands: the way to the truth after OutcomeUnknown. Raises DraftNotFound."""

    def drafts(self, session: str, kind: str | None = None, limit: int = 10) -> tuple[Draft, ...]:
        """The newest drafts first, of one kind or all."""

    def answer_risk(self, session: str, draft_id: str, suspicious: bool) -> Draft:
        """Answer the scam question; `suspicious` kills the draft (REFUSED).

        Raises DraftNotFound, DraftClosed, DraftExpired.
        """

    def send_code(self, session: str, draft_id: str) -> Draft:
        """Send a one-time code by SMS, or a new one in place of the old; wrong tries stay counted.

        Raises DraftNotFound, DraftClosed, DraftExpired, RiskQuestionOpen, TooManyCodes.
        """

    def confirm(self, session: str, draft_id: str) -> Draft:
        """Carry the draft out, at most once however often called: DONE, or REVIEW (red: nothing moved yet).

        Raises DraftNotFound, CodeRequired, DraftClosed, DraftExpired, and every refusal of preparing the draft.
        """

    def cancel(self, session: str, draft_id: str) -> Draft:
        """Give the draft up. Raises DraftNotFound, DraftClosed."""

    def freeze_card(self, session: str, card_id: str, key: str) -> CardChange:
        """Freeze a card at once. `key` (1..255 printable ASCII) makes a repetition safe.

        Raises CardNotFound, CardStateConflict.
        """

    def report_card_lost(self, session: str, card_id: str, key: str) -> LossReport:
        """Report a card lost for good. `key` as in `freeze_card`. Raises CardNotFound."""


WRITES: frozenset[str] = frozenset(
    {
        "draft_transfer",
        "draft_unfreeze",
        "prepare",
        "answer_risk",
        "send_code",
        "confirm",
        "cancel",
        "freeze_card",
        "report_card_lost",
        "leave_ticket",
    }
)
"""Methods that change something at the bank: never repeated by an adapter, OutcomeUnknown when the answer is lost."""
