"""The chat page over HTTP: its headers, its files, and nothing else of the disk."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>掌柜</title>")
    (folder / "widget.js").write_text("// widget")
    (folder / "assets" / "index-abc.js").write_text("// page")
    (folder / "assets" / "logo.svg").write_text("<svg/>")
    (folder / "assets" / ".hidden").write_text("hidden")
    (tmp_path / "secret.txt").write_text("not for you")
    (folder / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest_asyncio.fixture
async def site(dist: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with (
        sign_in_page() as page,
        serving(
            SqliteStore(),
            page,
            FakeRasa(),
            SigningCore(),
            pages=dist,
            embed_origins=("https://www.bank.example",),
            phone_url="http://127.0.0.1:8100/sandbox/phone",
            sandbox=True,
        ) as running,
    ):
        yield running


async def get(url: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as http, http.get(url, allow_redirects=False) as response:
        return response.status, await response.text(), dict(response.headers)


async def test_the_page_and_its_policy(site: Site) -> None:
    status, text, headers = await get(f"{site.url}/chat/?embed=1&lang=en")
    assert status == 200 and "掌柜" in text and headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer" and "X-Frame-Options" not in headers
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["object-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["font-src"] == "'self'"
    assert rules["connect-src"] == f"'self' {site.url.replace('http', 'ws')}"
    assert rules["frame-src"] == "http://127.0.0.1:8100"
    assert rules["frame-ancestors"] == "'self' https://www.bank.example"
    assert "unsafe" not in headers["Content-Security-Policy"] and "*" not in headers["Content-Security-Policy"]


async def test_files_of_the_build(site: Site) -> None:
    status, text, headers = await get(f"{site.url}/chat/assets/index-abc.js")
    assert (status, text) == (200, "// page") and headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in headers["Cache-Control"] and headers["X-Content-Type-Options"] == "nosniff"
    status, _, headers = await get(f"{site.url}/chat/assets/logo.svg")
    assert status == 200 and headers["Content-Type"].startswith("image/svg+xml")
    status, _, headers = await get(f"{site.url}/chat/widget.js")
    assert status == 200 and headers["Cache-Control"] == "public, max-age=300"


async def test_addresses_without_a_slash_and_by_another_name(site: Site) -> None:
    status, _, headers = await get(f"{site.url}/chat")
    assert status == 302 and headers["Location"] == "/chat/"
    status, _, headers = await get(site.url.replace("127.0.0.1", "localhost") + "/chat/?lang=en")
    assert status == 302 and headers["Location"] == f"{site.url}/chat/?lang=en"


async def test_nothing_else_of_the_disk(site: Site) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    for path in (
        "../secret.txt",
        "assets/../../secret.txt",
        "assets/%2e%2e/%2e%2e/secret.txt",
        "assets/..%2f..%2fsecret.txt",
        "assets/..%5c..%5csecret.txt",
        "assets/%2fetc%2fpasswd",
        "assets//etc/passwd",
        "assets/link.txt",
        "assets/.hidden",
        "assets/",
        "assets",
        "index.html",
        "assets/index-abc.js%00.txt",
    ):
        with socket.create_connection((host, int(port))) as connection:  # aiohttp would clean the path
            connection.sendall(f"GET /chat/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while chunk := await _received(connection):
                answer += chunk
        assert answer.split()[1] in (b"404", b"400") and b"not for you" not in answer and b"root:" not in answer, path


async def _received(connection: socket.socket) -> bytes:
    connection.setblocking(False)
    return await asyncio.get_running_loop().sock_recv(connection, 65536)


async def test_a_page_that_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page, serving(SqliteStore(), page, FakeRasa(), SigningCore()) as site:
        status, text, _ = await get(f"{site.url}/chat/")
        assert status == 503 and "make run" in text
