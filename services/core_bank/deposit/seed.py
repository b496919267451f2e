"""The time deposit of the demo customer: one year, opened 160 days ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from finance.interest import add_months
from services.core_bank.clock import bank_day
from services.core_bank.deposit.tables import time_deposits
from services.core_bank.tables import accounts

RATE, MONTHS, DAYS_AGO = "0.0110", 12, 160


def seed(conn: Connection, now: datetime, account_ids: dict[str, str]) -> None:
    """After the accounts."""
    account_id = account_ids["zhangwei/time_deposit"]
    opened_on = bank_day(now) - timedelta(days=DAYS_AGO)
    conn.execute(
        sa.insert(time_deposits).values(account_id=account_id, annual_rate=RATE, months=MONTHS, opened_on=opened_on)
    )
    matures_on = add_months(opened_on, MONTHS)
    conn.execute(sa.update(accounts).where(accounts.c.id == account_id).values(matures_on=matures_on))
