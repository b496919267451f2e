"""Reading the core's JSON strictly."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from banking.http_wire import WireError, decode, parse_object
from banking.model import Account, Draft, Line, OrderDetails

CARD = {
    "id": "c1",
    "kind": "debit",
    "tail": "6789",
    "account_id": "a1",
    "account_class": "I",
    "state": "active",
    "state_since": "2026-11-22T10:00:00+08:00",
}
ACCOUNT: dict[str, Any] = {
    "id": "a1",
    "kind": "time_deposit",
    "name": "一年定期",
    "tail": None,
    "account_class": None,
    "currency": "CNY",
    "balance_fen": 5000000,
    "available_fen": 0,
    "state": "active",
    "restriction": None,
    "card_id": None,
    "matures_on": "2027-03-01",
    "frozen_fen": 0,
    "credit": None,
}
DRAFT: dict[str, Any] = {
    "id": "d1",
    "kind": "transfer",
    "state": "DONE",
    "canonical_text": "从借记卡",
    "needs_code": True,
    "risk": "yellow",
    "risk_reasons": ["new_payee"],
    "risk_question_open": False,
    "created_at": "2026-11-22T02:00:00Z",
    "expires_at": "2026-11-22T02:10:00.500+00:00",
    "transfer": {
        "amount_fen": 50000,
        "fee_fen": 0,
        "amount_upper": "伍佰元整",
        "from": {"id": "a1", "name": "借记卡", "tail": "6789"},
        "payee": {"id": "p1", "name": "李娜", "bank": "本行", "tail": "3344"},
        "note": None,
    },
    "card": CARD,
    "order": {"asked": {"on": True}, "lines": [{"label": "付款账户", "value": "借记卡"}]},
    "challenge": {"sent_to": "138****0001", "expires_at": "2026-11-22T02:05:00Z", "tries_left": 5},
    "result": {"receipt_no": "R1", "posted_at": "2026-11-22T02:01:00Z", "lines": []},
}


def test_a_draft_with_all_its_parts() -> None:
    draft = decode(Draft, {**DRAFT, "a_field_of_tomorrow": 1})
    assert draft.transfer is not None
    assert draft.transfer.from_account.tail == "6789"
    assert draft.risk_reasons == ("new_payee",)
    assert draft.order == OrderDetails({"on": True}, (Line("付款账户", "借记卡"),))
    assert draft.card is not None
    assert draft.card.state_since == datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=8)))
    assert draft.created_at == datetime(2026, 11, 22, 2, tzinfo=timezone.utc)


def test_an_account_with_a_date() -> None:
    assert decode(Account, ACCOUNT).matures_on == date(2027, 3, 1)


@pytest.mark.parametrize("name", ACCOUNT)
def test_no_field_may_be_missing(name: str) -> None:
    with pytest.raises(WireError, match=name):
        decode(Account, {key: value for key, value in ACCOUNT.items() if key != name})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["currency"], "USD"),
        (["balance_fen"], 5000000.0),
        (["balance_fen"], "5000000"),
        (["balance_fen"], True),
        (["balance_fen"], None),
        (["kind"], "savings"),
        (["kind"], ["debit"]),
        (["name"], None),
        (["tail"], 6789),
        (["matures_on"], "2027-02-30"),
        (["matures_on"], 20270301),
        (["restriction"], "none"),
        (["restriction"], {"code": "x"}),
        (["credit"], []),
    ],
)
def test_a_field_of_another_type_is_refused(path: list[str], value: object) -> None:
    with pytest.raises(WireError, match=path[0]):
        decode(Account, ACCOUNT | {path[0]: value})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["state"], "POSTED"),
        (["created_at"], "2026-11-22T02:00:00"),
        (["created_at"], "yesterday"),
        (["risk_reasons"], "new_payee"),
        (["risk_reasons"], [1]),
        (["transfer", "amount_fen"], 500.0),
        (["transfer", "from", "tail"], None),
        (["challenge", "tries_left"], None),
        (["result", "receipt_no"], 1),
        (["order", "asked"], []),
    ],
)
def test_a_nested_field_is_named_with_its_place(path: list[str], value: object) -> None:
    changed = copy.deepcopy(DRAFT)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(WireError, match=r"\.".join(path)):
        decode(Draft, changed)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"<html>", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_what_is_not_a_json_object(body: bytes) -> None:
    with pytest.raises(WireError):
        parse_object(body)
