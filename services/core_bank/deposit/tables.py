"""What a time deposit's account does not say: its rate and its term."""

import sqlalchemy as sa

from services.core_bank.tables import metadata

time_deposits = sa.Table(
    "time_deposits",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("annual_rate", sa.Text, nullable=False),
    sa.Column("months", sa.Integer, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
)
