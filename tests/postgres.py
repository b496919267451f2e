"""A throwaway PostgreSQL for tests: one cluster a session on a unix socket in a temporary folder, a database a test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

_START_SECONDS = 30
# Nothing here needs to survive a power cut.
_FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The socket folder of a running server (port 5432 there, user postgres, no password)."""
    initdb, postgres = shutil.which("initdb"), shutil.which("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed: no initdb on the path")
    owner = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-pg-"))
    if owner is not None:
        shutil.chown(folder, owner)
    data = folder / "data"
    with (folder / "log").open("w") as log:
        create = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(create, check=True, stdout=log, stderr=log, cwd=folder, user=owner)
        # No TCP: a socket in a private folder needs no port and lets nobody else in.
        serve = [postgres, "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", *_FAST]
        process = subprocess.Popen(serve, stdout=log, stderr=log, cwd=folder, user=owner)
    try:
        _wait_until_ready(folder, process)
        yield folder
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Path) -> Iterator[str]:
    """SQLAlchemy URL of an empty database, dropped after the test."""
    with postgres_database(postgres_server) as url:
        yield url


@contextmanager
def postgres_database(folder: Path) -> Iterator[str]:
    """The same for fixtures of another scope."""
    name = f"test_{uuid.uuid4().hex}"
    _administer(folder, f'CREATE DATABASE "{name}"')
    try:
        yield f"postgresql+psycopg2://postgres@/{name}?host={folder}"
    finally:
        _administer(folder, f'DROP DATABASE "{name}" WITH (FORCE)')


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; None means that we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _administer(folder: Path, statement: str) -> None:
    connection = psycopg2.connect(host=str(folder), user="postgres", dbname="postgres")
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def _wait_until_ready(folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return _administer(folder, "SELECT 1")
        except psycopg2.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from None
            time.sleep(0.05)
