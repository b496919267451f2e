"""The core bank over HTTP: the adapter for production and for the sandbox.

Reads are retried within the deadline, writes never are. `http_transport` sorts what can go wrong on the way,
`http_answers` what the core says, `http_wire` reads its JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from banking.http_account import HttpAccount
from banking.http_answers import Decoder
from banking.http_card import HttpCard
from banking.http_care import HttpCare
from banking.http_client import known, list_of, one
from banking.http_credit_card import HttpCreditCard
from banking.http_deposit import HttpDeposit
from banking.http_everyday import HttpEveryday
from banking.http_loan import HttpLoan
from banking.http_transfers import HttpTransfers
from banking.http_wealth import HttpWealth
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
from banking.orders import Order
from banking.port import (
    AccountNotFound,
    CardNotFound,
    DraftNotFound,
    PayeeNotFound,
)


class HttpCoreBank(
    HttpAccount,
    HttpCreditCard,
    HttpTransfers,
    HttpCard,
    HttpCare,
    HttpDeposit,
    HttpWealth,
    HttpLoan,
    HttpEveryday,
):
    """A `banking.port.CoreBank` that speaks the core's HTTP API; one instance serves all threads."""

    def customer(self, session: str) -> Customer:
        return self.read(session, "/v1/sessions/current", lambda c: decode(Customer, c.get("customer")))

    def accounts(self, session: str) -> tuple[Account, ...]:
        return self.read(session, "/v1/accounts", list_of(Account, "accounts"))

    def cards(self, session: str) -> tuple[Card, ...]:
        return self.read(session, "/v1/cards", list_of(Card, "cards"))

    def transactions(self, session: str, query: TransactionQuery) -> TransactionPage:
        return self.read(session, "/v1/transactions", one(TransactionPage), _parameters(query))

    def payees(self, session: str) -> tuple[Payee, ...]:
        return self.read(session, "/v1/payees", list_of(Payee, "payees"))

    def limits(self, session: str) -> Limits:
        return self.read(session, "/v1/limits", one(Limits))

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
            "from_account_id": known(from_account_id, AccountNotFound),
            "payee_id": known(payee_id, PayeeNotFound),
            "amount_fen": amount_fen,
            **_optional("note", note),
            **_replacing(replaces),
        }
        return self.write(session, "/v1/drafts", _transfer_draft(from_account_id, payee_id, amount_fen), body)

    def draft_unfreeze(self, session: str, card_id: str, replaces: str | None = None) -> Draft:
        body = {"kind": "unfreeze_card", "card_id": known(card_id, CardNotFound), **_replacing(replaces)}
        return self.write(session, "/v1/drafts", _unfreeze_draft(card_id), body)

    def prepare(self, session: str, order: Order, replaces: str | None = None) -> Draft:
        body = {"kind": order.kind, **order.fields(), **_replacing(replaces)}
        return self.write(session, "/v1/drafts", _order_draft(order), body)

    def draft(self, session: str, draft_id: str) -> Draft:
        return self.read(session, _draft_path(draft_id), _draft_with(draft_id))

    def drafts(self, session: str, kind: str | None = None, limit: int = 10) -> tuple[Draft, ...]:
        params = {"limit": str(limit)} | ({} if kind is None else {"kind": kind})
        return self.read(session, "/v1/drafts", list_of(Draft, "drafts"), params)

    def answer_risk(self, session: str, draft_id: str, suspicious: bool) -> Draft:
        path = _draft_path(draft_id) + "/risk-answer"
        return self.write(session, path, _draft_with(draft_id), {"suspicious": suspicious})

    def send_code(self, session: str, draft_id: str) -> Draft:
        return self.write(session, _draft_path(draft_id) + "/challenge", _draft_with(draft_id), {})

    def confirm(self, session: str, draft_id: str) -> Draft:
        return self.write(session, _draft_path(draft_id) + "/confirm", _confirmed_draft(draft_id), {}, key=draft_id)

    def cancel(self, session: str, draft_id: str) -> Draft:
        return self.write(session, _draft_path(draft_id) + "/cancel", _draft_with(draft_id), {})

    def freeze_card(self, session: str, card_id: str, key: str) -> CardChange:
        path = f"/v1/cards/{known(card_id, CardNotFound)}/freeze"
        return self.write(session, path, one(CardChange), {}, key)

    def report_card_lost(self, session: str, card_id: str, key: str) -> LossReport:
        path = f"/v1/cards/{known(card_id, CardNotFound)}/loss-report"
        return self.write(session, path, one(LossReport), {}, key)


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


def _order_draft(order: Order) -> Decoder[Draft]:
    def holds(draft: Draft) -> bool:
        return draft.kind == order.kind and draft.order is not None and draft.order.asked == order.fields()

    return _draft_where(holds)


def _draft_path(draft_id: str) -> str:
    return f"/v1/drafts/{known(draft_id, DraftNotFound)}"


def _replacing(draft_id: str | None) -> dict[str, object]:
    return {} if draft_id is None else {"replaces": known(draft_id, DraftNotFound)}


def _optional(name: str, value: object) -> dict[str, object]:
    return {} if value is None else {name: value}


def _parameters(query: TransactionQuery) -> dict[str, str]:
    values = {json_name(f.name, f.metadata): getattr(query, f.name) for f in fields(query)}
    # str() of a date is its ISO form
    return {name: str(value) for name, value in values.items() if value is not None}
