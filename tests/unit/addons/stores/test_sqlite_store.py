"""The file of the embedded store."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from addons.stores import sqlite_store
from addons.stores.open import open_store
from addons.stores.redis_store import RedisStore
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import StoreUnavailable

pytestmark = pytest.mark.asyncio


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "channels.db")
    store = SqliteStore(path)
    await store.set("a", "一", 600)
    await store.append("log", "entry", 10, 600)
    await store.count("counter", 600)
    await store.close()
    store = SqliteStore(path)
    assert await store.get("a") == "一" and await store.entries("log") == [(1, "entry")]
    assert await store.count("counter", 600) == 2
    await store.close()


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "channels.db"
    store = SqliteStore(str(path))
    await store.set("a", "1", 600)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    await store.close()


async def test_a_second_store_leaves_the_locks_of_the_first_alone(tmp_path: Path) -> None:
    """Without them another program takes itself for the last one, and removes the log that we still write to."""
    path = str(tmp_path / "channels.db")
    stores = [SqliteStore(path), SqliteStore(path)]
    for store in stores:
        await store.set("a", "一", 600)
    take = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('PRAGMA journal_mode = DELETE')"
    other = subprocess.run([sys.executable, "-c", take, path], capture_output=True)
    assert b"database is locked" in other.stderr
    for store in stores:
        await store.close()


async def test_what_has_expired_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "SWEEP_SECONDS", 0)
    store = SqliteStore()
    for number in range(10):
        await store.set(f"value {number}", "1", -1)
        await store.append(f"log {number}", "entry", 10, -1)
    await store.set("a", "1", 600)
    counted = await store._run(
        lambda: [
            store._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("kept", "logs", "entries")
        ]
    )
    assert counted == [1, 0, 0]
    await store.close()


async def test_errors_have_one_name(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "file" / "channels.db"):
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreUnavailable):
            SqliteStore(str(path))
    (tmp_path / "garbage").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailable):
        SqliteStore(str(tmp_path / "garbage"))
    store = SqliteStore()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.get("a")


async def test_the_environment_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNEL_DB", str(tmp_path / "channels.db"))
    monkeypatch.delenv("REDIS_URL", raising=False)
    store = open_store()
    assert isinstance(store, SqliteStore) and (tmp_path / "channels.db").exists()
    await store.close()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert isinstance(open_store(), RedisStore)
    monkeypatch.setenv("REDIS_URL", "http://:never-shown@127.0.0.1")
    with pytest.raises(ValueError, match="scheme") as wrong:
        open_store()
    assert "never-shown" not in str(wrong.value)
