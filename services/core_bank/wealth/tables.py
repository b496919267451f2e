"""Holdings, money on its way back from redemptions, results of the risk questionnaire."""

import sqlalchemy as sa

from services.core_bank.tables import UtcDateTime, metadata

wealth_holdings = sa.Table(
    "wealth_holdings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("product_code", sa.Text, nullable=False),
    sa.Column("shares", sa.Text, nullable=False),  # a decimal with two places; "0.00" once redeemed
    sa.Column("cost_fen", sa.BigInteger, nullable=False),
    sa.Column("bought_at", UtcDateTime, nullable=False),
    sa.Column("cooling_until", UtcDateTime),
)

wealth_redemptions = sa.Table(
    "wealth_redemptions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("world_id", sa.ForeignKey("worlds.id"), nullable=False),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("product_name", sa.Text, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("arrives_on", sa.Date, nullable=False),
    sa.Column("arrived", sa.Boolean, nullable=False, server_default=sa.false()),
)

risk_results = sa.Table(
    "risk_results",
    metadata,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("assessed_at", UtcDateTime, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
)
