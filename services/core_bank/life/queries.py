"""Saved accounts at billers."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.mask import mask_phone
from services.core_bank.errors import not_possible
from services.core_bank.life.tables import bill_accounts

CATEGORIES = {"electricity": "电费", "gas": "燃气费", "water": "水费", "mobile": "话费"}
_SHOWN_TAIL = 4


def find(conn: Connection, customer_id: str, bill_account_id: str, lock: bool = False) -> Row:
    """Locked, it is also the lock of its agreement. Raises not_possible (bill_unknown)."""
    query = sa.select(bill_accounts).where(
        bill_accounts.c.customer_id == customer_id, bill_accounts.c.id == bill_account_id
    )
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise not_possible("bill_unknown", "没有找到这个缴费户号，请从已保存的户号里选一个。")
    return row


def shown_number(bill: Row) -> str:
    """A masked mobile number, or the last digits of the number at the biller."""
    if bill.category == "mobile":
        return mask_phone(bill.account_no)
    return f"尾号{bill.account_no[-_SHOWN_TAIL:]}"
