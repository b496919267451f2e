"""Draft rows: reading, locking, guarded state moves, and the view of them."""

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, sessions
from services.core_bank.drafts import KINDS
from services.core_bank.drafts.order import as_lines
from services.core_bank.errors import BankError
from services.core_bank.tables import challenges, customers, drafts

OPEN_STATES = ("DRAFT", "CHALLENGED", "AUTHORISED")


def get(conn: Connection, draft_id: str, customer_id: str | None, lock: bool = False) -> Row:
    """Raises draft_not_found. `customer_id` None is the bank's own view (operators)."""
    query = sa.select(drafts).where(drafts.c.id == draft_id)
    if customer_id is not None:
        query = query.where(drafts.c.customer_id == customer_id)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise BankError("draft_not_found")
    return row


def newest(conn: Connection, customer_id: str, kind: str | None, limit: int) -> list[Row]:
    query = sa.select(drafts).where(drafts.c.customer_id == customer_id)
    if kind is not None:
        query = query.where(drafts.c.kind == kind)
    rows: list[Row] = conn.execute(query.order_by(drafts.c.created_at.desc(), drafts.c.id).limit(limit)).all()
    return rows


def state_of(draft: Row, now: datetime) -> str:
    """The stored state, but EXPIRED once an open draft has outlived its time."""
    expired = draft.state in OPEN_STATES and now >= draft.expires_at
    return "EXPIRED" if expired else str(draft.state)


def require_state(draft: Row, now: datetime, *allowed: str) -> None:
    """Raises draft_expired, risk_refused, draft_closed."""
    state = state_of(draft, now)
    if state in allowed:
        return
    if state == "EXPIRED":
        raise BankError("draft_expired")
    if state == "REFUSED":
        raise BankError("risk_refused")
    raise BankError("draft_closed", {"state": state})


def move(conn: Connection, draft_id: str, expected: str, state: str, **values: Any) -> None:
    """Raises draft_closed when the draft is no longer in the expected state."""
    moved = conn.execute(
        sa.update(drafts).where(drafts.c.id == draft_id, drafts.c.state == expected).values(state=state, **values)
    )
    if moved.rowcount != 1:
        actual = conn.execute(sa.select(drafts.c.state).where(drafts.c.id == draft_id)).scalar_one()
        raise BankError("draft_closed", {"state": actual})


def digest(draft: Row) -> str:
    """SHA-256 over everything the customer agrees to; a one-time code is bound to it."""
    canonical = json.dumps([draft.kind, draft.payload, draft.canonical_text], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def risk_question_open(draft: Row) -> bool:
    return draft.risk != "blue" and not draft.risk_answered and draft.state == "DRAFT"


def view(conn: Connection, draft: Row) -> dict[str, Any]:
    """The Draft of openapi.yml, JSON-ready."""
    now = clock.now(conn, draft.world_id)
    state = state_of(draft, now)
    kind = KINDS[draft.kind]
    sections = {other.section: None for other in KINDS.values()}
    return {
        "id": draft.id,
        "kind": draft.kind,
        "state": state,
        "canonical_text": draft.canonical_text,
        "needs_code": kind.needs_code,
        "risk": draft.risk,
        "risk_reasons": draft.risk_reasons,
        "risk_question_open": risk_question_open(draft) and state == "DRAFT",
        "created_at": clock.iso(draft.created_at),
        "expires_at": clock.iso(draft.expires_at),
        **sections,
        kind.section: kind.describe(conn, draft),
        "challenge": _challenge(conn, draft) if state == "CHALLENGED" else None,
        "result": _result(draft),
    }


def _challenge(conn: Connection, draft: Row) -> dict[str, Any] | None:
    row = conn.execute(
        sa.select(challenges.c.expires_at, customers.c.phone)
        .join(customers, customers.c.id == challenges.c.customer_id)
        .where(challenges.c.draft_id == draft.id, challenges.c.state == "OPEN")
    ).one_or_none()
    if row is None:
        return None
    return {
        "sent_to": sessions.mask_phone(row.phone),
        "expires_at": clock.iso(row.expires_at),
        "tries_left": draft.tries_left,
    }


def _result(draft: Row) -> dict[str, Any] | None:
    if draft.receipt_no is None:
        return None
    lines = as_lines(draft.result_lines)
    return {"receipt_no": draft.receipt_no, "posted_at": clock.iso(draft.posted_at), "lines": lines}
