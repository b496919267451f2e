"""Full numbers of the demo bank's debit accounts, made from their tails."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from chinese.digit_groups import is_luhn
from services.core_bank.payees.tables import account_numbers

_PREFIX = "62918800000000"


def demo_number(tail: str) -> str:
    """19 digits that end in `tail`; the digit before it makes the check digit right."""
    return next(number for digit in range(10) if is_luhn(number := f"{_PREFIX}{digit}{tail}"))


def seed(conn: Connection, world_id: str, account_ids: dict[str, str]) -> None:
    """`account_ids` by login/tail."""
    rows = [
        {"account_id": account_id, "world_id": world_id, "number": demo_number(tail)}
        for key, account_id in account_ids.items()
        if (tail := key.rpartition("/")[2]).isdigit()
    ]
    conn.execute(sa.insert(account_numbers), rows)
