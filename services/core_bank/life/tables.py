"""What customers pay regularly: accounts at billers, and agreements by which bills are debited."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

bill_accounts = sa.Table(
    "bill_accounts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("biller", sa.Text, nullable=False),
    sa.Column("account_no", sa.Text, nullable=False),  # 户号, or the mobile number
    sa.Column("alias", sa.Text, nullable=False),
    sa.Column("owed_fen", sa.BigInteger),  # below zero: paid ahead; null: the biller does not say (mobile)
    sa.Column("bill_month", sa.Date),
    sa.CheckConstraint("category IN ('electricity', 'gas', 'water', 'mobile')"),
)

auto_debits = sa.Table(
    "auto_debits",
    metadata,
    sa.Column("bill_account_id", sa.ForeignKey("bill_accounts.id"), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("signed_at", UtcDateTime, nullable=False),
)
