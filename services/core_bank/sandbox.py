"""Sandbox worlds: private copies of the demo bank, their clocks, faults and what tests may look at."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from services.core_bank import clock, seed, sms
from services.core_bank.bank import Bank
from services.core_bank.credit_card import due as autopay_due
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id
from services.core_bank.tables import (
    accounts,
    cards,
    customers,
    drafts,
    postings,
    sign_in_failures,
    transactions,
    world_names,
    worlds,
)
from services.core_bank.transfers import due
from services.core_bank.wealth import due as wealth_due

DEMO_WORLD = "demo"


def create_world(bank: Bank, name: str | None = None, begins_at: str | None = None) -> str:
    """A fresh copy of the demo bank, in which it is `begins_at` now (ISO 8601 with an offset; else the real time).

    Returns its name. Raises world_exists, validation_error.
    """
    name = name or new_id("world")
    begins = clock.real_now() if begins_at is None else _parse_moment("begins_at", begins_at)

    def work(conn: Connection) -> None:
        conn.execute(sa.insert(world_names).values(name=name, world_id=_build(conn, begins)))

    try:
        bank.db.transact(work)
    except IntegrityError as error:
        raise BankError("world_exists") from error
    return name


def ensure_demo_world(bank: Bank) -> None:
    with bank.db.read() as conn:
        exists = conn.execute(sa.select(world_names.c.name).where(world_names.c.name == DEMO_WORLD)).first()
    if exists is None:
        create_world(bank, DEMO_WORLD)


def reset_world(bank: Bank, name: str) -> None:
    """Point the name at a new copy; the old ledger stays, nobody can reach it. Raises world_not_found."""

    def work(conn: Connection) -> None:
        find_world(conn, name)
        fresh = _build(conn, clock.real_now())
        conn.execute(sa.update(world_names).where(world_names.c.name == name).values(world_id=fresh))
        _forget_failures(conn, name)

    bank.db.transact(work)


def delete_world(bank: Bank, name: str) -> None:
    """Raises world_not_found."""

    def work(conn: Connection) -> None:
        find_world(conn, name)
        conn.execute(sa.delete(world_names).where(world_names.c.name == name))
        _forget_failures(conn, name)

    bank.db.transact(work)


def find_world(conn: Connection, name: str) -> str:
    """The id behind a name. Raises world_not_found."""
    world_id = conn.execute(sa.select(world_names.c.world_id).where(world_names.c.name == name)).scalar_one_or_none()
    if world_id is None:
        raise BankError("world_not_found")
    return str(world_id)


def set_fault(bank: Bank, name: str, kind: str, seconds: float) -> None:
    """Raises world_not_found."""
    bank.db.transact(lambda conn: _update_world(conn, name, fault=kind, fault_seconds=seconds))


def move_clock(bank: Bank, name: str, advance_seconds: int | None, moment: str | None) -> str:
    """Advance the world's clock or set it. Returns its new time. Raises world_not_found, validation_error."""
    if (advance_seconds is None) == (moment is None):
        raise BankError("validation_error", {"fields": ["advance_seconds", "set"]}, "give one of the two")

    def work(conn: Connection) -> str:
        world_id = find_world(conn, name)
        if moment is not None:
            offset_ms = clock.offset_ms(_parse_moment("set", moment))
        else:
            offset_ms = clock.offset_ms(clock.now(conn, world_id) + timedelta(seconds=advance_seconds or 0))
        _update_world(conn, name, clock_offset_ms=offset_ms)
        return clock.iso(clock.now(conn, world_id))

    moved = bank.db.transact(work)
    with bank.db.read() as conn:
        world_id = find_world(conn, name)
    due.settle_world(bank, world_id)
    wealth_due.settle_world(bank, world_id)
    autopay_due.settle_world(bank, world_id)
    return moved


def messages(bank: Bank, name: str, login: str | None = None) -> list[dict[str, Any]]:
    """Raises world_not_found."""
    with bank.db.read() as conn:
        return sms.messages(bank, conn, find_world(conn, name), login)


def snapshot(bank: Bank, name: str) -> dict[str, Any]:
    """Balances and card states by `login/tail`, the number of postings, the kinds of drafts carried out, oldest first.

    Raises world_not_found.
    """
    with bank.db.read() as conn:
        world_id = find_world(conn, name)
        owned = conn.execute(
            sa.select(accounts, customers.c.login)
            .join(customers, customers.c.id == accounts.c.customer_id)
            .where(accounts.c.world_id == world_id)
        ).all()
        held = conn.execute(
            sa.select(cards, customers.c.login)
            .join(customers, customers.c.id == cards.c.customer_id)
            .where(customers.c.world_id == world_id)
        ).all()
        count = conn.execute(
            sa.select(sa.func.count())
            .select_from(postings)
            .join(accounts, accounts.c.id == postings.c.account_id)
            .where(accounts.c.world_id == world_id)
        ).scalar_one()
        done = sa.select(drafts.c.kind).where(drafts.c.world_id == world_id, drafts.c.state == "DONE")
        orders = conn.execute(done.order_by(drafts.c.posted_at, drafts.c.created_at)).scalars().all()
    return {
        "accounts": _balances(owned),
        "cards": {f"{row.login}/{row.tail}": row.state for row in held},
        "postings": count,
        "orders": orders,
    }


def _balances(owned: list[Any]) -> dict[str, int]:
    """By `login/tail`; the deposits of a customer, which have no tail, are one sum."""
    balances: dict[str, int] = {}
    for row in owned:
        key = seed.key_of(row.login, row)
        balances[key] = balances.get(key, 0) + row.balance_fen
    return balances


def invariants(bank: Bank, world: str | None = None) -> dict[str, Any]:
    """What must hold at any moment, over the whole database or one world: total 0 and three empty lists of ids.

    A transaction between two worlds is unbalanced in both. Raises world_not_found.
    """
    with bank.db.read() as conn:
        within = sa.true() if world is None else accounts.c.world_id == find_world(conn, world)
        total = sa.select(sa.func.coalesce(sa.func.sum(accounts.c.balance_fen), 0)).where(within)
        wrong = {
            "unbalanced": _unbalanced(within),
            "mismatched": _mismatched(within),
            "negative": sa.select(accounts.c.id).where(within, accounts.c.balance_fen < accounts.c.floor_fen),
        }
        found = {name: conn.execute(query).scalars().all() for name, query in wrong.items()}
        return {"total_fen": int(conn.execute(total).scalar_one()), **found}


def _unbalanced(within: sa.sql.ColumnElement) -> sa.sql.Select:
    """Transactions with postings to these accounts that do not sum to zero there, or lack some."""
    legs = sa.select(
        postings.c.transaction_id, sa.func.sum(postings.c.amount_fen).label("fen"), sa.func.count().label("legs")
    )
    legs = legs.join(accounts, accounts.c.id == postings.c.account_id).where(within)
    legs = legs.group_by(postings.c.transaction_id).subquery()
    found = sa.select(sa.func.coalesce(transactions.c.id, legs.c.transaction_id)).select_from(
        legs.outerjoin(transactions, transactions.c.id == legs.c.transaction_id)
    )
    return found.where(sa.or_(legs.c.fen != 0, transactions.c.id.is_(None), transactions.c.legs != legs.c.legs))


def _mismatched(within: sa.sql.ColumnElement) -> sa.sql.Select:
    """Those of these accounts whose balance is not the sum of their postings."""
    posted = sa.select(postings.c.account_id, sa.func.sum(postings.c.amount_fen).label("fen"))
    posted = posted.join(accounts, accounts.c.id == postings.c.account_id).where(within)
    posted = posted.group_by(postings.c.account_id).subquery()
    found = sa.select(accounts.c.id).outerjoin(posted, posted.c.account_id == accounts.c.id)
    return found.where(within, accounts.c.balance_fen != sa.func.coalesce(posted.c.fen, 0))


def _build(conn: Connection, now: datetime) -> str:
    world_id = new_id("wo")
    conn.execute(sa.insert(worlds).values(id=world_id, created_at=now, clock_offset_ms=clock.offset_ms(now)))
    seed.build(conn, world_id, now)
    return world_id


def _update_world(conn: Connection, name: str, **values: Any) -> None:
    conn.execute(sa.update(worlds).where(worlds.c.id == find_world(conn, name)).values(**values))


def _forget_failures(conn: Connection, name: str) -> None:
    conn.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.world == name))


def _parse_moment(field: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise BankError("validation_error", {"fields": [field]}) from error
    if moment.tzinfo is None or not 1990 <= moment.year <= 2200:
        raise BankError("validation_error", {"fields": [field]}, "a moment needs an offset and a year 1990..2200")
    return moment
