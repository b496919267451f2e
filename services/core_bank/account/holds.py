"""Money held on an account up to and including a day: it stays, and cannot leave before.

A hold raises the floor of its account, so nothing that moves money has to know of holds.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import clock
from services.core_bank.account.tables import holds
from services.core_bank.bank import Bank, Caller
from services.core_bank.identifiers import new_id
from services.core_bank.tables import accounts


def place(conn: Connection, account_id: str, amount_fen: int, reason: str, now: datetime, last_day: date) -> None:
    """The caller has checked, under a lock, that the account holds as much above its floor."""
    conn.execute(
        sa.insert(holds).values(
            id=new_id("ho"),
            account_id=account_id,
            amount_fen=amount_fen,
            reason=reason,
            placed_at=now,
            last_day=last_day,
        )
    )
    _raise_floor(conn, account_id, amount_fen)


def release_due(conn: Connection, customer_id: str, now: datetime) -> None:
    """End the holds whose last day is over."""
    for hold in conn.execute(_active(customer_id).where(holds.c.last_day < clock.bank_day(now))).all():
        ended = conn.execute(
            sa.update(holds).where(holds.c.id == hold.id, holds.c.released.is_(False)).values(released=True)
        )
        if ended.rowcount == 1:
            _raise_floor(conn, hold.account_id, -hold.amount_fen)


def release_before_reading(bank: Bank, caller: Caller) -> None:
    """Readers see holds end on time; without one that is due nothing is written."""
    with bank.db.read() as conn:
        now = clock.now(conn, caller.world_id)
        due = conn.execute(_active(caller.customer_id).where(holds.c.last_day < clock.bank_day(now))).first()
    if due is not None:
        bank.db.transact(lambda writing: release_due(writing, caller.customer_id, now))


def active(conn: Connection, customer_id: str) -> list[dict[str, Any]]:
    """Oldest first."""
    return [
        {
            "account_id": hold.account_id,
            "amount_fen": hold.amount_fen,
            "reason": hold.reason,
            "last_day": hold.last_day.isoformat(),
        }
        for hold in conn.execute(_active(customer_id).order_by(holds.c.placed_at))
    ]


def _active(customer_id: str) -> Any:
    return (
        sa.select(holds)
        .join(accounts, accounts.c.id == holds.c.account_id)
        .where(accounts.c.customer_id == customer_id, holds.c.released.is_(False))
    )


def _raise_floor(conn: Connection, account_id: str, amount_fen: int) -> None:
    raised = accounts.c.floor_fen + amount_fen
    conn.execute(sa.update(accounts).where(accounts.c.id == account_id).values(floor_fen=raised))
