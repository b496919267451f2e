"""The daily transfer limit: one guarded counter per customer and bank day."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import risk
from services.core_bank.clock import bank_day
from services.core_bank.errors import BankError
from services.core_bank.tables import daily_totals
from services.core_bank.transfers.tables import transfer_limits

DAILY_FEN = 50_000_00
"""Of customers who have chosen no limit of their own."""


def daily_fen(conn: Connection, customer_id: str) -> int:
    limit_fen: int = conn.execute(sa.select(_limit_of(customer_id))).scalar_one()
    return limit_fen


def used_today(conn: Connection, customer_id: str, now: datetime) -> int:
    used = conn.execute(
        sa.select(daily_totals.c.used_fen).where(
            daily_totals.c.customer_id == customer_id, daily_totals.c.bank_day == bank_day(now)
        )
    ).scalar_one_or_none()
    return used or 0


def check(conn: Connection, customer_id: str, amount_fen: int, now: datetime) -> None:
    """Raises limit_exceeded. Takes nothing: only `take` decides."""
    if used_today(conn, customer_id, now) + amount_fen > daily_fen(conn, customer_id):
        raise _exceeded(conn, customer_id, now)


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
            daily_totals.c.used_fen + amount_fen <= _limit_of(customer_id),
        )
        .values(used_fen=daily_totals.c.used_fen + amount_fen)
    )
    if taken.rowcount != 1:
        raise _exceeded(conn, customer_id, now)


def describe(conn: Connection, customer_id: str, now: datetime) -> dict[str, Any]:
    used_fen, limit_fen = used_today(conn, customer_id, now), daily_fen(conn, customer_id)
    return {
        "single_review_fen": risk.SINGLE_REVIEW_FEN,
        "daily_fen": limit_fen,
        "used_today_fen": used_fen,
        "remaining_today_fen": max(0, limit_fen - used_fen),
        "new_payee_fen": risk.CAREFUL_FEN,
    }


def _limit_of(customer_id: str) -> Any:
    chosen = sa.select(transfer_limits.c.daily_fen).where(transfer_limits.c.customer_id == customer_id)
    return sa.func.coalesce(chosen.scalar_subquery(), DAILY_FEN)


def _exceeded(conn: Connection, customer_id: str, now: datetime) -> BankError:
    limits = describe(conn, customer_id, now)
    details = {"kind": "daily", "limit_fen": limits["daily_fen"], "remaining_fen": limits["remaining_today_fen"]}
    return BankError("limit_exceeded", details)
