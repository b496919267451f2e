"""Binding a WeChat: an openid is nobody until a customer bound it with a code."""

from __future__ import annotations

import logging
import re

import pytest
import sqlalchemy as sa

from services.core_bank.tables import metadata
from tests.unit.services.core_bank.harness import Customer, error_of, wrong
from tests.unit.services.core_bank.wechat_follower import (
    BINDINGS,
    Follower,
    bound_at,
    events,
    texts,
    ticket_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def test_an_openid_is_nobody_until_bound(follower: Follower, lina: Customer) -> None:
    assert follower.is_nobody()
    begun = follower.begin().json()
    assert (begun["name_masked"], begun["phone_masked"]) == ("*娜", "138****0002")
    assert re.fullmatch(r"wa_[a-p]+", begun["attempt"]) and begun["expires_at"].endswith("+08:00")
    assert follower.is_nobody() and bound_at(lina) is None
    [sent] = texts(follower.world, "lina")
    code = follower.world.last_code("lina")
    assert f"验证码{code}" in sent and "把微信绑定到您的银行客户身份" in sent and "诈骗" in sent
    confirmed = follower.confirm(begun["attempt"], code)
    assert (confirmed.status_code, confirmed.json()) == (200, {"name_masked": "*娜"})
    assert bound_at(lina) is not None
    assert events(follower.world, "lina") == ["wechat_bound"]


def test_a_bound_openid_opens_a_session_like_any_other(follower: Follower, lina: Customer) -> None:
    follower.bind()
    response = follower.try_sign_in()
    with_password = follower.world.try_sign_in("lina", "demo").json()
    opened = response.json()
    assert response.status_code == 201 and set(opened) == set(with_password)
    for same in ("auth_level", "customer", "subject"):
        assert opened[same] == with_password[same]
    assert opened["auth_level"] == 1 and opened["customer"] == {"name": "李娜", "elder_mode": False}
    customer = Customer(follower.world, "lina", opened["session"])
    assert customer.account("3344")["balance_fen"] == 8_000_00
    refused = customer.confirm(customer.draft(payee="6789", account="3344")["id"])
    assert error_of(refused)[1] == "code_required", "money needs its own code"
    assert events(follower.world, "lina") == ["wechat_bound", "wechat_signed_in"]


def test_another_openid_or_app_is_another_follower(follower: Follower) -> None:
    follower.bind()
    for changed in ({"openid": follower.id["openid"].swapcase()}, {"app_id": "wxfedcba9876543210"}):
        other = Follower(follower.world)
        other.id = follower.id | changed
        assert other.is_nobody() and other.unbind().status_code == 404
    assert not follower.is_nobody()


def test_neither_openids_nor_codes_are_stored_or_logged(follower: Follower, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    follower.bind()
    pending = follower.attempt("zhangwei")
    code = follower.world.last_code("zhangwei")
    follower.sign_in()
    with follower.world.client.app.state.bank.db.read() as conn:  # type: ignore[attr-defined]
        stored = [
            repr(tuple(row))
            for table in metadata.sorted_tables
            if table.name.startswith("wechat") or table.name in ("audit", "sessions", "sms_outbox")
            for row in conn.execute(sa.select(table))
        ]
    held = "\n".join([*stored, caplog.text])
    assert pending in held and follower.id["app_id"] in held
    assert follower.id["openid"] not in held
    assert not re.search(rf"'{code}'|验证码{code}", held)


def test_wrong_codes_are_counted_and_the_fifth_is_the_end(follower: Follower, lina: Customer) -> None:
    attempt = follower.attempt()
    code = follower.world.last_code("lina")
    for malformed in ("12345", "１２３４５６", "", "1234567", "12 345"):
        assert error_of(follower.confirm(attempt, malformed)) == (422, "code_malformed", {})
    for left in (4, 3, 2, 1):
        assert error_of(follower.confirm(attempt, wrong(code))) == (403, "code_wrong", {"tries_left": left})
    assert error_of(follower.confirm(attempt, wrong(code))) == (403, "code_locked", {})
    assert error_of(follower.confirm(attempt, code)) == (404, "attempt_invalid", {})
    assert follower.is_nobody() and bound_at(lina) is None
    assert events(follower.world, "lina") == ["wechat_code_locked"]


def test_a_code_is_good_for_five_minutes_and_once(follower: Follower) -> None:
    late = follower.attempt()
    code = follower.world.last_code("lina")
    follower.world.advance(minutes=5)
    for _ in range(2):
        assert error_of(follower.confirm(late, code)) == (403, "code_expired", {})
    attempt = follower.attempt()
    code = follower.world.last_code("lina")
    follower.world.advance(minutes=4)
    assert follower.confirm(attempt, code).status_code == 200
    assert error_of(follower.confirm(attempt, code))[1] == "attempt_invalid"
    assert error_of(follower.confirm("wa_unknown", code))[1] == "attempt_invalid"


def test_a_new_attempt_ends_the_one_before(follower: Follower) -> None:
    first = follower.attempt()
    old = follower.world.last_code("lina")
    second = follower.attempt()
    assert error_of(follower.confirm(first, old))[1] == "attempt_invalid"
    assert follower.confirm(second, follower.world.last_code("lina")).status_code == 200


def test_the_code_of_one_attempt_completes_no_other(follower: Follower) -> None:
    other = Follower(follower.world)
    mine = follower.attempt("lina")
    code = follower.world.last_code("lina")
    theirs = other.attempt("wangfang")
    if other.world.last_code("wangfang") != code:
        assert error_of(other.confirm(theirs, code))[1] == "code_wrong"
    assert follower.confirm(mine, code).status_code == 200


def test_ten_codes_a_day_are_enough(follower: Follower) -> None:
    for _ in range(10):
        assert follower.begin().status_code == 201
    status, code, details = error_of(follower.begin())
    assert (status, code) == (429, "too_many_codes") and 86_000 < details["retry_after"] <= 86_401
    assert len(texts(follower.world, "lina")) == 10
    assert follower.begin("wangfang").status_code == 201
    follower.world.advance(hours=24)
    assert follower.begin().status_code == 201


def test_a_ticket_begins_one_attempt_and_only_one_made_for_wechat(follower: Follower) -> None:
    ticket = ticket_of(follower.world, "lina")
    begun = follower.ask("POST", BINDINGS, {**follower.id, "ticket": ticket})
    assert begun.status_code == 201
    for bad in (ticket, ticket_of(follower.world, "lina", "web"), "made-up"):
        again = follower.ask("POST", BINDINGS, {**follower.id, "ticket": bad})
        assert error_of(again) == (401, "ticket_invalid", {})
    spent = follower.ask("POST", "/v1/sessions", {"ticket": ticket, "channel": "wechat"})
    assert error_of(spent)[1] == "ticket_invalid"
    stale = ticket_of(follower.world, "lina")
    follower.world.advance(seconds=121)
    assert error_of(follower.ask("POST", BINDINGS, {**follower.id, "ticket": stale}))[1] == "ticket_invalid"
    assert len(texts(follower.world, "lina")) == 1
