"""Tickets at the core bank: what somebody there has to look after, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order

TicketState = Literal["received", "handling", "answered"]
AtmProblem = Literal["no_cash", "less_cash", "not_credited"]
VisitorKind = Literal["file_complaint", "give_feedback", "report_phishing"]


@dataclass(frozen=True, slots=True)
class TicketNote:
    """One step of the work on a ticket."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """`title` names the matter in Chinese, `notes` are its progress, oldest first."""

    ticket_no: str
    kind: str
    title: str
    content: str
    state: TicketState
    opened_at: datetime
    promised_by: datetime
    notes: tuple[TicketNote, ...]


@dataclass(frozen=True, slots=True)
class ReportSwallowedCard(Order):
    """A machine kept the card. Refused: CardNotFound."""

    kind: ClassVar[str] = "report_swallowed_card"
    card_id: str


@dataclass(frozen=True, slots=True)
class DisputeAtmCash(Order):
    """A machine gave no or too little cash, or did not credit it. Refused: AmountInvalid, CardNotFound."""

    kind: ClassVar[str] = "dispute_atm_cash"
    card_id: str
    problem: AtmProblem
    amount_fen: int
    machine: str
    at: str


@dataclass(frozen=True, slots=True)
class DisputeTransaction(Order):
    """A payment that is not the customer's: its card is frozen too.

    Refused: CardNotFound, NotPossible card_inactive.
    """

    kind: ClassVar[str] = "dispute_transaction"
    card_id: str
    text: str


@dataclass(frozen=True, slots=True)
class TextTicket(Order):
    """A matter in the customer's own words, 1 to 256 characters."""

    text: str


@dataclass(frozen=True, slots=True)
class RequestHuman(TextTicket):
    """A call back; while one is promised, its number is repeated."""

    kind: ClassVar[str] = "request_human"


@dataclass(frozen=True, slots=True)
class ReportScam(TextTicket):
    """A call back of the fraud desk, as for `RequestHuman`."""

    kind: ClassVar[str] = "report_scam"


@dataclass(frozen=True, slots=True)
class ReportIdentityTheft(TextTicket):
    """A call back about an account or loan in the customer's name, as for `RequestHuman`."""

    kind: ClassVar[str] = "report_identity_theft"


@dataclass(frozen=True, slots=True)
class FileComplaint(TextTicket):
    """A complaint."""

    kind: ClassVar[str] = "file_complaint"


@dataclass(frozen=True, slots=True)
class GiveFeedback(TextTicket):
    """Praise or a suggestion."""

    kind: ClassVar[str] = "give_feedback"


@dataclass(frozen=True, slots=True)
class ReportPhishing(TextTicket):
    """A suspicious message, link, call."""

    kind: ClassVar[str] = "report_phishing"


class CareBank(Protocol):
    """Looking at tickets, and what visitors can leave."""

    def tickets(self, session: str) -> tuple[Ticket, ...]:
        """The customer's tickets, the newest first."""

    def leave_ticket(self, session: None, kind: VisitorKind, text: str, key: str) -> Ticket:
        """For somebody who is not signed in. `key` (1..64 characters) makes a repetition safe.

        Raises NotPossible too_many.
        """
