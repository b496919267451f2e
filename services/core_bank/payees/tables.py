"""Account numbers: of our own accounts, and those that customers typed for a payee to be added."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

account_numbers = sa.Table(
    "account_numbers",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.UniqueConstraint("world_id", "number"),
)

# Outside the core only `reference` is known, which says nothing and is worth nothing to another session.
typed_numbers = sa.Table(
    "typed_numbers",
    metadata,
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),  # encrypted: what another bank needs to be paid
    sa.Column("digest", sa.Text, nullable=False),  # keyed: the same number gives the same
    sa.Column("tail", sa.Text, nullable=False),
    sa.Column("bank", sa.Text),  # null: no bank that we know
    sa.Column("account_id", sa.ForeignKey("accounts.id")),  # at our own bank
    sa.Column("typed_at", UtcDateTime, nullable=False),
    sa.Column("payee_id", sa.ForeignKey("payees.id")),  # the payee it became
)
