"""Cards at the core bank, beyond freezing and loss: what they are open for, new ones, PINs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from banking.orders import Order

ReplacementReason = Literal["lost", "damaged"]
CardFeature = Literal["overseas", "cardless"]
PinState = Literal["set", "locked"]
CardStage = Literal["making", "posted", "delivered", "activated"]


@dataclass(frozen=True, slots=True)
class CardFeatures:
    """Until when a card is valid, whether it is open abroad and for paying without the card, how its PIN stands."""

    card_id: str
    expires_on: date
    expired: bool
    overseas: bool
    cardless: bool
    pin: PinState


@dataclass(frozen=True, slots=True)
class CardOrder:
    """A new card: being made, posted (then with its tracking number), delivered, activated."""

    order_no: str
    card_id: str
    card_kind: Literal["debit", "credit"]
    card_tail: str
    address: str
    stage: CardStage
    ordered_at: datetime
    expected_on: date
    tracking_no: str | None


@dataclass(frozen=True, slots=True)
class ReplaceCard(Order):
    """A new card of the same number, posted. The fee is taken from the card's account.

    Refused: CardNotFound, AccountRestricted, InsufficientFunds, NotPossible card_inactive, not_reported_lost,
    already_ordered, address_unclear.
    """

    kind: ClassVar[str] = "replace_card"
    card_id: str
    reason: ReplacementReason
    address: str


@dataclass(frozen=True, slots=True)
class ActivateCard(Order):
    """Start using a new card. Refused: CardNotFound, NotPossible already_active, not_delivered."""

    kind: ClassVar[str] = "activate_card"
    card_id: str


@dataclass(frozen=True, slots=True)
class SetOverseasUse(Order):
    """Open or close a card for use abroad or without the card.

    Refused: CardNotFound, CardStateConflict, NotPossible already_so.
    """

    kind: ClassVar[str] = "set_overseas_use"
    card_id: str
    feature: CardFeature
    on: bool


@dataclass(frozen=True, slots=True)
class ChangePin(Order):
    """A one-time link to the page that changes the PIN. Refused: CardNotFound, CardStateConflict, NotPossible
    pin_locked."""

    kind: ClassVar[str] = "change_pin"
    card_id: str


@dataclass(frozen=True, slots=True)
class ResetPin(Order):
    """A one-time link to the page that sets a forgotten PIN. Refused: CardNotFound, CardStateConflict."""

    kind: ClassVar[str] = "reset_pin"
    card_id: str


class CardBank(Protocol):
    """What can be read about cards."""

    def card_features(self, session: str) -> tuple[CardFeatures, ...]:
        """For every card, in the order of `cards`."""

    def card_orders(self, session: str) -> tuple[CardOrder, ...]:
        """New cards, the newest first."""
