"""Calls of the HTTP adapter that reach a core in good health: refusals, retries, headers, pooling, many at once."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import fields, is_dataclass
from time import monotonic, sleep

import pytest

from banking.breaker import Breaker
from banking.http import HttpCoreBank
from banking.http_answers import REFUSALS
from banking.http_transport import MAX_BODY_BYTES, Timeouts
from banking.offload import OffLoop
from banking.port import (
    BankContractBroken,
    BankUnavailable,
    DraftExpired,
    DraftNotFound,
    InsufficientFunds,
    OutcomeUnknown,
    SessionInvalid,
)
from services.core_bank.errors import CATALOGUE
from tests.unit.banking.scripted import LIMITS, Script, ScriptedBank, answer, error, reset


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (error(400, "idempotency_key_missing"), "idempotency_key_missing"),
        (error(422, "validation_error"), "validation_error"),
        (error(422, "idempotency_mismatch"), "idempotency_mismatch"),
        (error(401, "service_unauthorized"), "service_unauthorized"),
        (error(403, "forbidden_role"), "forbidden_role"),
        (error(409, "a_code_of_tomorrow"), "a_code_of_tomorrow"),
        (error(409, "insufficient_funds"), "available_fen"),
        (error(409, "insufficient_funds", available_fen="12"), "available_fen"),
        (answer(404, {"detail": "Not Found"}), "404"),
        (answer(403, "<html>forbidden</html>", "text/html"), "403"),
    ],
)
def test_a_refusal_we_cannot_act_on_breaks_the_contract_and_is_not_retried(
    scripted: ScriptedBank, client: HttpCoreBank, script: Script, reason: str
) -> None:
    scripted.play(script)
    for call in (lambda: client.confirm("s", "d"), lambda: client.limits("s")):
        with pytest.raises(BankContractBroken, match=reason):
            call()
    assert len(scripted.requests) == 2


def test_a_refusal_carries_its_details_and_is_not_retried(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    scripted.play(error(409, "insufficient_funds", available_fen=12050))
    with pytest.raises(InsufficientFunds) as refused:
        client.draft_transfer("s", "a", "p", 100)
    assert refused.value.available_fen == 12050
    assert len(scripted.requests) == 1


def test_a_read_succeeds_at_the_third_try(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    scripted.play(reset, error(500, "internal"), answer(200, LIMITS))
    assert client.limits("s").daily_fen == 5000000
    assert len(scripted.requests) == 3


def test_a_connection_closed_while_idle_does_not_trouble_the_next_write(
    scripted: ScriptedBank, client: HttpCoreBank
) -> None:
    def answer_and_leave(connection: socket.socket) -> None:
        error(409, "draft_expired")(connection)
        connection.shutdown(socket.SHUT_RDWR)

    scripted.play(answer_and_leave)
    for _ in range(3):
        with pytest.raises(DraftExpired):
            client.confirm("s", "d")
        sleep(0.02)
    assert scripted.connections == 3


def test_an_answer_in_two_pieces_is_read_whole(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    def in_two_pieces(connection: socket.socket) -> None:
        body = b'{"error": {"code": "session_invalid", "message": "no", "details": null}}'
        whole = b"HTTP/1.1 401 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        connection.sendall(whole[:20])
        scripted.closing.wait(0.1)
        connection.sendall(whole[20:])

    scripted.play(in_two_pieces)
    with pytest.raises(SessionInvalid):
        client.limits("s")


def test_a_body_just_under_the_cap_is_read(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    scripted.play(answer(200, {**LIMITS, "padding": "x" * (MAX_BODY_BYTES - 200)}))
    assert client.limits("s").used_today_fen == 0


def test_connections_are_reused_headers_present_and_cookies_never_kept(
    scripted: ScriptedBank, client: HttpCoreBank
) -> None:
    body = b'{"error":{"code":"draft_expired","message":"no"}}'
    cookie = b"HTTP/1.1 409 X\r\nSet-Cookie: customer=1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    scripted.play(lambda connection: connection.sendall(cookie))
    for _ in range(3):
        with pytest.raises(DraftExpired):
            client.confirm("session-1", "draft-1")
    assert scripted.connections == 1
    head = scripted.requests[-1].lower()
    for line in (
        b"post /v1/drafts/draft-1/confirm ",
        f"authorization: bearer {scripted.token}".encode(),
        b"idempotency-key: draft-1",
    ):
        assert line in head
    assert b"x-customer-session: session-1" in head
    assert b"cookie" not in head


@pytest.mark.parametrize("draft_id", ["", ".", "..", "../cards", "a/b", "a?b", "a b", "草稿", "a\r\nb", "x" * 200])
def test_a_malformed_id_is_an_unknown_id_and_never_leaves(
    scripted: ScriptedBank, client: HttpCoreBank, draft_id: str
) -> None:
    with pytest.raises(DraftNotFound):
        client.confirm("s", draft_id)
    assert not scripted.requests


@pytest.mark.parametrize("session", ["", "a b", "会话", "a\r\nX-Customer-Session: b"])
def test_a_malformed_session_is_invalid_and_never_leaves(
    scripted: ScriptedBank, client: HttpCoreBank, session: str
) -> None:
    with pytest.raises(SessionInvalid):
        client.limits(session)
    assert not scripted.requests


DETAILS: dict[str, object] = {
    "available_fen": 1,
    "kind": "daily",
    "rule": "above_debt",
    "limit_fen": 2,
    "remaining_fen": 3,
    "reason": "原因",
    "tries_left": 4,
    "retry_after": 5,
}


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_the_port_is_a_code_of_the_core_and_carries_its_details(
    scripted: ScriptedBank, client: HttpCoreBank, code: str
) -> None:
    assert code in CATALOGUE
    details = DETAILS | {"state": "CANCELLED" if code == "draft_closed" else "lost"}
    scripted.play(error(CATALOGUE[code][0], code, **details))
    with pytest.raises(REFUSALS[code]) as refused:
        client.confirm("s", "d")
    names: list[str] = [field.name for field in fields(refused.value)] if is_dataclass(refused.value) else []
    assert {name: getattr(refused.value, name) for name in names} == {name: details[name] for name in names}


def test_slow_calls_hold_up_neither_each_other_nor_a_fast_one(scripted: ScriptedBank) -> None:
    bank = HttpCoreBank(scripted.url, scripted.token, timeouts=Timeouts(1, 1, 1))
    scripted.by_path = {b"/v1/limits": answer(200, LIMITS), b"/v1/cards": scripted.hang}

    async def scene() -> float:
        off_loop = OffLoop()
        slow = [asyncio.create_task(off_loop.call(bank.cards, "s")) for _ in range(20)]
        await asyncio.sleep(0.2)
        started = monotonic()
        await off_loop.call(bank.limits, "s")
        elapsed = monotonic() - started
        assert {type(result) for result in await asyncio.gather(*slow, return_exceptions=True)} == {BankUnavailable}
        return elapsed

    started = monotonic()
    assert asyncio.run(scene()) < 1
    assert monotonic() - started < 4
    assert scripted.requests.count(scripted.requests[0]) == 20


def test_an_open_breaker_leaves_the_core_alone(scripted: ScriptedBank) -> None:
    bank = HttpCoreBank(scripted.url, scripted.token, breaker=Breaker(failures=2))
    scripted.play(error(500, "internal"))
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            bank.confirm("s", "d")
    with pytest.raises(BankUnavailable, match="open"):
        bank.confirm("s", "d")
    assert len(scripted.requests) == 2
