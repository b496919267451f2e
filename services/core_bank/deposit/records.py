"""Reading time deposits."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.deposits import TimeDeposit
from services.core_bank.deposit.tables import time_deposits
from services.core_bank.tables import accounts


def list_deposits(conn: Connection, customer_id: str) -> list[dict[str, Any]]:
    """JSON-ready, in the order of the accounts."""
    rows = conn.execute(
        sa.select(accounts, time_deposits)
        .join(time_deposits, time_deposits.c.account_id == accounts.c.id)
        .where(accounts.c.customer_id == customer_id, accounts.c.state != "closed")
        .order_by(accounts.c.position)
    )
    return [_view(row) for row in rows]


def deposit_of(conn: Connection, account: Row) -> TimeDeposit:
    """The terms of a time deposit's account, with what is on it."""
    row = conn.execute(sa.select(time_deposits).where(time_deposits.c.account_id == account.id)).one()
    return TimeDeposit(account.balance_fen, Decimal(row.annual_rate), row.opened_on, row.months)


def lock_deposit(conn: Connection, account_id: str) -> None:
    """What another order is withdrawing of it is gone when this returns."""
    terms = sa.select(time_deposits.c.account_id).where(time_deposits.c.account_id == account_id)
    conn.execute(terms.with_for_update())


def _view(row: Row) -> dict[str, Any]:
    deposit = TimeDeposit(row.balance_fen, Decimal(row.annual_rate), row.opened_on, row.months)
    return {
        "account_id": row.account_id,
        "name": row.name,
        "principal_fen": row.balance_fen,
        "annual_rate": row.annual_rate,
        "months": row.months,
        "opened_on": row.opened_on.isoformat(),
        "matures_on": deposit.matures.isoformat(),
        "interest_fen": deposit.interest,
    }
