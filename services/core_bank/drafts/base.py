"""What a kind of draft must provide, and what it is given."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy.engine import Connection, Row

from services.core_bank.fields import Text
from services.core_bank.risk import Risk
from services.core_bank.schemas import Body

Lines = list[tuple[str, str]]
"""Chinese labels and values, in the order in which a customer reads them."""


class DraftRequest(Body):
    """Body of POST /v1/drafts; a kind adds `kind: Literal[...]` and its own fields."""

    replaces: Text | None = None


@dataclass(frozen=True)
class Applicant:
    """Who prepares the draft, and when (time of the customer's world)."""

    world_id: str
    customer_id: str
    now: datetime
    session_id: str


@dataclass(frozen=True)
class Proposal:
    """`payload` is all that `execute` will use; `canonical_text` (Chinese) is what the customer agrees to."""

    payload: dict[str, Any]
    canonical_text: str
    risk: Risk


@dataclass(frozen=True)
class Receipt:
    """`lines` is what the customer should know of the result: a due date, an address, a link."""

    receipt_no: str
    posted_at: datetime
    lines: Lines = field(default_factory=list)


class DraftKind(ABC):
    """`section` is the field of the Draft response that `describe` fills, `Section` its schema.

    `needs_code` is false where being signed in is enough (tier 1 of the catalogue of intents).
    """

    name: ClassVar[str]
    needs_code: ClassVar[bool] = True
    section: ClassVar[str]
    Request: ClassVar[type[DraftRequest]]
    Section: ClassVar[type[BaseModel]]

    @abstractmethod
    def prepare(self, conn: Connection, applicant: Applicant, request: Any) -> Proposal:
        """Validate and word the operation. Raises the BankErrors of the kind."""

    @abstractmethod
    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        """Everything `execute` would refuse, without an effect (a red draft goes to review only if it could go on)."""

    @abstractmethod
    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        """The effect, inside the confirming transaction; must check everything again.

        What it decides on it reads after it holds the lock of it, or on PostgreSQL another order decides on the same:
        the row in question first (card, loan, deposit, holding, bill, customer), the paying account's card, accounts.
        """

    @abstractmethod
    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        """The JSON-ready section of the response."""
