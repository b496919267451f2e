"""New cards on their way: made, posted, delivered, activated. The world's clock moves them."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.card.tables import card_orders
from services.core_bank.clock import bank_day, iso
from services.core_bank.tables import cards

MADE_AFTER = timedelta(days=2)
DELIVERED_AFTER = timedelta(days=5)


def list_orders(conn: Connection, customer_id: str, now: datetime) -> list[dict[str, Any]]:
    """Newest first."""
    query = sa.select(card_orders, cards.c.tail, cards.c.kind)
    query = query.join(cards, cards.c.id == card_orders.c.card_id).where(cards.c.customer_id == customer_id)
    return [_view(row, now) for row in conn.execute(query.order_by(card_orders.c.ordered_at.desc()))]


def open_order(conn: Connection, card_id: str) -> Row | None:
    """The new card of this card that is not activated yet."""
    query = sa.select(card_orders).where(card_orders.c.card_id == card_id, card_orders.c.activated_at.is_(None))
    return conn.execute(query).first()


def stage_at(order: Row, now: datetime) -> str:
    if order.activated_at is not None:
        return "activated"
    if now >= order.ordered_at + DELIVERED_AFTER:
        return "delivered"
    return "posted" if now >= order.ordered_at + MADE_AFTER else "making"


def _view(order: Row, now: datetime) -> dict[str, Any]:
    stage = stage_at(order, now)
    return {
        "order_no": order.order_no,
        "card_id": order.card_id,
        "card_kind": order.kind,
        "card_tail": order.tail,
        "address": order.address,
        "stage": stage,
        "ordered_at": iso(order.ordered_at),
        "expected_on": bank_day(order.ordered_at + DELIVERED_AFTER).isoformat(),
        "tracking_no": None if stage == "making" else order.tracking_no,
    }
