"""The fixture `bank`: every test of this folder runs on the in-memory adapter and on the real sandbox core by HTTP."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.contract.web_site import Page, Site
from tests.contract.worlds import HttpWorld, MemoryWorld, Role, World, new_tokens
from tools.stack import free_ports

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[Role, str]]]:
    """URL and service tokens of a core bank process with a database of its own."""
    folder, tokens, port = tmp_path_factory.mktemp("core"), new_tokens(), free_ports(1)[0]
    environment = os.environ | {
        "ZHANGGUI_SANDBOX": "1",
        "ZHANGGUI_VAR": str(folder),
        "CORE_BANK_HOST": "127.0.0.1",
        "CORE_BANK_PORT": str(port),
        "CORE_BANK_DATABASE_URL": f"sqlite:///{folder}/core_bank.db",
        "CORE_BANK_CODE_KEY": secrets.token_urlsafe(32),
        "WEB_SIGN_IN_KEY": secrets.token_urlsafe(32),
        **{f"CORE_BANK_TOKEN_{role.upper()}": token for role, token in tokens.items()},
    }
    with (folder / "core.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.core_bank"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(url, process, folder / "core.log")
        yield url, tokens
        assert _invariants(url, tokens["sandbox"]) == {
            "total_fen": 0,
            "unbalanced": [],
            "mismatched": [],
            "negative": [],
        }
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(params=["memory", "http"])
def bank(request: pytest.FixtureRequest) -> Iterator[World]:
    """A fresh demo bank at noon."""
    if request.param == "memory":
        yield MemoryWorld()
        return
    world = HttpWorld(*request.getfixturevalue("core"))
    yield world
    world.close()


@pytest.fixture
def zhangwei(bank: World) -> str:
    """A session of 张伟."""
    return bank.sign_in("zhangwei")


@pytest.fixture
def lina(bank: World) -> str:
    """A session of 李娜."""
    return bank.sign_in("lina")


def _invariants(url: str, token: str) -> object:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{url}/sandbox/invariants", headers=headers, timeout=10).json()


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/health", timeout=10).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail(f"core bank did not start:\n{log.read_text()[-2000:]}")


@pytest_asyncio.fixture
async def browsers(site: Site) -> AsyncIterator[Callable[[], Page]]:
    """Opens browsers on the `site` of the test's own file."""
    opened: list[Page] = []

    def another() -> Page:
        opened.append(Page(site))
        return opened[-1]

    yield another
    for page in opened:
        await page.close()
