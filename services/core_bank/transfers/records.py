"""What became of a customer's transfers to others: those made, those that wait, those that were not made and why."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock
from services.core_bank.tables import accounts, drafts, payees, postings, transactions
from services.core_bank.transfers.tables import scheduled_runs, scheduled_transfers, transfer_recalls

View = dict[str, Any]

LATEST_ARRIVAL = timedelta(days=1)
"""At another bank; at ours it arrives at once."""

_OPEN = ("DRAFT", "CHALLENGED", "AUTHORISED")
_STATES = {"REVIEW": "review", "REJECTED": "failed", "REFUSED": "failed", "LOCKED": "failed"}


def recent(conn: Connection, customer_id: str, limit: int, now: datetime) -> list[View]:
    """Newest first."""
    found = [*_made(conn, customer_id, limit), *_drafted(conn, customer_id, limit, now)]
    found += _failed_runs(conn, customer_id, limit)
    found.sort(key=lambda view: view["at"], reverse=True)
    return [{**view, "at": clock.iso(view["at"])} for view in found[:limit]]


def scheduled(conn: Connection, customer_id: str) -> list[View]:
    """What is still to come, the next one first."""
    query = (
        sa.select(scheduled_transfers, *_PAYEE, accounts.c.tail.label("account_tail"))
        .join(payees, payees.c.id == scheduled_transfers.c.payee_id)
        .join(accounts, accounts.c.id == scheduled_transfers.c.account_id)
        .where(scheduled_transfers.c.customer_id == customer_id, scheduled_transfers.c.state == "active")
        .order_by(scheduled_transfers.c.next_on, scheduled_transfers.c.id)
    )
    return [
        {
            "id": row.id,
            "payee": _payee(row),
            "account_tail": row.account_tail,
            "amount_fen": row.amount_fen,
            "repeats": row.repeats,
            "next_on": row.next_on.isoformat(),
        }
        for row in conn.execute(query)
    ]


_PAYEE = (payees.c.name, payees.c.bank, payees.c.tail.label("payee_tail"), payees.c.internal)


def _payee(row: Row) -> View:
    return {"name": row.name, "bank": row.bank, "tail": row.payee_tail}


def _made(conn: Connection, customer_id: str, limit: int) -> list[View]:
    # The ledger itself says what was made, whoever asked for it.
    query = (
        sa.select(
            transactions.c.id,
            transactions.c.receipt_no,
            transactions.c.posted_at,
            postings.c.amount_fen,
            accounts.c.tail.label("account_tail"),
            transfer_recalls.c.recall_no,
            *_PAYEE,
        )
        .join(postings, postings.c.transaction_id == transactions.c.id)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .join(payees, payees.c.id == transactions.c.payee_id)
        .outerjoin(transfer_recalls, transfer_recalls.c.transaction_id == transactions.c.id)
        .where(accounts.c.customer_id == customer_id, postings.c.amount_fen < 0)
        .order_by(transactions.c.posted_at.desc(), transactions.c.id)
        .limit(limit)
    )
    return [
        _record(row, "done", row.posted_at, -row.amount_fen)
        | {"receipt_no": row.receipt_no, "recall_no": row.recall_no, "arrives_on": _arrival(row).isoformat()}
        for row in conn.execute(query)
    ]


def _arrival(row: Row) -> date:
    day = clock.bank_day(row.posted_at)
    return day if row.internal else day + LATEST_ARRIVAL


def _drafted(conn: Connection, customer_id: str, limit: int, now: datetime) -> list[View]:
    """Those that wait for their review, and those that died before they were made."""
    outlived = sa.and_(drafts.c.state.in_(_OPEN), drafts.c.expires_at <= now)
    query = (
        sa.select(drafts)
        .where(
            drafts.c.customer_id == customer_id,
            drafts.c.kind == "transfer",
            sa.or_(drafts.c.state.in_(_STATES), outlived),
        )
        .order_by(drafts.c.created_at.desc(), drafts.c.id)
        .limit(limit)
    )
    views = []
    for draft in conn.execute(query):
        payload, state = draft.payload, _STATES.get(draft.state, "failed")
        reason = draft.state.lower() if draft.state in _STATES else "expired"
        payee = {name: payload["payee"][name] for name in ("name", "bank", "tail")}
        views.append(
            _blank(draft.id, state, draft.created_at, payload["amount_fen"], payee, payload["from"]["tail"])
            | {"failure": reason if state == "failed" else None}
        )
    return views


def _failed_runs(conn: Connection, customer_id: str, limit: int) -> list[View]:
    query = (
        sa.select(scheduled_runs, scheduled_transfers.c.amount_fen, accounts.c.tail.label("account_tail"), *_PAYEE)
        .join(scheduled_transfers, scheduled_transfers.c.id == scheduled_runs.c.schedule_id)
        .join(payees, payees.c.id == scheduled_transfers.c.payee_id)
        .join(accounts, accounts.c.id == scheduled_transfers.c.account_id)
        .where(scheduled_transfers.c.customer_id == customer_id, scheduled_runs.c.failure.is_not(None))
        .order_by(scheduled_runs.c.ran_at.desc())
        .limit(limit)
    )
    return [
        _blank(f"{row.schedule_id}.{row.due_on}", "failed", row.ran_at, row.amount_fen, _payee(row), row.account_tail)
        | {"failure": row.failure, "scheduled_for": row.due_on.isoformat()}
        for row in conn.execute(query)
    ]


def _record(row: Row, state: str, at: datetime, amount_fen: int) -> View:
    return _blank(row.id, state, at, amount_fen, _payee(row), row.account_tail)


def _blank(identity: str, state: str, at: datetime, amount_fen: int, payee: View, account_tail: str) -> View:
    return {
        "id": identity,
        "state": state,
        "at": at,
        "amount_fen": amount_fen,
        "payee": payee,
        "account_tail": account_tail,
        "receipt_no": None,
        "arrives_on": None,
        "recall_no": None,
        "failure": None,
        "scheduled_for": None,
    }
