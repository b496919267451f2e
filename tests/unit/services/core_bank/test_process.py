"""The process: environment, start failures, logs, the OpenAPI document, a crash point that really kills."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml
from starlette.testclient import TestClient

from services.core_bank import openapi
from services.core_bank.__main__ import main
from services.core_bank.app import create_app
from services.core_bank.logs import JsonLines
from services.core_bank.settings import SettingsError, from_environment
from tests.unit.services.core_bank.harness import TOKENS, Customer, World, error_of, settings
from tools.stack import free_ports

ROOT = Path(__file__).parents[4]


def environment(folder: Path, port: int = 1) -> dict[str, str]:
    return {
        "ZHANGGUI_SANDBOX": "1",
        "ZHANGGUI_VAR": str(folder),
        "CORE_BANK_HOST": "127.0.0.1",
        "CORE_BANK_PORT": str(port),
        "CORE_BANK_DATABASE_URL": f"sqlite:///{folder}/deep/core_bank.db",
        "CORE_BANK_CODE_KEY": "0123456789abcdef",
        "WEB_SIGN_IN_KEY": "A" * 43,
        "WEB_SIGN_IN_ISSUER": "https://bank",
        "WEB_SIGN_IN_RETURNS": "https://chat.bank/chat/",
        "WEB_ORIGINS": "https://chat.bank",
        **{f"CORE_BANK_TOKEN_{role.upper()}": token for role, token in TOKENS.items()},
    }


def start(folder: Path, **changes: str) -> subprocess.Popen[str]:
    variables = os.environ | environment(folder, free_ports(1)[0]) | changes
    return subprocess.Popen(
        [sys.executable, "-m", "services.core_bank"], cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True
    )


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    read = from_environment(environment(tmp_path, 8100))
    assert (read.host, read.port, read.sandbox, read.tokens) == ("127.0.0.1", 8100, True, TOKENS)
    assert read.crash_point is None
    for secret in ("0123456789abcdef", *TOKENS.values()):
        assert secret not in repr(read)


@pytest.mark.parametrize("name", sorted(environment(Path())))
def test_a_missing_variable_is_named(tmp_path: Path, name: str) -> None:
    variables = {key: value for key, value in environment(tmp_path).items() if key != name}
    if name == "ZHANGGUI_VAR":
        from_environment(variables)
        return
    with pytest.raises(SettingsError, match=name):
        from_environment(variables)


@pytest.mark.parametrize(
    "bad",
    [
        {"CORE_BANK_PORT": "0"},
        {"CORE_BANK_PORT": "65536"},
        {"CORE_BANK_PORT": "http"},
        {"CORE_BANK_CODE_KEY": "short"},
        {"CORE_BANK_TOKEN_ACTIONS": "short"},
        {"CORE_BANK_TOKEN_ACTIONS": TOKENS["operator"]},
        {"ZHANGGUI_SANDBOX": "yes"},
        {"CORE_BANK_CRASH_POINT": "before_lunch"},
    ],
)
def test_unusable_variables(tmp_path: Path, bad: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as error:
        from_environment(environment(tmp_path) | bad)
    assert next(iter(bad))[:16] in str(error.value) and "\n" not in str(error.value)


def test_outside_the_sandbox_crash_points_and_the_sandbox_token_are_ignored(tmp_path: Path) -> None:
    variables = environment(tmp_path) | {"ZHANGGUI_SANDBOX": "0", "CORE_BANK_CRASH_POINT": "before_debit"}
    del variables["CORE_BANK_TOKEN_SANDBOX"]
    read = from_environment(variables)
    assert read.crash_point is None and "sandbox" not in read.tokens


def stopped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str]) -> str:
    """The one line with which the process refuses to start."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main() == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and line.startswith("core bank: ")
    return line


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("sqlite:////proc/nowhere/core_bank.db", "/proc/nowhere"),
        ("sqlite://", "CORE_BANK_DATABASE_URL"),
        ("postgresql://postgres:hidden-word@127.0.0.1:1/none", "127.0.0.1:1"),
        ("nonsense", "CORE_BANK_DATABASE_URL"),
    ],
)
def test_an_unreachable_database_is_one_line_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, word: str
) -> None:
    variables = environment(tmp_path, free_ports(1)[0]) | {"CORE_BANK_DATABASE_URL": url}
    line = stopped(monkeypatch, capsys, variables)
    assert word in line and "hidden-word" not in line


def test_a_port_in_use_is_one_line_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = stopped(monkeypatch, capsys, environment(tmp_path, port))
    assert str(port) in line and "CORE_BANK_PORT" in line


def test_a_missing_variable_is_one_line_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = stopped(monkeypatch, capsys, environment(tmp_path) | {"CORE_BANK_TOKEN_OPERATOR": ""})
    assert "CORE_BANK_TOKEN_OPERATOR" in line


def test_the_process_serves_keeps_its_data_and_dies_at_a_crash_point(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    url = f"http://127.0.0.1:{port}"
    headers = {role: {"Authorization": f"Bearer {token}"} for role, token in TOKENS.items()}

    def started(**changes: str) -> subprocess.Popen[str]:
        process = start(tmp_path, CORE_BANK_PORT=str(port), **changes)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{url}/health", timeout=1).ok:
                    return process
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError(process.communicate()[1])

    def call(role: str, method: str, path: str, body: object = None, **more: str) -> requests.Response:
        return requests.request(method, url + path, json=body, headers=headers[role] | more, timeout=10)

    process = started(CORE_BANK_CRASH_POINT="after_credit")
    try:
        session = call("channel", "POST", "/v1/sessions", {"login": "zhangwei", "password": "demo"}).json()["session"]
        mine = {"X-Customer-Session": session}
        body = {
            "kind": "transfer",
            "from_account_id": call("actions", "GET", "/v1/accounts", **mine).json()["accounts"][0]["id"],
            "payee_id": call("actions", "GET", "/v1/payees", **mine).json()["payees"][0]["id"],
            "amount_fen": 500_00,
        }
        draft_id = call("actions", "POST", "/v1/drafts", body, **mine).json()["id"]
        call("actions", "POST", f"/v1/drafts/{draft_id}/challenge", **mine)
        code = call("sandbox", "GET", "/sandbox/worlds/demo/sms").json()["messages"][-1]["code"]
        call("channel", "POST", "/v1/codes", {"code": code}, **mine)
        before = call("sandbox", "GET", "/sandbox/worlds/demo/ledger").json()
        with pytest.raises(requests.ConnectionError):
            call("actions", "POST", f"/v1/drafts/{draft_id}/confirm", {}, **mine, **{"Idempotency-Key": draft_id})
        assert process.wait(10) == -signal.SIGKILL
        process = started()
        assert call("sandbox", "GET", "/sandbox/worlds/demo/ledger").json() == before
        assert call("actions", "GET", f"/v1/drafts/{draft_id}", **mine).json()["state"] == "AUTHORISED"
        call("sandbox", "POST", "/sandbox/worlds/demo/clock", {"advance_seconds": 31})
        keyed = mine | {"Idempotency-Key": draft_id}
        assert call("actions", "POST", f"/v1/drafts/{draft_id}/confirm", {}, **keyed).json()["state"] == "DONE"
    finally:
        process.terminate()
        _, stderr = process.communicate(timeout=30)
    for secret in (code, session, "6789", "张伟", "13800010001", *TOKENS.values()):
        assert secret not in stderr


def test_the_openapi_document_is_fresh() -> None:
    assert openapi.main(["--check"]) == 0, "run: python -m services.core_bank.openapi"
    document = yaml.safe_load(openapi.DOCUMENT.read_text(encoding="utf-8"))
    assert document["openapi"].startswith("3.") and "/v1/drafts/{draft_id}/confirm" in document["paths"]
    assert set(document["components"]["schemas"]["Draft"]["required"]) >= {"id", "state", "transfer", "card", "result"}


def test_a_stale_openapi_document_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "DOCUMENT", tmp_path / "openapi.yml")
    assert openapi.main(["--check"]) == 1
    assert openapi.main([]) == 0 and openapi.main(["--check"]) == 0
    assert openapi.main(["--frobnicate"]) == 2


def test_unexpected_errors_are_logged_without_their_words(
    reader: Customer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("张伟 6225880123456789")

    monkeypatch.setattr("services.core_bank.queries.list_cards", broken)
    with caplog.at_level(logging.ERROR):
        response = reader.request("GET", "/v1/cards?secret=word")
    status, code, details = error_of(response)
    assert (status, code) == (500, "internal") and "张伟" not in response.text
    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert line["incident"] == details["incident"] and line["exception"] == "RuntimeError"
    assert line["path"] == "/v1/cards" and "张伟" not in str(line) and "6225" not in str(line)


def test_a_locked_database_is_core_down_and_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.core_bank.db._BUSY_TIMEOUT_MS", 50)
    app = create_app(settings(f"sqlite:///{tmp_path}/core_bank.db"))
    client = TestClient(app)
    world = World(client, "demo")
    zhangwei = world.sign_in("zhangwei")
    request = zhangwei.transfer_request(1_00)
    with app.state.bank.db._transaction(app.state.bank.db._writer):
        assert error_of(zhangwei.post("/v1/drafts", request))[:2] == (503, "core_down")
        assert zhangwei.get("/v1/limits")["used_today_fen"] == 0  # readers go on
    assert zhangwei.post("/v1/drafts", request).status_code == 201
    app.state.bank.db.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"WEB_SIGN_IN_KEY": "short"},
        {"WEB_SIGN_IN_KEY": "é" * 43},
        {"WEB_SIGN_IN_RETURNS": "*"},
        {"WEB_SIGN_IN_RETURNS": "https://chat.bank/chat"},
        {"WEB_SIGN_IN_RETURNS": "https://chat.bank/chat/, javascript:alert(1)/"},
        {"WEB_ORIGINS": "*"},
        {"WEB_ORIGINS": "https://chat.bank/"},
        {"WEB_ORIGINS": "https://chat.bank; script-src *"},
    ],
)
def test_bad_settings_of_the_pages_are_named_in_the_sandbox(tmp_path: Path, bad: dict[str, str]) -> None:
    [name] = bad
    with pytest.raises(SettingsError, match=name):
        from_environment(environment(tmp_path) | bad)
    assert from_environment(environment(tmp_path) | bad | {"ZHANGGUI_SANDBOX": "0"}).web is None


def test_settings_of_the_pages(tmp_path: Path) -> None:
    several = {
        "WEB_SIGN_IN_RETURNS": "https://a/chat/, https://a/wechat/bind/",
        "WEB_ORIGINS": "https://a http://[::1]:5005",
    }
    read = from_environment(environment(tmp_path) | several).web
    assert read is not None and read.sign_in_key == bytes(32) and "sign_in_key" not in repr(read)
    assert read.returns == ("https://a/chat/", "https://a/wechat/bind/")
    assert read.origins == ("https://a", "http://[::1]:5005")
