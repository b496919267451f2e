"""`kill -9` of the real core bank process at each crash point, seen by an HTTP client."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from services.core_bank import crash
from tools.stack import free_ports

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
AMOUNT_FEN = 321_00


@dataclass
class Core:
    """A client of a core bank process, which may be restarted on the same database."""

    folder: Path
    port: int
    tokens: dict[str, str] = field(
        default_factory=lambda: {r: secrets.token_hex(16) for r in ("actions", "channel", "operator", "sandbox")}
    )
    code_key: str = field(default_factory=lambda: secrets.token_hex(16))
    session: str = ""

    @contextmanager
    def running(self, crash_point: str = "") -> Iterator[subprocess.Popen[bytes]]:
        environment = os.environ | {
            "ZHANGGUI_SANDBOX": "1",
            "ZHANGGUI_VAR": str(self.folder),
            "CORE_BANK_HOST": "127.0.0.1",
            "CORE_BANK_PORT": str(self.port),
            "CORE_BANK_DATABASE_URL": f"sqlite:///{self.folder}/core.db",
            "CORE_BANK_CODE_KEY": self.code_key,
            "WEB_SIGN_IN_KEY": secrets.token_urlsafe(32),
            "CORE_BANK_CRASH_POINT": crash_point,
            **{f"CORE_BANK_TOKEN_{role.upper()}": token for role, token in self.tokens.items()},
        }
        command = [sys.executable, "-m", "services.core_bank"]
        with (self.folder / "core.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            self._wait_until_healthy(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def call(self, role: str, method: str, path: str, body: Any = None, key: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        if self.session:
            headers["X-Customer-Session"] = self.session
        if key is not None:
            headers["Idempotency-Key"] = key
        return requests.request(method, f"http://127.0.0.1:{self.port}{path}", json=body, headers=headers, timeout=30)

    def ask(self, role: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(role, method, path, body)
        assert answer.ok, answer.text
        return answer.json()

    def confirm(self, draft: str) -> requests.Response:
        return self.call("actions", "POST", f"/v1/drafts/{draft}/confirm", {}, key=draft)

    def authorised_draft(self) -> str:
        self.session = self.ask("channel", "POST", "/v1/sessions", {"login": "zhangwei", "password": "demo"})["session"]
        payer = next(a for a in self.ask("actions", "GET", "/v1/accounts")["accounts"] if a["tail"] == "6789")
        payee = next(p for p in self.ask("actions", "GET", "/v1/payees")["payees"] if p["tail"] == "3344")
        body = {"kind": "transfer", "from_account_id": payer["id"], "payee_id": payee["id"], "amount_fen": AMOUNT_FEN}
        draft = str(self.ask("actions", "POST", "/v1/drafts", body)["id"])
        self.ask("actions", "POST", f"/v1/drafts/{draft}/challenge")
        sms = self.ask("sandbox", "GET", "/sandbox/worlds/demo/sms?login=zhangwei")["messages"][-1]
        self.ask("channel", "POST", "/v1/codes", {"code": sms["code"]})
        return draft

    def ledger(self) -> tuple[int, int, int]:
        """Balance of the payer, of the payee, and the number of postings; fails when the books are wrong."""
        expected = {"total_fen": 0, "unbalanced": [], "mismatched": [], "negative": []}
        assert self.ask("sandbox", "GET", "/sandbox/invariants") == expected
        seen = self.ask("sandbox", "GET", "/sandbox/worlds/demo/ledger")
        return seen["accounts"]["zhangwei/6789"], seen["accounts"]["lina/3344"], seen["postings"]

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if requests.get(f"http://127.0.0.1:{self.port}/health", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        pytest.fail(f"the core bank did not start:\n{(self.folder / 'core.log').read_text()[-2000:]}")


@pytest.mark.parametrize("point", crash.POINTS)
def test_kill_9_of_the_process(tmp_path: Path, point: str) -> None:
    core = Core(tmp_path, free_ports(1)[0])
    committed = point == "after_commit"
    with core.running(crash_point=point) as process:
        draft = core.authorised_draft()
        payer, payee, postings = core.ledger()
        before, after = (payer, payee, postings), (payer - AMOUNT_FEN, payee + AMOUNT_FEN, postings + 2)
        with pytest.raises(requests.ConnectionError):
            core.confirm(draft)
        assert process.wait(10) == -signal.SIGKILL

    with core.running():
        assert core.ask("actions", "GET", f"/v1/drafts/{draft}")["state"] == ("DONE" if committed else "AUTHORISED")
        assert core.ledger() == (after if committed else before)
        _resolve(core, draft, committed)
        assert core.ledger() == after


def _resolve(core: Core, draft: str, committed: bool) -> None:
    """The client repeats its confirmation with the same key until it is answered."""
    if not committed:
        refused = core.confirm(draft)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "idempotency_in_flight")
        core.ask("sandbox", "POST", "/sandbox/worlds/demo/clock", {"advance_seconds": 31})
    answers = [core.confirm(draft) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["state"] == "DONE"
    assert core.ask("actions", "GET", f"/v1/drafts/{draft}") == answers[0].json()
