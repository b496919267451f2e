"""The double-entry ledger: the only code that changes a balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id, new_receipt_number
from services.core_bank.tables import accounts, postings, transactions

# Built once: a world of the sandbox posts a hundred transactions, and building statements would be half of its time.
_MOVE = (
    sa.update(accounts)
    .where(
        accounts.c.id == sa.bindparam("moved_id"),
        accounts.c.balance_fen + sa.bindparam("moved_fen") >= accounts.c.floor_fen,
    )
    .values(balance_fen=accounts.c.balance_fen + sa.bindparam("moved_fen"))
)
_BALANCE = sa.select(accounts.c.balance_fen, accounts.c.floor_fen).where(accounts.c.id == sa.bindparam("moved_id"))
_INSERT_POSTINGS = sa.insert(postings)
_INSERT_TRANSACTION = sa.insert(transactions)


@dataclass(frozen=True)
class Leg:
    """One posting to be: signed fen on an account, and whom the account's owner sees on the other side."""

    account_id: str
    amount_fen: int
    counterparty: str


@dataclass(frozen=True)
class Entry:
    """What is common to the legs. `payee_id` and `draft_id` only for transfers."""

    world_id: str
    kind: str
    summary: str
    posted_at: datetime
    payee_id: str | None = None
    draft_id: str | None = None


@dataclass(frozen=True)
class Movement:
    leg: Leg
    balance_after_fen: int


def lock_accounts(conn: Connection, account_ids: Iterable[str]) -> None:
    """Row locks in id order, so that crossing transfers cannot deadlock (a no-op on SQLite: one writer)."""
    ids = sorted(set(account_ids))
    conn.execute(sa.select(accounts.c.id).where(accounts.c.id.in_(ids)).order_by(accounts.c.id).with_for_update())


def move(conn: Connection, leg: Leg) -> Movement:
    """Change one balance. Raises insufficient_funds when it would fall below the account's floor."""
    changed = conn.execute(_MOVE, {"moved_id": leg.account_id, "moved_fen": leg.amount_fen})
    row = conn.execute(_BALANCE, {"moved_id": leg.account_id}).one()
    if changed.rowcount != 1:
        raise BankError("insufficient_funds", {"available_fen": row.balance_fen - row.floor_fen})
    return Movement(leg, row.balance_fen)


def record(conn: Connection, entry: Entry, movements: Sequence[Movement]) -> str:
    """Write the postings, then the transaction that closes them. Returns the receipt number."""
    transaction_id = new_id("tx")
    receipt_no = new_receipt_number("ZG", entry.posted_at)
    conn.execute(
        _INSERT_POSTINGS,
        [
            {
                "transaction_id": transaction_id,
                "account_id": movement.leg.account_id,
                "amount_fen": movement.leg.amount_fen,
                "balance_after_fen": movement.balance_after_fen,
                "counterparty": movement.leg.counterparty,
                "summary": entry.summary,
                "posted_at": entry.posted_at,
            }
            for movement in movements
        ],
    )
    conn.execute(
        _INSERT_TRANSACTION,
        {
            "id": transaction_id,
            "world_id": entry.world_id,
            "kind": entry.kind,
            "legs": len(movements),
            "posted_at": entry.posted_at,
            "receipt_no": receipt_no,
            "payee_id": entry.payee_id,
            "draft_id": entry.draft_id,
        },
    )
    return receipt_no


def post(conn: Connection, entry: Entry, legs: Sequence[Leg]) -> str:
    """Move and record in one go, inside the caller's transaction. Returns the receipt number.

    Raises insufficient_funds; the database refuses legs that do not sum to zero.
    """
    movements: list[Movement] = [move(conn, leg) for leg in legs]
    return record(conn, entry, movements)
