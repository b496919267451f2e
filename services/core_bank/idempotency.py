"""Idempotency-Key: an effect happens once, and its answer can be asked for again.

The key is marked as in flight in a transaction of its own; the answer is written by the very transaction that has the
effect. The owner column fences: after a take-over the first owner cannot complete any more, so its effect rolls back.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock
from services.core_bank.bank import Bank, Caller
from services.core_bank.errors import BankError
from services.core_bank.tables import idempotency_keys as keys

TAKE_OVER_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Operation:
    """One keyed request: POST `path`, whose body must be empty ({} or none: the path says it all)."""

    key: str
    path: str
    body: Any = None

    def fingerprint(self) -> str:
        canonical = json.dumps({} if self.body is None else self.body, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"POST {self.path}\n{canonical}".encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """The stored status and JSON text of a success."""

    status: int
    body: str


def check_key(key: str | None) -> str:
    """Raises idempotency_key_missing, idempotency_key_invalid."""
    if key is None:
        raise BankError("idempotency_key_missing")
    if not 1 <= len(key) <= 255 or not all(" " <= character <= "~" for character in key):
        raise BankError("idempotency_key_invalid")
    return key


def run(bank: Bank, caller: Caller, operation: Operation, effect: Callable[[Connection], dict[str, Any]]) -> Answer:
    """Run `effect` once for (customer, key) and return its answer, now or again.

    Raises idempotency_key_invalid, idempotency_mismatch, idempotency_in_flight, validation_error (a body) and whatever
    `effect` refuses; a refusal leaves the key free.
    """
    key, owner = check_key(operation.key), secrets.token_hex(16)
    stored = bank.db.transact(lambda conn: _claim(conn, caller, key, operation.fingerprint(), owner))
    if stored is not None:
        return stored

    def complete(conn: Connection) -> Answer:
        if operation.body not in (None, {}):
            raise BankError("validation_error", {"fields": ["body"]})
        answer = Answer(200, json.dumps(effect(conn), ensure_ascii=False, separators=(",", ":")))
        _complete(conn, caller, key, owner, answer)
        return answer

    try:
        return bank.db.transact(complete)
    except Exception:
        # Only an unfinished mark of ours goes: had the commit in fact succeeded, the row would hold the answer.
        bank.db.transact(lambda conn: _release(conn, caller, key, owner))
        raise


def _row(caller: Caller, key: str) -> Any:
    return sa.and_(keys.c.customer_id == caller.customer_id, keys.c.key == key)


def _claim(conn: Connection, caller: Caller, key: str, fingerprint: str, owner: str) -> Answer | None:
    now = clock.now(conn, caller.world_id)
    mark = {"customer_id": caller.customer_id, "key": key, "fingerprint": fingerprint, "owner": owner, "now": now}
    inserted = conn.execute(
        sa.text(
            "INSERT INTO idempotency_keys (customer_id, key, fingerprint, owner, started_at)"
            " VALUES (:customer_id, :key, :fingerprint, :owner, :now) ON CONFLICT DO NOTHING"
        ).bindparams(sa.bindparam("now", type_=keys.c.started_at.type)),
        mark,
    )
    if inserted.rowcount == 1:
        return None
    row = conn.execute(sa.select(keys).where(_row(caller, key)).with_for_update()).one_or_none()
    if row is None or (
        row.status is None and row.fingerprint == fingerprint and now - row.started_at < TAKE_OVER_AFTER
    ):
        raise BankError("idempotency_in_flight")  # gone between the two statements: its owner is just leaving
    if row.fingerprint != fingerprint:
        raise BankError("idempotency_mismatch")
    if row.status is not None:
        return Answer(row.status, row.body)
    _take_over(conn, caller, key, row, owner, now)
    return None


def _take_over(conn: Connection, caller: Caller, key: str, row: Row, owner: str, now: Any) -> None:
    taken = conn.execute(
        sa.update(keys)
        .where(_row(caller, key), keys.c.owner == row.owner, keys.c.status.is_(None))
        .values(owner=owner, started_at=now)
    )
    if taken.rowcount != 1:
        raise BankError("idempotency_in_flight")


def _complete(conn: Connection, caller: Caller, key: str, owner: str, answer: Answer) -> None:
    completed = conn.execute(
        sa.update(keys)
        .where(_row(caller, key), keys.c.owner == owner, keys.c.status.is_(None))
        .values(status=answer.status, body=answer.body)
    )
    if completed.rowcount != 1:
        raise BankError("idempotency_in_flight")


def _release(conn: Connection, caller: Caller, key: str, owner: str) -> None:
    conn.execute(sa.delete(keys).where(_row(caller, key), keys.c.owner == owner, keys.c.status.is_(None)))
