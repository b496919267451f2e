"""A scheduled transfer of the demo bank that failed: 张伟's account 1122 did not hold enough on its day."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.clock import bank_day, day_start
from services.core_bank.identifiers import new_id
from services.core_bank.transfers.tables import scheduled_runs, scheduled_transfers

FAILED_DAYS_AGO = 3
FAILED_FEN = 5_000_00


def seed(
    conn: Connection,
    world_id: str,
    now: datetime,
    customer_ids: dict[str, str],
    account_ids: dict[str, str],
    payee_ids: dict[tuple[str, str], str],
) -> None:
    """One failed transfer to 王强 (建设银行)."""
    due_on, schedule_id = bank_day(now) - timedelta(days=FAILED_DAYS_AGO), new_id("st")
    conn.execute(
        sa.insert(scheduled_transfers).values(
            id=schedule_id,
            world_id=world_id,
            customer_id=customer_ids["zhangwei"],
            account_id=account_ids["zhangwei/1122"],
            payee_id=payee_ids["zhangwei", "7788"],
            amount_fen=FAILED_FEN,
            repeats="once",
            state="finished",
            created_at=day_start(due_on) - timedelta(days=5),
        )
    )
    ran_at = day_start(due_on) + timedelta(hours=9)
    run = {"schedule_id": schedule_id, "due_on": due_on, "ran_at": ran_at, "failure": "insufficient_funds"}
    conn.execute(sa.insert(scheduled_runs).values(**run))
