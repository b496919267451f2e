"""What the demo customers' cards are open for, and the new cards on their way."""

import secrets
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.card import features, pins
from services.core_bank.card.tables import card_features, card_orders
from services.core_bank.clock import bank_day
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import cards

DEMO_PIN = "246813"
_OVERSEAS = ("zhangwei/8812",)
_PIN_LOCKED = ("wangfang/2255",)
# the card that a new one was made for, why, how many days ago, where it went
_ORDERS = (
    ("wangfang/2255", "damaged", 3, "上海市静安区南京西路1266号1202室"),
    ("chenchen/4477", "new", 6, "杭州市西湖区文三路90号5幢301室"),
)


def seed(conn: Connection, now: datetime, account_ids: dict[str, str]) -> None:
    keys = {account_id: key for key, account_id in account_ids.items()}
    found = conn.execute(sa.select(cards).where(cards.c.account_id.in_(list(keys)))).all()
    owned = {keys[card.account_id]: card for card in found}
    today = bank_day(now)
    pin_hash = pins.demo_pin_hash(DEMO_PIN)
    rows = [
        {
            "card_id": card.id,
            "expires_on": features.valid_until(card.kind, _issued_on(today, position)),
            "overseas": key in _OVERSEAS,
            "cardless": True,
            "pin_hash": pin_hash,
            "pin_failures": features.PIN_TRIES if key in _PIN_LOCKED else 0,
        }
        for position, (key, card) in enumerate(sorted(owned.items()))
    ]
    conn.execute(sa.insert(card_features), rows)
    orders = [
        {
            "order_no": new_receipt_number("KD", now - timedelta(days=days)),
            "card_id": owned[key].id,
            "reason": reason,
            "address": address,
            "fee_fen": 0,
            "tracking_no": f"SF{secrets.token_hex(5).upper()}",
            "ordered_at": now - timedelta(days=days),
        }
        for key, reason, days, address in _ORDERS
    ]
    conn.execute(sa.insert(card_orders), orders)


def _issued_on(today: date, position: int) -> date:
    return today - timedelta(days=400 + 30 * position)
