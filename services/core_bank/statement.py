"""A customer's transactions: filters, totals over the whole filter, pages by cursor."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import queries
from services.core_bank.clock import day_start, iso
from services.core_bank.errors import BankError
from services.core_bank.tables import accounts, postings, transactions


@dataclass(frozen=True)
class Filter:
    """Days are bank days, `until` is exclusive; `min_fen` and `max_fen` bound the unsigned amount."""

    account_id: str | None = None
    since: date | None = None
    until: date | None = None
    direction: str | None = None
    min_fen: int | None = None
    max_fen: int | None = None
    counterparty: str | None = None


def page(conn: Connection, customer_id: str, wanted: Filter, limit: int, cursor: str | None) -> dict[str, Any]:
    """Newest first. Raises account_not_found, validation_error (a cursor that is not ours)."""
    if wanted.account_id is not None:
        queries.get_account(conn, customer_id, wanted.account_id)
    matching = conditions(customer_id, wanted)
    query = _joined(
        sa.select(postings, accounts.c.tail.label("account_tail"), transactions.c.kind.label("transaction_kind"))
    ).where(*matching)
    if cursor is not None:
        posted_at, posting_id = _decode(cursor)
        query = query.where(
            sa.or_(
                postings.c.posted_at < posted_at,
                sa.and_(postings.c.posted_at == posted_at, postings.c.id < posting_id),
            )
        )
    rows = conn.execute(query.order_by(postings.c.posted_at.desc(), postings.c.id.desc()).limit(limit + 1)).all()
    return {
        "transactions": [_view(row) for row in rows[:limit]],
        "next_cursor": _encode(rows[limit - 1]) if len(rows) > limit else None,
        "totals": _totals(conn, matching),
    }


def _joined(query: Any) -> Any:
    return (
        query.select_from(postings)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .join(transactions, transactions.c.id == postings.c.transaction_id)
    )


def conditions(customer_id: str, wanted: Filter) -> list[Any]:
    amount = postings.c.amount_fen
    # An opening balance was carried over, not paid: it is in the ledger but in nobody's statement.
    conditions = [accounts.c.customer_id == customer_id, transactions.c.kind != "opening"]
    if wanted.account_id is not None:
        conditions.append(postings.c.account_id == wanted.account_id)
    if wanted.since is not None:
        conditions.append(postings.c.posted_at >= day_start(wanted.since))
    if wanted.until is not None:
        conditions.append(postings.c.posted_at < day_start(wanted.until))
    if wanted.direction is not None:
        conditions.append(amount > 0 if wanted.direction == "in" else amount < 0)
    if wanted.min_fen is not None:
        conditions.append(sa.func.abs(amount) >= wanted.min_fen)
    if wanted.max_fen is not None:
        conditions.append(sa.func.abs(amount) <= wanted.max_fen)
    if wanted.counterparty is not None:
        name = sa.func.lower(postings.c.counterparty)
        conditions.append(name.contains(wanted.counterparty.lower(), autoescape=True))
    return conditions


def _totals(conn: Connection, matching: list[Any]) -> dict[str, int]:
    amount = postings.c.amount_fen
    row = conn.execute(
        _joined(
            sa.select(
                sa.func.coalesce(sa.func.sum(sa.case((amount > 0, amount), else_=0)), 0).label("in_fen"),
                sa.func.coalesce(sa.func.sum(sa.case((amount < 0, -amount), else_=0)), 0).label("out_fen"),
                sa.func.count().label("entries"),
            )
        ).where(*matching)
    ).one()
    return {"in_fen": int(row.in_fen), "out_fen": int(row.out_fen), "count": row.entries}


def _view(row: Row) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "account_id": row.account_id,
        "account_tail": row.account_tail,
        "posted_at": iso(row.posted_at),
        "amount_fen": row.amount_fen,
        "balance_after_fen": row.balance_after_fen,
        "counterparty": row.counterparty,
        "summary": row.summary,
        "kind": row.transaction_kind,
    }


def _encode(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row.posted_at.isoformat()}|{row.id}".encode()).decode()


def _decode(cursor: str) -> tuple[datetime, int]:
    try:
        moment, posting_id = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        return datetime.fromisoformat(moment).astimezone(timezone.utc), int(posting_id)
    except (ValueError, binascii.Error) as error:
        raise BankError("validation_error", {"fields": ["cursor"]}) from error
