"""Customer sign-in and sessions. A session reference is 256 random bits; only its hash is stored."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock
from services.core_bank.bank import Bank, Caller
from services.core_bank.errors import BankError
from services.core_bank.tables import customers, sessions, sign_in_failures, world_names, worlds

T = TypeVar("T")

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=8)
FAILURES_BEFORE_LOCK = 5
LOCK_TIME = timedelta(minutes=15)

# A request within this time of the last one writes nothing, so that reads stay reads.
_TOUCH_INTERVAL = timedelta(seconds=30)
# OWASP Password Storage Cheat Sheet, argon2id: m=19456 KiB, t=2, p=1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# One attempt at a time per login: parallel guesses may not outrun the failure counter.
_attempts = [threading.Lock() for _ in range(64)]


@lru_cache(maxsize=8)
def hash_password(password: str) -> str:
    """Argon2id. Cached, since every sandbox world has the same demo password."""
    return _hasher.hash(password)


@dataclass(frozen=True)
class SignIn:
    session: str
    auth_level: int
    customer: Row
    subject: str  # the customer's pseudonym: Bank.subject
    expires_at: datetime


def sign_in(bank: Bank, login: str, password: str, world: str = "demo") -> SignIn:
    """Raises what with_password raises."""
    return with_password(bank, login, password, world, lambda conn, customer: open_session(bank, conn, customer))


def with_password(bank: Bank, login: str, password: str, world: str, work: Callable[[Connection, Row], T]) -> T:
    """Do `work` in one transaction for the customer whose password this is.

    Raises bad_credentials (also for unknown logins and worlds, after the same effort), sign_in_locked.
    """

    def succeed(conn: Connection) -> T:
        conn.execute(sa.delete(sign_in_failures).where(_failures_of(world, login)))
        return work(conn, customer)

    with _attempts[hash((world, login)) % len(_attempts)]:
        with bank.db.read() as conn:
            now = _world_now(conn, world)
            _refuse_locked(conn, world, login, now)
            customer = _find_customer(conn, world, login)
        # Verified outside any transaction: argon2 is slow on purpose and must not hold the writer's lock.
        matches = _verify(customer.password_hash if customer else hash_password("nobody has this password"), password)
        if customer is None or not matches:
            bank.db.transact(lambda conn: _count_failure(conn, world, login, now))
            raise BankError("bad_credentials")
        return bank.db.transact(succeed)


def open_session(bank: Bank, conn: Connection, customer: Row) -> SignIn:
    """A session for a customer of whom the caller has proof."""
    now = clock.now(conn, customer.world_id)
    reference = secrets.token_urlsafe(32)
    conn.execute(
        sa.insert(sessions).values(
            id=digest(reference),
            world_id=customer.world_id,
            customer_id=customer.id,
            auth_level=1,
            created_at=now,
            last_seen_at=now,
        )
    )
    return SignIn(reference, 1, customer, bank.subject(customer.world_id, customer.id), now + IDLE_LIMIT)


def authenticate(bank: Bank, reference: str | None) -> Caller:
    """Who this session reference stands for. Raises session_invalid."""
    session_id = digest(reference or "")
    with bank.db.read() as conn:
        row = conn.execute(_live_session(session_id)).one_or_none()
    if row is None:
        raise BankError("session_invalid")
    now = clock.shifted(row.clock_offset_ms)
    if now >= _expiry(row):
        raise BankError("session_invalid")
    if now - row.last_seen_at >= _TOUCH_INTERVAL:
        bank.db.transact(lambda conn: _touch(conn, session_id, now))
    return Caller(row.world_id, row.customer_id, session_id)


def describe(conn: Connection, caller: Caller) -> dict[str, Any]:
    session = conn.execute(_live_session(caller.session_id)).one_or_none()
    if session is None:
        raise BankError("session_invalid")
    customer = conn.execute(sa.select(customers).where(customers.c.id == caller.customer_id)).one()
    return {
        "auth_level": session.auth_level,
        "customer": {
            "name": customer.name,
            "elder_mode": customer.elder_mode,
            "phone_masked": mask_phone(customer.phone),
        },
        "expires_at": clock.iso(_expiry(session)),
    }


def sign_out(bank: Bank, caller: Caller) -> None:
    bank.db.transact(
        lambda conn: conn.execute(sa.update(sessions).where(sessions.c.id == caller.session_id).values(ended=True))
    )


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"


def digest(reference: str) -> str:
    """The id of the session behind a reference."""
    return hashlib.sha256(reference.encode()).hexdigest()


def _live_session(session_id: str) -> Any:
    # The join drops sessions of worlds that were deleted or reset since.
    return (
        sa.select(sessions, worlds.c.clock_offset_ms)
        .join(worlds, worlds.c.id == sessions.c.world_id)
        .join(world_names, world_names.c.world_id == worlds.c.id)
        .where(sessions.c.id == session_id, sessions.c.ended.is_(False))
    )


def _expiry(session: Row) -> datetime:
    expiry: datetime = min(session.last_seen_at + IDLE_LIMIT, session.created_at + ABSOLUTE_LIMIT)
    return expiry


def _touch(conn: Connection, session_id: str, now: datetime) -> None:
    conn.execute(sa.update(sessions).where(sessions.c.id == session_id).values(last_seen_at=now))


def _world_now(conn: Connection, world: str) -> datetime:
    offset_ms = conn.execute(
        sa.select(worlds.c.clock_offset_ms).join(world_names).where(world_names.c.name == world)
    ).scalar_one_or_none()
    return clock.shifted(offset_ms or 0)


def _find_customer(conn: Connection, world: str, login: str) -> Row | None:
    return conn.execute(
        sa.select(customers)
        .join(world_names, world_names.c.world_id == customers.c.world_id)
        .where(world_names.c.name == world, customers.c.login == login)
    ).one_or_none()


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False


def _failures_of(world: str, login: str) -> Any:
    return sa.and_(sign_in_failures.c.world == world, sign_in_failures.c.login == login)


def _refuse_locked(conn: Connection, world: str, login: str, now: datetime) -> None:
    locked_until = conn.execute(
        sa.select(sign_in_failures.c.locked_until).where(_failures_of(world, login))
    ).scalar_one_or_none()
    if locked_until is not None and now < locked_until:
        raise BankError("sign_in_locked", {"retry_after": int((locked_until - now).total_seconds()) + 1})


def _count_failure(conn: Connection, world: str, login: str, now: datetime) -> None:
    table = sign_in_failures
    conn.execute(
        sa.text(
            "INSERT INTO sign_in_failures (world, login, failures) VALUES (:world, :login, 0) ON CONFLICT DO NOTHING"
        ),
        {"world": world, "login": login},
    )
    conn.execute(sa.update(table).where(_failures_of(world, login)).values(failures=table.c.failures + 1))
    conn.execute(
        sa.update(table)
        .where(_failures_of(world, login), table.c.failures >= FAILURES_BEFORE_LOCK)
        .values(failures=0, locked_until=now + LOCK_TIME)
    )
