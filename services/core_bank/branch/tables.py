"""Appointments at branches."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

appointments = sa.Table(
    "appointments",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("branch_id", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("business", sa.Text, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("made_at", UtcDateTime, nullable=False),
    # Two customers cannot have the same half hour, whatever the code above does.
    sa.Index(
        "appointments_one_a_slot",
        "world_id",
        "branch_id",
        "day",
        "slot",
        unique=True,
        sqlite_where=sa.text("NOT cancelled"),
        postgresql_where=sa.text("NOT cancelled"),
    ),
)
