"""Tables of credit cards beside accounts and cards: bills, instalments, points, rewards, applications."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

credit_cards = sa.Table(
    "credit_cards",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("bill_day", sa.Integer, nullable=False),
    sa.Column("billed_on", sa.Date, nullable=False),  # of the bill in accounts.bill_fen
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("bill_day_changed_on", sa.Date),
    sa.Column("limit_raised_on", sa.Date),
    sa.Column("temporary_fen", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("temporary_until", sa.Date),  # the last day
    sa.Column("autopay_share", sa.Text),
    sa.Column("autopay_account_id", sa.ForeignKey("accounts.id")),
    sa.Column("fee_waived_on", sa.Date),
    sa.Column("closing_no", sa.Text, unique=True),  # a request to close the card, for a person to carry out
    sa.Column("closing_asked_at", UtcDateTime),
    sa.CheckConstraint("autopay_share IN ('full', 'minimum')"),
    sa.CheckConstraint("temporary_fen >= 0"),
)

# The key makes autopay pay a bill once: it is written by the transaction that moves the money.
autopay_runs = sa.Table(
    "autopay_runs",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("billed_on", sa.Date, primary_key=True),
    sa.Column("receipt_no", sa.Text, unique=True),  # null: there was nothing to pay, or it was set on the day or later
)

instalment_plans = sa.Table(
    "instalment_plans",
    metadata,
    sa.Column("plan_no", sa.Text, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("billed_on", sa.Date, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("periods", sa.Integer, nullable=False),
    sa.Column("fee_rate", sa.Text, nullable=False),  # a decimal, per period and on the original amount
    sa.Column("first_due", sa.Date, nullable=False),
    sa.UniqueConstraint("account_id", "billed_on"),  # one bill, one plan
)

point_lots = sa.Table(
    "point_lots",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),  # the last day
    sa.CheckConstraint("points >= 0"),
)

rewards = sa.Table(
    "rewards",
    metadata,
    sa.Column("world_id", sa.ForeignKey("worlds.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("stock", sa.Integer, nullable=False),
    sa.Column("value_fen", sa.BigInteger, nullable=False),
    sa.CheckConstraint("stock >= 0"),
    sa.CheckConstraint("kind IN ('post', 'phone', 'annual_fee', 'cash_back')"),
)

redemptions = sa.Table(
    "redemptions",
    metadata,
    sa.Column("redemption_no", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("reward_name", sa.Text, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("redeemed_at", UtcDateTime, nullable=False),
)

card_applications = sa.Table(
    "card_applications",
    metadata,
    sa.Column("application_no", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("applied_on", sa.Date, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.CheckConstraint("state IN ('received', 'reviewing', 'approved', 'declined')"),
)
