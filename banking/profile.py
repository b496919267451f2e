"""The customer's profile at the core bank: contact, document, alerts, WeChat, consents, data rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from banking.orders import Order


@dataclass(frozen=True, slots=True)
class IdDocument:
    """`expires_on` None is valid for life."""

    kind: str
    masked: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Profile:
    """Masked by the core. Alerts are sent from `alerts_from_fen` on."""

    phone_masked: str
    address_masked: str
    email_masked: str | None
    employer: str | None
    document: IdDocument
    alerts_on: bool
    alerts_from_fen: int
    wechat_bound_at: datetime | None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent in force; a required one cannot be withdrawn."""

    id: str
    name: str
    given_on: date
    required: bool


@dataclass(frozen=True, slots=True)
class ChangePhone(Order):
    """Yellow. Its receipt holds a one-time link to a page that takes and proves the new number."""

    kind: ClassVar[str] = "change_phone"


@dataclass(frozen=True, slots=True)
class EditContact(Order):
    """`item` is address, email or employer. Refused: NotPossible contact_invalid."""

    kind: ClassVar[str] = "edit_contact"
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class SetSmsAlert(Order):
    """Needs no code. Refused: NotPossible alert_amount."""

    kind: ClassVar[str] = "set_sms_alert"
    on: bool
    from_fen: int


@dataclass(frozen=True, slots=True)
class UpdateIdDocument(Order):
    """Records a reminder to bring the new document. Refused: NotPossible document_for_life."""

    kind: ClassVar[str] = "update_id_document"


@dataclass(frozen=True, slots=True)
class ExerciseDataRights(Order):
    """`asked_for` is export, delete or withdraw (of `consent`).

    Refused: NotPossible consent_unknown, consent_required.
    """

    kind: ClassVar[str] = "exercise_data_rights"
    asked_for: str
    consent: str | None


@dataclass(frozen=True, slots=True)
class UnbindWechat(Order):
    """The half of the service bind_wechat that is an order: only in WeChat can a WeChat be bound.

    Ends the sessions that were opened from the WeChat too. Refused: NotPossible wechat_not_bound.
    """

    kind: ClassVar[str] = "bind_wechat"


class ProfileBank(Protocol):
    """Reading."""

    def profile(self, session: str) -> Profile:
        """Who the customer is to the bank."""

    def consents(self, session: str) -> tuple[Consent, ...]:
        """Those in force."""
