"""The sandbox side of the core bank, as the conversation tests and the terminal chat use it."""

from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT = (3.0, 15.0)
# Longer than any deadline of the action server, shorter than a turn's time limit.
SLOW_SECONDS = 10


@dataclass(frozen=True)
class Ledger:
    """Balances in fen and card states by `login/tail`; kinds of the drafts carried out, oldest first."""

    accounts: dict[str, int]
    cards: dict[str, str]
    orders: list[str]


class SandboxDown(Exception):
    """The core bank's sandbox routes do not answer as expected; the text says which and how."""


class SandboxBank:
    """Client of /sandbox. Every method raises SandboxDown."""

    def __init__(self, core_bank_url: str, token: str) -> None:
        self._base, self._headers = core_bank_url.rstrip("/") + "/sandbox", {"Authorization": f"Bearer {token}"}

    def create_world(self) -> str:
        """Name of a new private copy of the demo bank."""
        return str(self._call("POST", "/worlds", {})["world"])

    def delete_world(self, world: str) -> None:
        """Throw a world away."""
        self._call("DELETE", f"/worlds/{world}")

    def set_fault(self, world: str, kind: str) -> None:
        """Break the bank for one world; "none" mends it."""
        self._call("PUT", f"/worlds/{world}/fault", {"kind": kind, "seconds": SLOW_SECONDS})

    def advance_clock(self, world: str, seconds: int) -> None:
        """Move the clock of one world forward."""
        self._call("POST", f"/worlds/{world}/clock", {"advance_seconds": seconds})

    def sms(self, world: str, login: str) -> list[dict[str, Any]]:
        """Short messages to a customer's phone, newest last: {phone, text, code | None, sent_at}."""
        return list(self._call("GET", f"/worlds/{world}/sms?login={login}")["messages"])

    def codes(self, world: str, login: str) -> list[str]:
        """One-time codes sent to a customer's phone, newest last."""
        return [str(message["code"]) for message in self.sms(world, login) if message.get("code")]

    def ledger(self, world: str) -> Ledger:
        """As it stands."""
        answer = self._call("GET", f"/worlds/{world}/ledger")
        return Ledger(dict(answer["accounts"]), dict(answer["cards"]), list(answer["orders"]))

    def broken_invariants(self, world: str | None = None) -> str:
        """What is wrong with the ledger of the whole bank, or of one world; empty when nothing is."""
        answer = self._call("GET", "/invariants" + (f"?world={world}" if world else ""))
        return "; ".join(f"{name}: {value}" for name, value in answer.items() if value)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            with requests.Session() as http:
                http.trust_env = False
                response = http.request(method, self._base + path, json=body, headers=self._headers, timeout=TIMEOUT)
                answer = response.json() if response.content else {}
        except (requests.RequestException, ValueError) as error:
            raise SandboxDown(f"core bank {self._base}{path}: {type(error).__name__}") from error
        if not response.ok or not isinstance(answer, dict):
            raise SandboxDown(f"core bank {self._base}{path}: {response.status_code} {answer}")
        return answer
