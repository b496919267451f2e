"""Tickets: made when the password was right, good once, for a short time, for one channel."""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, sessions
from services.core_bank.bank import Bank
from services.core_bank.errors import BankError
from services.core_bank.sign_in.tables import sign_in_tickets
from services.core_bank.tables import customers, world_names

LIFETIME = timedelta(seconds=120)


def make(conn: Connection, customer: Row, channel: str) -> str:
    """Returns the ticket, 256 random bits; tickets that nobody came with are cleared away."""
    now = clock.now(conn, customer.world_id)
    stale = sa.and_(sign_in_tickets.c.world_id == customer.world_id, sign_in_tickets.c.expires_at <= now)
    conn.execute(sa.delete(sign_in_tickets).where(stale))
    ticket = secrets.token_urlsafe(32)
    conn.execute(
        sa.insert(sign_in_tickets).values(
            id=digest(ticket),
            world_id=customer.world_id,
            customer_id=customer.id,
            channel=channel,
            expires_at=now + LIFETIME,
        )
    )
    return ticket


def redeem(bank: Bank, ticket: str, channel: str) -> sessions.SignIn:
    """Use the ticket up and open a session, both or neither. Raises ticket_invalid, for whatever reason."""
    return bank.db.transact(lambda conn: sessions.open_session(bank, conn, burn(conn, ticket, channel)))


def burn(conn: Connection, ticket: str, channel: str) -> Row:
    """Use the ticket up. Returns the row of its customer. Raises ticket_invalid."""
    # The join drops tickets of worlds that were deleted or reset since.
    query = (
        sa.select(customers, sign_in_tickets.c.expires_at)
        .join(sign_in_tickets, sign_in_tickets.c.customer_id == customers.c.id)
        .join(world_names, world_names.c.world_id == sign_in_tickets.c.world_id)
        .where(sign_in_tickets.c.id == digest(ticket), sign_in_tickets.c.channel == channel)
    )
    found = conn.execute(query).one_or_none()
    if found is None or clock.now(conn, found.world_id) >= found.expires_at:
        raise BankError("ticket_invalid")
    burned = conn.execute(sa.delete(sign_in_tickets).where(sign_in_tickets.c.id == digest(ticket)))
    if burned.rowcount != 1:  # another request was faster (PostgreSQL)
        raise BankError("ticket_invalid")
    return found


def digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
