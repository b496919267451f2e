"""Terms of loans, applications for them, and requests for help with payments."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

loans = sa.Table(
    "loans",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("annual_rate", sa.Text, nullable=False),
    sa.Column("months", sa.Integer, nullable=False),  # still to pay
    sa.Column("paid_to", sa.Date, nullable=False),
    sa.Column("due_day", sa.Integer, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("level_fen", sa.BigInteger, nullable=False),
)

loan_applications = sa.Table(
    "loan_applications",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("product_code", sa.Text, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("months", sa.Integer, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # received, reviewing, approved, declined
    sa.Column("applied_at", UtcDateTime, nullable=False),
)

hardship_requests = sa.Table(
    "hardship_requests",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("debt", sa.Text, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
)
