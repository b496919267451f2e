"""The search for stored secrets sees logs, tracker events and other tables, and nothing else."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tools.converse_stored import StoredText

CODE = "123456"


class Var:
    """A var/ folder with a tracker database, the core bank's database and a log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "log").mkdir()
        self.log = path / "log" / "rasa.log"
        self.log.write_text("old line 123456\n")
        self.insert("tracker.db", "CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)")
        self.event({"text": CODE})
        self.insert("core_bank.db", "CREATE TABLE outbox (text TEXT)")
        self.insert("core_bank.db", "INSERT INTO outbox VALUES ('验证码123456')")
        (path / "core_bank.db-wal").write_bytes(b"123456")
        self.stored = StoredText(path, f"sqlite:///{path}/core_bank.db")

    def insert(self, database: str, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path / database)) as connection, connection:
            connection.execute(statement, values)

    def event(self, event: object) -> None:
        self.insert("tracker.db", "INSERT INTO events (data) VALUES (?)", json.dumps(event))

    def found(self, *secrets: str) -> list[str]:
        return self.stored.find(secrets or (CODE,))


@pytest.fixture
def var(tmp_path: Path) -> Var:
    return Var(tmp_path)


def test_what_was_there_before_does_not_count(var: Var) -> None:
    assert var.found() == []


@pytest.mark.parametrize(
    "event",
    [{"text": CODE}, {"parse_data": {"entities": [{"value": "123456"}]}}, {"123456": 1}, {"text": "码123456收到"}],
)
def test_tracker_events(event: object, var: Var) -> None:
    var.event(event)
    assert var.found() == [f"{var.path}/tracker.db table events: {CODE}"]


@pytest.mark.parametrize(
    "event",
    [
        {"timestamp": 1795321634.123456, "confidence": 0.123456, "amount": 123456},
        {"text": "1234567"},
        {"text": "0123456"},
        {"at": "2026-11-22T04:27:14.123456+08:00"},
    ],
)
def test_other_numbers_are_not_the_code(event: object, var: Var) -> None:
    var.event(event)
    assert var.found() == []


def test_logs(var: Var) -> None:
    with open(var.log, "a") as log:
        log.write("submitted 123456\n")
    assert var.found() == [f"{var.log}: {CODE}"]


def test_new_files_and_tables(var: Var) -> None:
    (var.path / "note.txt").write_bytes(b"\xff pass\xe5\xaf\x86 secret")
    var.insert("desk.db", "CREATE TABLE notes (body TEXT)")
    var.insert("desk.db", "INSERT INTO notes VALUES ('secret')")
    assert len(var.found("secret")) == 2


def test_a_log_that_was_begun_anew_is_read_from_its_start(var: Var) -> None:
    var.log.write_text("123456\n")
    assert var.found() == [f"{var.log}: {CODE}"]


def test_who_searches_leaves_the_locks_of_others_alone(var: Var) -> None:
    """Locks of a file belong to the process: whoever closes it drops them, and a reader beside sees half a write."""
    for number in range(5):
        var.event({"number": number})
    write = (
        "import sqlite3, sys; tracker = sqlite3.connect(sys.argv[1], timeout=0); "
        "tracker.execute('DELETE FROM events'); tracker.commit()"
    )
    with closing(sqlite3.connect(var.path / "tracker.db")) as reader:
        reading = reader.execute("SELECT * FROM events")
        assert reading.fetchone() is not None  # and more is to come: it holds its lock
        var.found()
        StoredText(var.path, f"sqlite:///{var.path}/core_bank.db")
        writer = subprocess.run([sys.executable, "-c", write, str(var.path / "tracker.db")], capture_output=True)
        assert b"database is locked" in writer.stderr
