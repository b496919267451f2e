"""The daily transfer limit: one guarded counter per customer and bank day."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import risk
from services.core_bank.clock import bank_day
from services.core_bank.errors import BankError
from services.core_bank.tables import daily_totals

DAILY_FEN = 50_000_00


def used_today(conn: Connection, customer_id: str, now: datetime) -> int:
    used = conn.execute(
        sa.select(daily_totals.c.used_fen).where(
            daily_totals.c.customer_id == customer_id, daily_totals.c.bank_day == bank_day(now)
        )
    ).scalar_one_or_none()
    return used or 0


def check(conn: Connection, customer_id: str, amount_fen: int, now: datetime) -> None:
    """Raises limit_exceeded. Takes nothing: only `take` decides."""
    used_fen = used_today(conn, customer_id, now)
    if used_fen + amount_fen > DAILY_FEN:
        raise _exceeded(used_fen)


def take(conn: Connection, customer_id: str, amount_fen: int, now: datetime) -> None:
    """Use up part of today's limit. Raises limit_exceeded."""
    day = bank_day(now)
    conn.execute(
        sa.text(
            "INSERT INTO daily_totals (customer_id, bank_day, used_fen) VALUES (:customer_id, :day, 0)"
            " ON CONFLICT DO NOTHING"
        ).bindparams(sa.bindparam("day", type_=sa.Date)),
        {"customer_id": customer_id, "day": day},
    )
    taken = conn.execute(
        sa.update(daily_totals)
        .where(
            daily_totals.c.customer_id == customer_id,
            daily_totals.c.bank_day == day,
            daily_totals.c.used_fen + amount_fen <= DAILY_FEN,
        )
        .values(used_fen=daily_totals.c.used_fen + amount_fen)
    )
    if taken.rowcount != 1:
        raise _exceeded(used_today(conn, customer_id, now))


def describe(conn: Connection, customer_id: str, now: datetime) -> dict[str, Any]:
    used_fen = used_today(conn, customer_id, now)
    return {
        "single_review_fen": risk.SINGLE_REVIEW_FEN,
        "daily_fen": DAILY_FEN,
        "used_today_fen": used_fen,
        "remaining_today_fen": DAILY_FEN - used_fen,
        "new_payee_fen": risk.CAREFUL_FEN,
    }


def _exceeded(used_fen: int) -> BankError:
    return BankError("limit_exceeded", {"kind": "daily", "limit_fen": DAILY_FEN, "remaining_fen": DAILY_FEN - used_fen})
