"""Contact data, identity document, alerts, consents, requests under the law on personal information."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("employer", sa.Text),
    sa.Column("document_kind", sa.Text, nullable=False),
    sa.Column("document_masked", sa.Text, nullable=False),
    sa.Column("document_expires_on", sa.Date),  # null: valid for life
    sa.Column("document_reminder_on", sa.Date),
    sa.Column("alerts_on", sa.Boolean, nullable=False),
    sa.Column("alerts_from_fen", sa.BigInteger, nullable=False),
    sa.Column("phone_changed_at", UtcDateTime),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("consent", sa.Text, primary_key=True),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
)

data_requests = sa.Table(
    "data_requests",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("asked_for", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
)
