"""Sign-in tickets: only the hash of a ticket is stored, and a used one is gone."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

sign_in_tickets = sa.Table(
    "sign_in_tickets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # SHA-256 of the ticket
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
