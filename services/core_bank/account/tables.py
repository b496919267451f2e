"""Documents with their one-time links, and money held on accounts."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("verification_no", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("link_hash", sa.Text, nullable=False, unique=True),  # SHA-256 of the token: a dump opens no document
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("fetched_at", UtcDateTime),
)

# An active hold is part of its account's floor, which the ledger and the database keep.
holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("placed_at", UtcDateTime, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("released", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("amount_fen > 0"),
)
