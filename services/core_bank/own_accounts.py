"""Finding accounts: a customer's own of one kind, and the bank's own."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.errors import BankError
from services.core_bank.tables import accounts


def own_account(conn: Connection, customer_id: str, account_id: str, kind: str) -> Row:
    """Raises account_not_found, also for an account of another kind and for a closed one."""
    row = conn.execute(
        sa.select(accounts).where(
            accounts.c.customer_id == customer_id,
            accounts.c.id == account_id,
            accounts.c.kind == kind,
            accounts.c.state != "closed",
        )
    ).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    return row


def bank_account(conn: Connection, world_id: str, kind: str) -> str:
    """The id of the bank's own account of this kind in a world."""
    account_id: str = conn.execute(
        sa.select(accounts.c.id).where(accounts.c.world_id == world_id, accounts.c.kind == kind)
    ).scalar_one()
    return account_id


def shown(account: Row) -> str:
    """借记卡（尾号6789）"""
    return f"{account.name}（尾号{account.tail}）" if account.tail else str(account.name)
