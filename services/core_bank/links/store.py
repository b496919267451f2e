"""Links are made inside the transaction of the order that gives them, and burned by the page that serves them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, settings
from services.core_bank.identifiers import new_id
from services.core_bank.links.tables import links

LIFETIME = timedelta(minutes=15)
PATH = "/sandbox/once/"


def make(conn: Connection, draft: Row, purpose: str, now: datetime) -> str:
    """A link for the customer of a draft. Returns its address."""
    token = new_id("on")
    conn.execute(
        sa.insert(links).values(
            id=_digest(token),
            world_id=draft.world_id,
            customer_id=draft.customer_id,
            purpose=purpose,
            notes={},
            expires_at=now + LIFETIME,
        )
    )
    return f"{settings.public_url()}{PATH}{token}"


def find(conn: Connection, token: str, lock: bool = False) -> Row | None:
    """The link when it is good now; None for one that is unknown, used or too old."""
    query = sa.select(links).where(links.c.id == _digest(token), ~links.c.used)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    return row if row is not None and clock.now(conn, row.world_id) < row.expires_at else None


def note(conn: Connection, link: Row, notes: dict[str, Any]) -> None:
    conn.execute(sa.update(links).where(links.c.id == link.id).values(notes=notes))


def burn(conn: Connection, link: Row) -> bool:
    """Use the link up. False when somebody else did."""
    burned = conn.execute(sa.update(links).where(links.c.id == link.id, ~links.c.used).values(used=True))
    return bool(burned.rowcount == 1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
