"""Orders: the kinds of draft without a section of their own, most services of the bank."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from services.core_bank.drafts.base import Applicant, DraftKind, Lines, Proposal
from services.core_bank.risk import NO_RISK, Risk
from services.core_bank.schemas import OrderSection


@dataclass(frozen=True)
class Offer:
    """A worded order. `payload` is what `execute` needs beside the fields of the request (amounts, rates, dates)."""

    canonical_text: str
    lines: Lines = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)
    risk: Risk = NO_RISK


class Order(DraftKind):
    """`propose` words it; `execute` finds what was asked for by `asked(draft)`.

    Fields of the request are JSON-ready (text, integers, booleans, null): they are echoed to the customer's side, which
    compares them with what it sent.
    """

    section = "order"
    Section = OrderSection

    @abstractmethod
    def propose(self, conn: Connection, applicant: Applicant, request: Any) -> Offer:
        """Validate and word the operation. Raises the BankErrors of the kind."""

    def prepare(self, conn: Connection, applicant: Applicant, request: Any) -> Proposal:
        offer = self.propose(conn, applicant, request)
        fields = request.dict(exclude={"kind", "replaces"})
        payload = {**offer.payload, "asked": fields, "lines": offer.lines}
        return Proposal(payload, offer.canonical_text, offer.risk)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        """Only red drafts are checked before a review; the kinds that can be red override this."""

    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        return {"asked": asked(draft), "lines": as_lines(draft.payload["lines"])}


def asked(draft: Row) -> dict[str, Any]:
    """The fields of the request that made this order."""
    fields: dict[str, Any] = draft.payload["asked"]
    return fields


def as_lines(lines: Lines) -> list[dict[str, str]]:
    """As the API shows them."""
    return [{"label": label, "value": value} for label, value in lines]
