"""The life of a draft: create, answer the risk question, confirm, cancel, review."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, codes, idempotency
from services.core_bank.bank import Bank, Caller, write_audit
from services.core_bank.crash import crash_point
from services.core_bank.drafts import KINDS, store
from services.core_bank.drafts.base import Applicant
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id
from services.core_bank.tables import drafts

LIFETIME = timedelta(minutes=10)


def create(bank: Bank, caller: Caller, request: Any) -> dict[str, Any]:
    """`request` is the Request of a kind. Raises draft_not_found, draft_closed (of `replaces`), the kind's errors."""

    def work(conn: Connection) -> dict[str, Any]:
        now = clock.now(conn, caller.world_id)
        if request.replaces is not None:
            _replace(conn, caller, request.replaces)
        applicant = Applicant(caller.world_id, caller.customer_id, now, caller.session_id)
        proposal = KINDS[request.kind].prepare(conn, applicant, request)
        draft_id = new_id("dr")
        conn.execute(
            sa.insert(drafts).values(
                id=draft_id,
                world_id=caller.world_id,
                customer_id=caller.customer_id,
                kind=request.kind,
                state="DRAFT",
                payload=proposal.payload,
                canonical_text=proposal.canonical_text,
                risk=proposal.risk.level,
                risk_reasons=proposal.risk.reasons,
                tries_left=codes.TRIES,
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
        return _view(conn, draft_id)

    return bank.db.transact(work)


def get(bank: Bank, caller: Caller, draft_id: str) -> dict[str, Any]:
    """Raises draft_not_found."""
    with bank.db.read() as conn:
        return store.view(conn, store.get(conn, draft_id, caller.customer_id))


def newest(bank: Bank, caller: Caller, kind: str | None = None, limit: int = 10) -> list[dict[str, Any]]:
    with bank.db.read() as conn:
        return [store.view(conn, draft) for draft in store.newest(conn, caller.customer_id, kind, limit)]


def answer_risk(bank: Bank, caller: Caller, draft_id: str, suspicious: bool) -> dict[str, Any]:
    """Raises draft_not_found, draft_closed, draft_expired, risk_refused; validation_error when nothing was asked."""

    def work(conn: Connection) -> dict[str, Any]:
        draft = store.get(conn, draft_id, caller.customer_id, lock=True)
        store.require_state(draft, clock.now(conn, caller.world_id), *store.OPEN_STATES)
        if draft.risk == "blue":
            raise BankError("validation_error", {"fields": ["suspicious"]}, "this draft has no risk question")
        state = "REFUSED" if suspicious else draft.state
        store.move(conn, draft.id, draft.state, state, risk_answered=True)
        if suspicious:
            codes.kill(conn, draft.id)
        event = "risk_suspicious" if suspicious else "risk_cleared"
        write_audit(conn, caller.world_id, caller.customer_id, "customer", event, draft.id)
        return _view(conn, draft.id)

    return bank.db.transact(work)


def confirm(bank: Bank, caller: Caller, draft_id: str, key: str, body: Any = None) -> idempotency.Answer:
    """Execute a draft exactly once, authorised by a code where its kind needs one; hand a red one to review.

    Raises draft_not_found, draft_closed, draft_expired, risk_refused, code_required, the kind's errors and those of
    `idempotency.run`. A refusal changes nothing: the draft stays AUTHORISED and its code unburned.
    """

    def effect(conn: Connection) -> dict[str, Any]:
        draft = store.get(conn, draft_id, caller.customer_id, lock=True)
        now = clock.now(conn, caller.world_id)
        store.require_state(draft, now, *store.OPEN_STATES)
        if KINDS[draft.kind].needs_code:
            _use_code(conn, caller, draft)
        if draft.risk == "red":
            KINDS[draft.kind].check(conn, draft, now)
            write_audit(conn, draft.world_id, draft.customer_id, "customer", "draft_sent_to_review", draft.id)
            store.move(conn, draft.id, draft.state, "REVIEW")
        else:
            _execute(conn, draft, "customer")
        view = _view(conn, draft.id)
        crash_point("before_commit")
        return view

    operation = idempotency.Operation(key, f"/v1/drafts/{draft_id}/confirm", body)
    answer = idempotency.run(bank, caller, operation, effect)
    crash_point("after_commit")
    return answer


def cancel(bank: Bank, caller: Caller, draft_id: str) -> dict[str, Any]:
    """Raises draft_not_found, draft_closed, draft_expired, risk_refused."""

    def work(conn: Connection) -> dict[str, Any]:
        _cancel(conn, caller, draft_id)
        return _view(conn, draft_id)

    return bank.db.transact(work)


def review(bank: Bank, draft_id: str, approve: bool, reviewer: str) -> dict[str, Any]:
    """A second person decides on a red draft; approval makes every check again.

    Raises draft_not_found, draft_closed and the kind's errors (then the draft stays in REVIEW).
    """

    def work(conn: Connection) -> dict[str, Any]:
        draft = store.get(conn, draft_id, None, lock=True)
        store.require_state(draft, clock.now(conn, draft.world_id), "REVIEW")
        actor = f"operator:{reviewer}"
        if approve:
            _execute(conn, draft, actor)
        else:
            write_audit(conn, draft.world_id, draft.customer_id, actor, "draft_rejected", draft.id)
            store.move(conn, draft.id, "REVIEW", "REJECTED")
        return _view(conn, draft.id)

    return bank.db.transact(work)


def _execute(conn: Connection, draft: Row, actor: str) -> None:
    receipt = KINDS[draft.kind].execute(conn, draft, clock.now(conn, draft.world_id))
    crash_point("before_audit")
    write_audit(conn, draft.world_id, draft.customer_id, actor, f"{draft.kind}_done", draft.id)
    store.move(
        conn,
        draft.id,
        draft.state,
        "DONE",
        receipt_no=receipt.receipt_no,
        posted_at=receipt.posted_at,
        result_lines=receipt.lines,
    )


def _use_code(conn: Connection, caller: Caller, draft: Row) -> None:
    if draft.state != "AUTHORISED":
        raise BankError("code_required")
    codes.burn(conn, caller, draft)


def _cancel(conn: Connection, caller: Caller, draft_id: str) -> None:
    draft = store.get(conn, draft_id, caller.customer_id, lock=True)
    store.require_state(draft, clock.now(conn, caller.world_id), *store.OPEN_STATES, "REVIEW")
    codes.kill(conn, draft.id)
    store.move(conn, draft.id, draft.state, "CANCELLED")


def _replace(conn: Connection, caller: Caller, draft_id: str) -> None:
    """Cancel what is still alive; a draft that died by itself needs nothing, one that is done can not be replaced."""
    draft = store.get(conn, draft_id, caller.customer_id, lock=True)
    state = store.state_of(draft, clock.now(conn, caller.world_id))
    if state == "DONE":
        raise BankError("draft_closed", {"state": state})
    if state in (*store.OPEN_STATES, "REVIEW"):
        _cancel(conn, caller, draft_id)


def _view(conn: Connection, draft_id: str) -> dict[str, Any]:
    return store.view(conn, store.get(conn, draft_id, None))
