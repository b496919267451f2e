"""One table for everything that somebody at the bank has to look after."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("ticket_no", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), index=True),  # null: left by a visitor
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("promised_by", UtcDateTime, nullable=False),
    sa.Column("request_key", sa.Text, unique=True),  # of visitors: a repeated request finds its ticket
    sa.Index("tickets_by_moment", "world_id", "opened_at"),
)
