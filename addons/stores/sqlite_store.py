"""The store of an embedded bank: one Rasa process, one SQLite file."""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from addons.stores.local_locks import LocalLocks
from addons.stores.store import StoreUnavailable

MEMORY = ":memory:"
WAIT_SECONDS = 2.0
SWEEP_SECONDS = 60.0
_TABLES = """
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_expires ON kept (expires);
CREATE TABLE IF NOT EXISTS logs (key TEXT PRIMARY KEY, last INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
  log TEXT NOT NULL REFERENCES logs (key) ON DELETE CASCADE, number INTEGER NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (log, number)
) WITHOUT ROWID;
"""
_PUT = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)"

Result = TypeVar("Result")


class SqliteStore:
    """Store in a file, or in memory. Statements run in a thread of its own, one after another.

    Its locks hold within this process only: several Rasa processes need RedisStore.
    """

    def __init__(self, path: str = MEMORY) -> None:
        """`path` is created, readable by its owner only. Raises StoreUnavailable when it cannot be opened."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-store")
        self._locks, self._swept = LocalLocks(), 0.0
        try:
            if path != MEMORY:
                _make_private(Path(path))
            self._db = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(_TABLES)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def get(self, key: str) -> str | None:
        """Value of a key."""
        return await self._run(lambda: self._value(key))

    async def set(self, key: str, value: str, lifetime: float) -> None:
        """Put a value."""
        await self._run(lambda: self._db.execute(_PUT, (key, value, time.time() + lifetime)))

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        """Put a value where there is none."""
        return await self._run(lambda: self._put_if(key, None, value, lifetime))

    async def replace(self, key: str, expected: str, value: str, lifetime: float) -> bool:
        """Put a value where `expected` is."""
        return await self._run(lambda: self._put_if(key, expected, value, lifetime))

    async def take(self, key: str) -> str | None:
        """Get and delete."""
        return await self._run(lambda: self._take(key))

    async def delete(self, *keys: str) -> None:
        """Forget values, counters and logs."""
        await self._run(lambda: self._delete(keys))

    async def count(self, key: str, window: float) -> int:
        """Add one to a counter."""
        return await self._run(lambda: self._count(key, window))

    async def append(self, log: str, entry: str, most: int, lifetime: float) -> int:
        """Add to a log."""
        return await self._run(lambda: self._append(log, entry, most, time.time() + lifetime))

    async def entries(
        self, log: str, after: int = 0, before: int | None = None, most: int = 1000
    ) -> list[tuple[int, str]]:
        """Entries of a log."""
        return await self._run(lambda: self._entries(log, after, before, most))

    @asynccontextmanager
    async def lock(self, key: str, lease: float = 30.0) -> AsyncIterator[None]:
        """A lock of this process; it dies with it, so that it needs no lease."""
        async with self._locks.of(key):
            yield

    async def close(self) -> None:
        """Close the file."""
        await self._run(self._db.close)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)
        except (sqlite3.Error, RuntimeError) as error:  # RuntimeError: it was closed
            raise StoreUnavailable(type(error).__name__) from error

    def _transact(self, work: Callable[[], Result]) -> Result:
        if work == self._db.close:
            return work()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._sweep()
            result = work()
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return result

    def _sweep(self) -> None:
        now = time.time()
        if now - self._swept >= SWEEP_SECONDS:
            self._swept = now
            self._db.execute("DELETE FROM kept WHERE expires <= ?", (now,))
            self._db.execute("DELETE FROM logs WHERE expires <= ?", (now,))

    def _value(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM kept WHERE key = ? AND expires > ?", (key, time.time())).fetchone()
        return str(row[0]) if row else None

    def _put_if(self, key: str, expected: str | None, value: str, lifetime: float) -> bool:
        if self._value(key) != expected:
            return False
        self._db.execute(_PUT, (key, value, time.time() + lifetime))
        return True

    def _take(self, key: str) -> str | None:
        value = self._value(key)
        self._db.execute("DELETE FROM kept WHERE key = ?", (key,))
        return value

    def _delete(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._db.execute("DELETE FROM kept WHERE key = ?", (key,))
            self._db.execute("DELETE FROM logs WHERE key = ?", (key,))

    def _count(self, key: str, window: float) -> int:
        number = int(self._value(key) or 0) + 1
        ends = time.time() + window
        if number > 1:
            (ends,) = self._db.execute("SELECT expires FROM kept WHERE key = ?", (key,)).fetchone()
        self._db.execute(_PUT, (key, str(number), ends))
        return number

    def _append(self, log: str, entry: str, most: int, expires: float) -> int:
        self._db.execute("DELETE FROM logs WHERE key = ? AND expires <= ?", (log, time.time()))
        row = self._db.execute("SELECT last FROM logs WHERE key = ?", (log,)).fetchone()
        number = (row[0] if row else 0) + 1
        self._db.execute(
            "INSERT INTO logs VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET last = excluded.last, "
            "expires = excluded.expires",
            (log, number, expires),
        )
        self._db.execute("INSERT INTO entries VALUES (?, ?, ?)", (log, number, entry))
        self._db.execute("DELETE FROM entries WHERE log = ? AND number <= ?", (log, number - most))
        return number

    def _entries(self, log: str, after: int, before: int | None, most: int) -> list[tuple[int, str]]:
        rows = self._db.execute(
            "SELECT number, entry FROM entries JOIN logs ON key = log WHERE log = ? AND expires > ? AND number > ? "
            "AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
            (log, time.time(), after, before, before, most),
        ).fetchall()
        return [(int(number), str(entry)) for number, entry in reversed(rows)]


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # One that exists is left alone: to open it here and close it would drop the locks that the stores of the other
    # channels hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
