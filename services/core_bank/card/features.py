"""What a card is open for, until when it is valid, and how its PIN stands."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.card.tables import card_features
from services.core_bank.clock import bank_day
from services.core_bank.tables import accounts, cards

PIN_TRIES = 3
_VALID_YEARS = {"debit": 10, "credit": 5}


@dataclass(frozen=True)
class Features:
    """A row of `card_features`."""

    card_id: str
    expires_on: date
    overseas: bool
    cardless: bool
    pin_hash: str
    pin_failures: int


def list_features(conn: Connection, customer_id: str, now: datetime) -> list[dict[str, Any]]:
    query = sa.select(cards).join(accounts, accounts.c.id == cards.c.account_id)
    owned = conn.execute(query.where(cards.c.customer_id == customer_id).order_by(accounts.c.position)).all()
    return [_view(features_of(conn, card), bank_day(now)) for card in owned]


def features_of(conn: Connection, card: Row) -> Features:
    """Those of a row of `cards`."""
    query = sa.select(card_features).where(card_features.c.card_id == card.id)
    found = conn.execute(query).one_or_none()
    return Features(**found._mapping) if found is not None else _defaults(card)


def change(conn: Connection, card: Row, **values: Any) -> None:
    """Write features of a card."""
    changed = conn.execute(sa.update(card_features).where(card_features.c.card_id == card.id).values(**values))
    if changed.rowcount == 0:
        conn.execute(sa.insert(card_features).values(**{**asdict(_defaults(card)), **values}))


def valid_until(kind: str, issued_on: date) -> date:
    """The end of the month in which a card issued that day expires."""
    first_after = date(issued_on.year + _VALID_YEARS[kind] + issued_on.month // 12, issued_on.month % 12 + 1, 1)
    return first_after - timedelta(days=1)


def pin_state(features: Features) -> str:
    return "locked" if features.pin_failures >= PIN_TRIES else "set"


def _defaults(card: Row) -> Features:
    """A card nobody changed anything about: at home and on the net, not abroad, no PIN yet."""
    expires_on = valid_until(card.kind, bank_day(card.state_since))
    return Features(card.id, expires_on, overseas=False, cardless=True, pin_hash="", pin_failures=0)


def _view(features: Features, today: date) -> dict[str, Any]:
    return {
        "card_id": features.card_id,
        "expires_on": features.expires_on.isoformat(),
        "expired": features.expires_on < today,
        "overseas": features.overseas,
        "cardless": features.cardless,
        "pin": pin_state(features),
    }
