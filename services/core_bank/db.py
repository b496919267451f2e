"""Connections: one writer transaction at a time on SQLite, row locks and bounded retries on PostgreSQL."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.core_bank import triggers  # noqa: F401  (attaches the triggers to the metadata)
from services.core_bank.errors import BankError
from services.core_bank.tables import metadata

T = TypeVar("T")

_BUSY_TIMEOUT_MS = 15_000
_ATTEMPTS = 6
_SERIALIZATION_FAILURE, _DEADLOCK = "40001", "40P01"


class Database:
    """Raises from the constructor whatever the driver raises for a URL it cannot use."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            self._writer = _sqlite_engine(parsed)
            self._reader = self._writer.execution_options(zhanggui_read_only=True)
        else:
            self._writer = _create_engine(parsed, pool_pre_ping=True)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def create_schema(self) -> None:
        with self._transaction(self._writer) as conn:
            metadata.create_all(conn)

    def transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one write transaction; it must be safe to run again after a rollback.

        Raises BankError core_down when no transaction could be begun (so: nothing was done).
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._transaction(self._writer) as conn:
                    return work(conn)
            except DBAPIError as error:
                if attempt == _ATTEMPTS or not _worth_retrying(error):
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot; never waits for a writer."""
        with self._transaction(self._reader) as conn:
            yield conn

    def ping(self) -> None:
        with self.read() as conn:
            conn.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        self._writer.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            conn = engine.connect()
        except (OperationalError, PoolTimeout) as error:
            raise BankError("core_down") from error
        try:
            try:
                transaction = conn.begin()
            except OperationalError as error:
                raise BankError("core_down") from error
            with transaction:
                yield conn
        finally:
            conn.close()


def _create_engine(url: URL, **options: Any) -> Engine:
    # hide_parameters: an exception must not carry names or balances into a log.
    return sa.create_engine(
        url, future=True, hide_parameters=True, pool_size=20, max_overflow=60, pool_timeout=15, **options
    )


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file, for example sqlite:///var/core_bank.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = _create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=on",
            "recursive_triggers=on",  # so that INSERT OR REPLACE meets the append-only triggers too
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        read_only = conn.get_execution_options().get("zhanggui_read_only", False)
        conn.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _worth_retrying(error: DBAPIError) -> bool:
    return getattr(error.orig, "pgcode", None) in (_SERIALIZATION_FAILURE, _DEADLOCK)
