"""One-time links: only the hash of a token is stored."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

links = sa.Table(
    "links",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # SHA-256 of the token
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),  # what the page has to remember between its steps
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used", sa.Boolean, nullable=False, server_default=sa.false()),
)
