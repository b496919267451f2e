"""The core bank over HTTP: the adapter for production and for the sandbox.

Reads are retried within the deadline, writes never are. `http_transport` sorts what can go wrong on the way,
`http_answers` what the core says, `http_wire` reads its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from time import monotonic
from typing import Any, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay, wait_exponential_jitter
from urllib3 import Timeout

from banking.breaker import Breaker
from banking.http_answers import Decoder, lost, understand
from banking.http_transport import AnswerLost, NotSent, Request, Timeouts, Transport
from banking.http_wire import WireError, decode, json_name
from banking.model import (
    Account,
    Card,
    CardChange,
    Customer,
    Draft,
    Limits,
    LossReport,
    Payee,
    TransactionPage,
    TransactionQuery,
)
from banking.port import (
    AccountNotFound,
    BankContractBroken,
    BankRefused,
    BankUnavailable,
    CardNotFound,
    DraftNotFound,
    PayeeNotFound,
    SessionInvalid,
)

T = TypeVar("T")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")
SESSION = re.compile(r"[!-~]{1,255}")
KEY = re.compile(r"[ -~]{1,255}")
READ_TRIES = 3
READ_PAUSE = wait_exponential_jitter(multiplier=0.1, jitter=0.1, max=1)


class HttpCoreBank:
    """A `banking.port.CoreBank` that speaks the core's HTTP API; one instance serves all threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeouts: Timeouts = Timeouts(),  # noqa: B008  # immutable
        breaker: Breaker | None = None,
        pool_size: int = 32,
    ) -> None:
        self._transport = Transport(base_url, token, pool_size)
        self._timeouts = timeouts
        self._breaker = breaker or Breaker()

    def customer(self, session: str) -> Customer:
        return self._read(session, "/v1/sessions/current", lambda c: decode(Customer, c.get("customer")))

    def accounts(self, session: str) -> tuple[Account, ...]:
        return self._read(session, "/v1/accounts", _list_of(Account, "accounts"))

    def cards(self, session: str) -> tuple[Card, ...]:
        return self._read(session, "/v1/cards", _list_of(Card, "cards"))

    def transactions(self, session: str, query: TransactionQuery) -> TransactionPage:
        return self._read(session, "/v1/transactions", _one(TransactionPage), _parameters(query))

    def payees(self, session: str) -> tuple[Payee, ...]:
        return self._read(session, "/v1/payees", _list_of(Payee, "payees"))

    def limits(self, session: str) -> Limits:
        return self._read(session, "/v1/limits", _one(Limits))

    def draft_transfer(
        self,
        session: str,
        from_account_id: str,
        payee_id: str,
        amount_fen: int,
        note: str | None = None,
        replaces: str | None = None,
    ) -> Draft:
        body: dict[str, object] = {
            "kind": "transfer",
            "from_account_id": _known(from_account_id, AccountNotFound),
            "payee_id": _known(payee_id, PayeeNotFound),
            "amount_fen": amount_fen,
            **_optional("note", note),
            **_replacing(replaces),
        }
        return self._write(session, "/v1/drafts", _transfer_draft(from_account_id, payee_id, amount_fen), body)

    def draft_unfreeze(self, session: str, card_id: str, replaces: str | None = None) -> Draft:
        body = {"kind": "unfreeze_card", "card_id": _known(card_id, CardNotFound), **_replacing(replaces)}
        return self._write(session, "/v1/drafts", _unfreeze_draft(card_id), body)

    def draft(self, session: str, draft_id: str) -> Draft:
        return self._read(session, _draft_path(draft_id), _draft_with(draft_id))

    def drafts(self, session: str, kind: str | None = None, limit: int = 10) -> tuple[Draft, ...]:
        params = {"limit": str(limit)} | ({} if kind is None else {"kind": kind})
        return self._read(session, "/v1/drafts", _list_of(Draft, "drafts"), params)

    def answer_risk(self, session: str, draft_id: str, suspicious: bool) -> Draft:
        path = _draft_path(draft_id) + "/risk-answer"
        return self._write(session, path, _draft_with(draft_id), {"suspicious": suspicious})

    def send_code(self, session: str, draft_id: str) -> Draft:
        return self._write(session, _draft_path(draft_id) + "/challenge", _draft_with(draft_id), {})

    def confirm(self, session: str, draft_id: str) -> Draft:
        return self._write(session, _draft_path(draft_id) + "/confirm", _confirmed_draft(draft_id), {}, key=draft_id)

    def cancel(self, session: str, draft_id: str) -> Draft:
        return self._write(session, _draft_path(draft_id) + "/cancel", _draft_with(draft_id), {})

    def freeze_card(self, session: str, card_id: str, key: str) -> CardChange:
        path = f"/v1/cards/{_known(card_id, CardNotFound)}/freeze"
        return self._write(session, path, _one(CardChange), {}, key)

    def report_card_lost(self, session: str, card_id: str, key: str) -> LossReport:
        path = f"/v1/cards/{_known(card_id, CardNotFound)}/loss-report"
        return self._write(session, path, _one(LossReport), {}, key)

    def _read(self, session: str, path: str, decoder: Decoder[T], params: Mapping[str, str] | None = None) -> T:
        request = Request("GET", path, _session_header(session), params=params)
        deadline = monotonic() + self._timeouts.total
        retrying = Retrying(
            retry=retry_if_exception_type(BankUnavailable),
            stop=stop_after_attempt(READ_TRIES) | stop_before_delay(self._timeouts.total),
            wait=READ_PAUSE,
            reraise=True,
        )
        with self._breaker.guard():
            return retrying(lambda: self._try(request, decoder, deadline, write=False))

    def _write(
        self, session: str, path: str, decoder: Decoder[T], body: Mapping[str, object], key: str | None = None
    ) -> T:
        if key is not None and not KEY.fullmatch(key):
            raise BankContractBroken("an idempotency key is 1..255 printable ASCII characters")
        request = Request("POST", path, _session_header(session), body=body, key=key)
        with self._breaker.guard():
            return self._try(request, decoder, monotonic() + self._timeouts.total, write=True)

    def _try(self, request: Request, decoder: Decoder[T], deadline: float, write: bool) -> T:
        remaining = deadline - monotonic()
        if remaining <= 0:
            raise BankUnavailable("no time left to ask")
        timeout = Timeout(connect=self._timeouts.connect, read=self._timeouts.read, total=remaining)
        try:
            answer = self._transport.exchange(request, timeout)
        except NotSent as error:
            raise BankUnavailable(str(error)) from error
        except AnswerLost as error:
            raise lost(write, str(error)) from error
        return understand(answer, decoder, write)


def _one(shape: type[T]) -> Decoder[T]:
    return lambda content: decode(shape, content)


def _list_of(shape: type[T], name: str) -> Decoder[tuple[T, ...]]:
    def decoder(content: dict[str, Any]) -> tuple[T, ...]:
        items = content.get(name)
        if not isinstance(items, list):
            raise WireError(f"{name}: not a list")
        return tuple(decode(shape, item) for item in items)

    return decoder


def _draft_where(holds: Callable[[Draft], bool]) -> Decoder[Draft]:
    """Reads a draft and insists that it is the one asked for: acting on another one would move other money."""

    def decoder(content: dict[str, Any]) -> Draft:
        draft = decode(Draft, content)
        if not holds(draft):
            raise WireError(f"draft {draft.id} ({draft.state}) is not what was asked for")
        return draft

    return decoder


def _draft_with(draft_id: str) -> Decoder[Draft]:
    return _draft_where(lambda draft: draft.id == draft_id)


def _confirmed_draft(draft_id: str) -> Decoder[Draft]:
    def holds(draft: Draft) -> bool:
        carried_out = draft.state == "DONE" and draft.result is not None
        return draft.id == draft_id and (carried_out or draft.state == "REVIEW")

    return _draft_where(holds)


def _transfer_draft(from_account_id: str, payee_id: str, amount_fen: int) -> Decoder[Draft]:
    def holds(draft: Draft) -> bool:
        found = draft.transfer
        asked = (from_account_id, payee_id, amount_fen)
        return found is not None and (found.from_account.id, found.payee.id, found.amount_fen) == asked

    return _draft_where(holds)


def _unfreeze_draft(card_id: str) -> Decoder[Draft]:
    return _draft_where(lambda draft: draft.card is not None and draft.card.id == card_id)


def _known(value: str, unknown: type[BankRefused]) -> str:
    """An id fit for a path. One that is not cannot be the core's, so it is answered like any unknown id."""
    if not ID.fullmatch(value):
        raise unknown("malformed id")
    return value


def _draft_path(draft_id: str) -> str:
    return f"/v1/drafts/{_known(draft_id, DraftNotFound)}"


def _session_header(session: str) -> str:
    if not SESSION.fullmatch(session):
        raise SessionInvalid("malformed session reference")
    return session


def _replacing(draft_id: str | None) -> dict[str, object]:
    return {} if draft_id is None else {"replaces": _known(draft_id, DraftNotFound)}


def _optional(name: str, value: object) -> dict[str, object]:
    return {} if value is None else {name: value}


def _parameters(query: TransactionQuery) -> dict[str, str]:
    values = {json_name(f.name, f.metadata): getattr(query, f.name) for f in fields(query)}
    # str() of a date is its ISO form
    return {name: str(value) for name, value in values.items() if value is not None}
