"""What is scheduled, what became of it, what was recalled, and limits that customers chose."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

scheduled_transfers = sa.Table(
    "scheduled_transfers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("payee_id", sa.ForeignKey("payees.id"), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("repeats", sa.Text, nullable=False),
    sa.Column("next_on", sa.Date),  # null: nothing is to come
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("amount_fen > 0"),
    sa.CheckConstraint("repeats IN ('once', 'weekly', 'monthly')"),
    sa.CheckConstraint("state IN ('active', 'finished', 'cancelled')"),
    sa.CheckConstraint("(state = 'active') = (next_on IS NOT NULL)"),
    sa.Index("scheduled_transfers_by_customer", "customer_id", "next_on"),
    sa.Index("scheduled_transfers_by_world", "world_id", "next_on"),
)

# The key makes a day's transfer happen once: it is written by the transaction that moves the money.
scheduled_runs = sa.Table(
    "scheduled_runs",
    metadata,
    sa.Column("schedule_id", sa.ForeignKey("scheduled_transfers.id"), primary_key=True),
    sa.Column("due_on", sa.Date, primary_key=True),
    sa.Column("ran_at", UtcDateTime, nullable=False),
    sa.Column("receipt_no", sa.Text, unique=True),  # null: it failed
    sa.Column("failure", sa.Text),  # the code of the refusal
    sa.CheckConstraint("(receipt_no IS NULL) <> (failure IS NULL)"),
)

transfer_recalls = sa.Table(
    "transfer_recalls",
    metadata,
    sa.Column("recall_no", sa.Text, primary_key=True),
    sa.Column("transaction_id", sa.ForeignKey("transactions.id"), nullable=False, unique=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
)

transfer_limits = sa.Table(
    "transfer_limits",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("daily_fen", sa.BigInteger, nullable=False),
    sa.CheckConstraint("daily_fen > 0"),
)
