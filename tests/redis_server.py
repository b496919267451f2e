"""A throwaway Redis for tests: one server a session on loopback with a password, emptied for each test."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.debian import program
from tools.stack import free_ports

_START_SECONDS = 30


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL, with its password, of a running server."""
    with running_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """URL of an empty server."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return redis_server


@contextmanager
def running_redis(port: int | None = None, password: str | None = None) -> Iterator[str]:
    """The same for tests that want to stop and start one."""
    server = program("redis-server", "redis-server")
    port, password = port or free_ports(1)[0], password or secrets.token_urlsafe(16)
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-redis-"))
    settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n'
    with (folder / "log").open("w") as log:  # settings by standard input: a password has no business in a command line
        process = subprocess.Popen([server, "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, text=True)
        assert process.stdin is not None
        process.stdin.write(settings)
        process.stdin.close()
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        _wait_until_ready(url, process, folder / "log")
        yield url
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(url: str, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with Redis.from_url(url, socket_timeout=1) as redis:
                redis.ping()
                return
        except RedisError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Redis did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
