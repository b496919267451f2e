"""Whether a secret was stored: looks through everything under $ZHANGGUI_VAR but the core bank's own database."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# By name: to open one and look would, on closing it, drop the locks that other threads of ours hold on it, and who
# reads without a lock while Rasa writes finds a malformed database (https://sqlite.org/howtocorrupt.html, 2.2).
_SQLITE_NAMES = (".db", ".sqlite", ".sqlite3")
_SIDE_FILES = ("-wal", "-shm", "-journal")
_EVENTS = "events"


class StoredText:
    """What is stored after a case began; made at its start, searched at its end."""

    def __init__(self, var: Path, core_bank_database_url: str) -> None:
        self._var = var
        # By name: a folder inside may hold the bank of another stack.
        self._core = Path(core_bank_database_url.partition("///")[2]).name
        begun = {path: _begin(path) for path in self._files()}
        self._begun = {path: begin for path, begin in begun.items() if begin is not None}

    def find(self, secrets: Iterable[str]) -> list[str]:
        """One line ("where: secret") for each place and secret that was stored there since."""
        patterns = {secret: _pattern(secret) for secret in secrets}
        found = []
        for path in self._files():
            try:
                texts = self._rows(path) if _is_sqlite(path) else self._lines(path)
                for where, text in texts:
                    found += [f"{where}: {secret}" for secret, pattern in patterns.items() if pattern.search(text)]
            except FileNotFoundError:
                continue  # a temporary file, gone meanwhile
        return list(dict.fromkeys(found))

    def _files(self) -> Iterator[Path]:
        for path in sorted(self._var.rglob("*")):
            if path.is_file() and not path.name.endswith(_SIDE_FILES) and path.name != self._core:
                yield path

    def _lines(self, path: Path) -> Iterator[tuple[str, str]]:
        begin = self._begun.get(path, 0)
        with open(path, "rb") as file:
            if path.stat().st_size >= begin:
                file.seek(begin)
            for line in file:
                yield str(path), line.decode("utf-8", "replace")

    def _rows(self, path: Path) -> Iterator[tuple[str, str]]:
        with _open(path) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                since = f" WHERE id > {self._begun.get(path, 0)}" if table == _EVENTS else ""
                for row in database.execute(f'SELECT * FROM "{table}"{since}'):
                    for text in _texts_of(row):
                        yield f"{path} table {table}", text


def _texts_of(value: Any) -> Iterator[str]:
    """All texts inside a row, keys and values of its JSON included; numbers are timestamps and confidences."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        parsed = _json(value)
        if parsed is None:
            yield value
        else:
            yield from _texts_of(parsed)
    elif isinstance(value, dict):
        for key, held in value.items():
            yield str(key)
            yield from _texts_of(held)
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from _texts_of(held)


def _json(text: str) -> Any:
    """Object or list written in `text`; None for anything else, also for a bare number, which is a text to us."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, (dict, list)) else None


def _pattern(secret: str) -> "re.Pattern[str]":
    """Digits match as a whole number only, and not as the fraction of a timestamp."""
    if secret.isascii() and secret.isdigit():
        return re.compile(rf"(?<!\d)(?<!\d\.){secret}(?!\d)")
    return re.compile(re.escape(secret))


def _is_sqlite(path: Path) -> bool:
    return path.suffix in _SQLITE_NAMES


def _begin(path: Path) -> int | None:
    """Where a file ends now: its size, or the id of a tracker database's last event."""
    try:
        if not _is_sqlite(path):
            return path.stat().st_size
        with _open(path) as database:
            return int(database.execute(f"SELECT max(id) FROM {_EVENTS}").fetchone()[0] or 0)
    except (FileNotFoundError, sqlite3.OperationalError):  # gone meanwhile; no such table
        return None


class _open:
    """Read-only connection that is closed at the end (sqlite3's own context manager only commits)."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
