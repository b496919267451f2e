"""One private demo bank for each test, behind either adapter, and what a test does to it from outside the port."""

from __future__ import annotations

import secrets
import uuid
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import requests

from banking.breaker import Breaker
from banking.http import HttpCoreBank
from banking.http_answers import understand
from banking.http_transport import Answer, Timeouts
from banking.memory import MemoryBank
from banking.memory_base import Fault
from banking.model import Account, Card, Draft, Payee, TransactionQuery
from banking.orders import Order
from banking.port import CoreBank

# Noon: no test may turn yellow because it happens to run at night. Tomorrow: the demo bank's history ends before today.
NOON = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


class World(ABC):
    """A demo bank at noon. `impatient` is the same bank through a port that waits half a second at most.

    Nothing that `core_slow` delayed is still under way after `slowness` seconds.
    """

    port: CoreBank
    impatient: CoreBank
    slowness = 0.0

    @abstractmethod
    def sign_in(self, login: str) -> str:
        """A session reference."""

    @abstractmethod
    def submit_code(self, session: str, code: str) -> None:
        """What the channel does. Raises the port's errors; BankContractBroken for codes outside the port."""

    @abstractmethod
    def last_code(self, login: str) -> str:
        """The code in the customer's newest SMS."""

    @abstractmethod
    def set_clock(self, moment: datetime) -> None:
        """Let the bank's time go on from `moment`."""

    @abstractmethod
    def set_fault(self, fault: Fault) -> None:
        """From now on."""

    @abstractmethod
    def review(self, draft_id: str, approve: bool) -> None:
        """What an operator does."""

    @abstractmethod
    def hold_number(self, session: str, number: str) -> str:
        """What the channel does with a full account number. Returns its reference."""

    def wait(self, **duration: int) -> None:
        """Move the bank's clock to NOON + duration."""
        self.set_clock(NOON + timedelta(**duration))

    def account(self, session: str, tail: str) -> Account:
        return next(account for account in self.port.accounts(session) if account.tail == tail)

    def balance(self, session: str, tail: str) -> int:
        return self.account(session, tail).balance_fen

    def card(self, session: str, tail: str) -> Card:
        return next(card for card in self.port.cards(session) if card.tail == tail)

    def payee(self, session: str, tail: str) -> Payee:
        return next(payee for payee in self.port.payees(session) if payee.tail == tail)

    def movements(self, session: str) -> list[tuple[int, str | None]]:
        """Amounts and counterparties of what the test did, newest first."""
        page = self.port.transactions(session, TransactionQuery(from_date=NOON.date(), limit=100))
        return [(item.amount_fen, item.counterparty) for item in page.transactions]

    def draft(self, session: str, amount_fen: int, to: str = "3344", tail: str = "6789", **more: Any) -> Draft:
        account, payee = self.account(session, tail), self.payee(session, to)
        return self.port.draft_transfer(session, account.id, payee.id, amount_fen, **more)

    def authorise(self, session: str, draft: Draft, login: str = "zhangwei") -> None:
        """Send a code and type it in."""
        self.port.send_code(session, draft.id)
        self.submit_code(session, self.last_code(login))

    def authorised(
        self, session: str, amount_fen: int, to: str = "3344", login: str = "zhangwei", **more: Any
    ) -> Draft:
        draft = self.draft(session, amount_fen, to, **more)
        self.authorise(session, draft, login)
        return draft

    def pay(self, session: str, amount_fen: int, to: str = "3344", login: str = "zhangwei", **more: Any) -> Draft:
        return self.port.confirm(session, self.authorised(session, amount_fen, to, login, **more).id)

    def carry_out(self, session: str, order: Order, login: str = "zhangwei") -> Draft:
        """Prepare an order, answer its risk question, authorise it where it needs that, confirm it."""
        draft = self.port.prepare(session, order)
        if draft.risk_question_open:
            self.port.answer_risk(session, draft.id, suspicious=False)
        if draft.needs_code:
            self.authorise(session, draft, login)
        return self.port.confirm(session, draft.id)

    def wrong_code(self, login: str = "zhangwei") -> str:
        return f"{(int(self.last_code(login)) + 1) % 1_000_000:06d}"


class MemoryWorld(World):
    """The in-memory adapter on a clock of its own."""

    def __init__(self) -> None:
        self._now = NOON
        self._bank = self.port = self.impatient = MemoryBank(lambda: self._now)

    def sign_in(self, login: str) -> str:
        return self._bank.sign_in(login)

    def submit_code(self, session: str, code: str) -> None:
        self._bank.submit_code(session, code)

    def hold_number(self, session: str, number: str) -> str:
        return self._bank.hold_number(session, number)

    def last_code(self, login: str) -> str:
        return self._bank.last_code(login)

    def set_clock(self, moment: datetime) -> None:
        self._now = moment

    def set_fault(self, fault: Fault) -> None:
        self._bank.fault = fault

    def review(self, draft_id: str, approve: bool) -> None:
        self._bank.review(draft_id, approve)


Role = Literal["actions", "channel", "operator", "sandbox"]


class HttpWorld(World):
    """The HTTP adapter, and a world of the running sandbox core bank."""

    slowness = 1.2

    def __init__(self, url: str, tokens: dict[Role, str]) -> None:
        self._url, self._tokens = url, tokens
        self._http = requests.Session()
        self._world = f"contract-{uuid.uuid4().hex[:12]}"
        self._sandbox = f"/sandbox/worlds/{self._world}"
        self._ask("sandbox", "POST", "/sandbox/worlds", {"world": self._world, "begins_at": NOON.isoformat()})
        self.port = HttpCoreBank(url, tokens["actions"], breaker=Breaker(failures=1000))
        self.impatient = HttpCoreBank(
            url, tokens["actions"], timeouts=Timeouts(1, 0.4, 0.5), breaker=Breaker(failures=1000)
        )

    def close(self) -> None:
        self.set_fault("none")
        self._ask("sandbox", "DELETE", self._sandbox)
        self._http.close()

    def sign_in(self, login: str) -> str:
        body = {"login": login, "password": "demo", "world": self._world}
        return str(self._ask("channel", "POST", "/v1/sessions", body)["session"])

    def submit_code(self, session: str, code: str) -> None:
        self._ask("channel", "POST", "/v1/codes", {"code": code}, {"X-Customer-Session": session})

    def hold_number(self, session: str, number: str) -> str:
        headers = {"X-Customer-Session": session}
        return str(self._ask("channel", "POST", "/v1/account-numbers", {"number": number}, headers)["reference"])

    def last_code(self, login: str) -> str:
        return str(self._ask("sandbox", "GET", f"{self._sandbox}/sms?login={login}")["messages"][-1]["code"])

    def set_clock(self, moment: datetime) -> None:
        self._ask("sandbox", "POST", f"{self._sandbox}/clock", {"set": moment.isoformat()})

    def set_fault(self, fault: Fault) -> None:
        self._ask("sandbox", "PUT", f"{self._sandbox}/fault", {"kind": fault, "seconds": 1})

    def review(self, draft_id: str, approve: bool) -> None:
        self._ask("operator", "POST", f"/v1/reviews/{draft_id}", {"approve": approve, "reviewer": "desk"})

    def _ask(
        self, role: Role, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        authorization = {"Authorization": f"Bearer {self._tokens[role]}"}
        answer = self._http.request(
            method, self._url + path, json=body, headers=authorization | (headers or {}), timeout=10
        )
        if answer.status_code == 204:
            return {}
        return understand(Answer(answer.status_code, answer.content), lambda content: content, write=True)


def new_tokens() -> dict[Role, str]:
    return {role: secrets.token_urlsafe(32) for role in ("actions", "channel", "operator", "sandbox")}
