"""A sandbox world and its customers, spoken to over the application's HTTP interface."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from services.core_bank.clock import BANK_ZONE, bank_day, real_now
from services.core_bank.settings import Settings, WebSettings

TOKENS = {role: f"{role}-token-for-tests" for role in ("actions", "channel", "operator", "sandbox")}
CODE_KEY = b"code key for tests, 32 bytes long"
WEB = WebSettings(
    b"a key for tests that has 32 byte", "https://bank", ("https://chat.bank/chat/",), ("https://chat.bank",)
)


def settings(database_url: str, sandbox: bool = True) -> Settings:
    return Settings(database_url, CODE_KEY, TOKENS, sandbox, web=WEB if sandbox else None)


def bearer(role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS[role]}"}


def error_of(response: Response) -> tuple[int, str, dict[str, Any]]:
    """Status, code, details."""
    error = response.json()["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["message"].isascii()
    return response.status_code, error["code"], error["details"]


def noon(days: int = 1) -> datetime:
    """Noon in Shanghai, some days from today: away from the night, the day change and the seeded history."""
    day: date = bank_day(real_now()) + timedelta(days=days)
    return datetime.combine(day, time(12), tzinfo=BANK_ZONE)


@dataclass
class Customer:
    """One signed-in customer; `get` and `post` speak for the action server."""

    world: World
    login: str
    session: str
    known_ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, json: Any = None, role: str = "actions", key: str | None = None
    ) -> Response:
        headers = bearer(role) | {"X-Customer-Session": self.session}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.world.client.request(method, path, json=json, headers=headers)

    def get(self, path: str) -> Any:
        response = self.request("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, json: Any = None, key: str | None = None) -> Response:
        return self.request("POST", path, json, key=key)

    def account(self, tail_or_kind: str) -> dict[str, Any]:
        accounts: list[dict[str, Any]] = self.get("/v1/accounts")["accounts"]
        return next(one for one in accounts if tail_or_kind in (one["tail"], one["kind"]))

    def card(self, tail: str) -> dict[str, Any]:
        cards: list[dict[str, Any]] = self.get("/v1/cards")["cards"]
        return next(one for one in cards if one["tail"] == tail)

    def payee(self, tail: str) -> dict[str, Any]:
        payees: list[dict[str, Any]] = self.get("/v1/payees")["payees"]
        return next(one for one in payees if one["tail"] == tail)

    def transfer_request(self, amount_fen: Any, payee: str = "3344", account: str = "6789", **more: Any) -> Any:
        return {
            "kind": "transfer",
            "from_account_id": self._id_of("account", account),
            "payee_id": self._id_of("payee", payee),
            "amount_fen": amount_fen,
            **more,
        }

    def _id_of(self, what: str, tail: str) -> str:
        """Ids do not change within a world, and tests ask for them all the time."""
        if (what, tail) not in self.known_ids:
            self.known_ids[what, tail] = (self.account if what == "account" else self.payee)(tail)["id"]
        return self.known_ids[what, tail]

    def ask_transfer(self, amount_fen: Any, payee: str = "3344", account: str = "6789", **more: Any) -> Response:
        return self.post("/v1/drafts", self.transfer_request(amount_fen, payee, account, **more))

    def draft(self, amount_fen: int = 500_00, payee: str = "3344", account: str = "6789", **more: Any) -> Any:
        response = self.ask_transfer(amount_fen, payee, account, **more)
        assert response.status_code == 201, response.text
        return response.json()

    def challenge(self, draft_id: str) -> str:
        """Have a code sent. Returns it, as the phone shows it."""
        response = self.post(f"/v1/drafts/{draft_id}/challenge")
        assert response.status_code == 200, response.text
        return self.world.last_code(self.login)

    def submit(self, code: str) -> Response:
        return self.request("POST", "/v1/codes", {"code": code}, role="channel")

    def confirm(self, draft_id: str, key: str | None = None, body: Any = None) -> Response:
        return self.post(f"/v1/drafts/{draft_id}/confirm", {} if body is None else body, key=key or draft_id)

    def authorised(self, amount_fen: int = 500_00, payee: str = "3344", **more: Any) -> str:
        """The id of a transfer draft that only waits for its confirmation."""
        draft = self.draft(amount_fen, payee, **more)
        if draft["risk_question_open"]:
            self.post(f"/v1/drafts/{draft['id']}/risk-answer", {"suspicious": False})
        self.authorise(draft["id"])
        return str(draft["id"])

    def authorise(self, draft_id: str) -> None:
        response = self.submit(self.challenge(draft_id))
        assert response.status_code == 200, response.text

    def frozen_card(self, tail: str = "6789") -> str:
        card_id = str(self.card(tail)["id"])
        assert self.post(f"/v1/cards/{card_id}/freeze", {}, key=f"freeze {card_id}").status_code == 200
        return card_id

    def state(self, draft_id: str) -> str:
        return str(self.get(f"/v1/drafts/{draft_id}")["state"])


@dataclass
class World:
    """A private copy of the demo bank."""

    client: TestClient
    name: str

    def sandbox(self, method: str, path: str, json: Any = None) -> Response:
        return self.client.request(method, f"/sandbox/worlds/{self.name}{path}", json=json, headers=bearer("sandbox"))

    def sign_in(self, login: str, password: str = "demo") -> Customer:
        response = self.try_sign_in(login, password)
        assert response.status_code == 201, response.text
        return Customer(self, login, response.json()["session"])

    def try_sign_in(self, login: str, password: str) -> Response:
        body = {"login": login, "password": password, "world": self.name}
        return self.client.post("/v1/sessions", json=body, headers=bearer("channel"))

    def last_code(self, login: str) -> str:
        return str(self.sandbox("GET", f"/sms?login={login}").json()["messages"][-1]["code"])

    def ledger(self) -> Any:
        return self.sandbox("GET", "/ledger").json()

    def balance(self, key: str) -> int:
        return int(self.ledger()["accounts"][key])

    def set_clock(self, moment: datetime) -> None:
        assert self.sandbox("POST", "/clock", {"set": moment.isoformat()}).status_code == 200

    def advance(self, **time_: int) -> None:
        seconds = int(timedelta(**time_).total_seconds())
        assert self.sandbox("POST", "/clock", {"advance_seconds": seconds}).status_code == 200

    def set_fault(self, kind: str, seconds: float = 30) -> None:
        assert self.sandbox("PUT", "/fault", {"kind": kind, "seconds": seconds}).status_code == 200

    def review(self, draft_id: str, approve: bool, reviewer: str = "li.jing") -> Response:
        body = {"approve": approve, "reviewer": reviewer}
        return self.client.post(f"/v1/reviews/{draft_id}", json=body, headers=bearer("operator"))

    def invariants(self) -> Any:
        return self.client.get("/sandbox/invariants", headers=bearer("sandbox")).json()


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


SOUND = {"total_fen": 0, "unbalanced": [], "mismatched": [], "negative": []}


def new_world(client: TestClient) -> World:
    """At noon, so that the rules of the night stay out of the way."""
    response = client.post("/sandbox/worlds", json={"begins_at": noon().isoformat()}, headers=bearer("sandbox"))
    assert response.status_code == 201, response.text
    return World(client, response.json()["world"])
