"""What the HTTP adapter says about faults: the class of error, how often it asked, how long it took."""

from __future__ import annotations

import socket
from collections.abc import Callable
from time import monotonic

import pytest
import requests

from banking.http import HttpCoreBank
from banking.http_transport import Timeouts
from banking.port import BankUnavailable, OutcomeUnknown
from tests.unit.banking.scripted import LIMITS, Script, ScriptedBank, answer, error, raw, reset

WRITES: list[Callable[[HttpCoreBank], object]] = [
    lambda bank: bank.draft_transfer("s", "a", "p", 100),
    lambda bank: bank.draft_unfreeze("s", "c"),
    lambda bank: bank.answer_risk("s", "d", False),
    lambda bank: bank.send_code("s", "d"),
    lambda bank: bank.confirm("s", "d"),
    lambda bank: bank.cancel("s", "d"),
    lambda bank: bank.freeze_card("s", "c", "k"),
    lambda bank: bank.report_card_lost("s", "c", "k"),
]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
FAULTS: dict[str, Callable[[ScriptedBank], Script]] = {
    "silence": lambda bank: bank.hang,
    "reset": lambda bank: reset,
    "closed": lambda bank: raw(b""),
    "not http": lambda bank: raw(b"SSH-2.0-OpenSSH\r\n"),
    "headers drip": lambda bank: bank.drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "body drips": lambda bank: bank.drip(HEAD),
    "hangs after headers": lambda bank: bank.hang_after(HEAD),
    "body cut off": lambda bank: raw(HEAD + b'{"id": "d", "sta'),
    "json cut off": lambda bank: answer(200, '{"id": "d", "sta'),
    "html": lambda bank: answer(200, "<html>ok</html>", "text/html"),
    "empty body": lambda bank: answer(200, ""),
    "not an object": lambda bank: answer(200, []),
    "nested too deep": lambda bank: answer(200, "[" * 100_000),
    "wrong schema": lambda bank: answer(200, {"id": "d", "state": "DONE"}),
    "20 MB": lambda bank: answer(200, {**LIMITS, "x": "x" * 20 * 1024 * 1024}),
    "202": lambda bank: answer(202, {}),
    "redirect": lambda bank: raw(b"HTTP/1.1 302 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
    "500": lambda bank: error(500, "internal"),
    "500 with a refusal": lambda bank: error(500, "insufficient_funds", available_fen=1),
    "502": lambda bank: answer(502, "<html>bad gateway</html>", "text/html"),
    "503 of a proxy": lambda bank: answer(503, "<html>busy</html>", "text/html"),
    "503 with another code": lambda bank: error(503, "maintenance"),
    "504": lambda bank: answer(504, ""),
    "429 of a proxy": lambda bank: answer(429, "slow down", "text/plain"),
    "408": lambda bank: answer(408, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_whose_answer_is_lost_or_unreadable_is_unknown_and_sent_once(
    scripted: ScriptedBank, client: HttpCoreBank, fault: str
) -> None:
    scripted.play(FAULTS[fault](scripted))
    started = monotonic()
    with pytest.raises(OutcomeUnknown):
        client.confirm("s", "d")
    assert len(scripted.requests) == 1
    assert monotonic() - started < 10  # a busy machine; without the deadline it would hang


@pytest.mark.parametrize("fault", FAULTS)
def test_a_read_with_the_same_fault_is_unavailable_after_retries_within_the_deadline(
    scripted: ScriptedBank, client: HttpCoreBank, fault: str
) -> None:
    scripted.play(FAULTS[fault](scripted))
    started = monotonic()
    with pytest.raises(BankUnavailable):
        client.limits("s")
    assert 2 <= len(scripted.requests) <= 3
    assert monotonic() - started < 10  # a busy machine; without the deadline it would hang


def test_who_asks_for_something_else_at_this_port_is_not_counted(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    """Of the scripted bank itself: whoever waits for a server at a port that was given out twice asks it too."""
    scripted.play(answer(200, LIMITS))
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{scripted.url}/health", timeout=5)
    client.limits("s")
    assert (len(scripted.requests), scripted.connections) == (1, 1)


@pytest.mark.parametrize("write", WRITES)
def test_every_write_is_unknown_when_its_answer_is_lost(
    scripted: ScriptedBank, client: HttpCoreBank, write: Callable[[HttpCoreBank], object]
) -> None:
    scripted.play(reset)
    with pytest.raises(OutcomeUnknown):
        write(client)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("write", WRITES)
def test_every_write_is_surely_not_done_when_the_connection_is_refused(write: Callable[[HttpCoreBank], object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(BankUnavailable):
        write(HttpCoreBank(f"http://127.0.0.1:{port}", "token"))


def test_a_connect_timeout_means_nothing_was_sent() -> None:
    # A listener whose queue is full swallows connection attempts: a connect timeout without any outside network.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [_connecting(listener.getsockname()) for _ in range(4)]
        bank = HttpCoreBank(f"http://127.0.0.1:{listener.getsockname()[1]}", "t", timeouts=Timeouts(0.2, 0.2, 0.4))
        with pytest.raises(BankUnavailable, match="ConnectTimeout"):
            bank.confirm("s", "d")
        for filler in fillers:
            filler.close()


def _connecting(address: tuple[str, int]) -> socket.socket:
    filler = socket.socket()
    filler.setblocking(False)
    filler.connect_ex(address)
    return filler


def test_a_broken_tls_handshake_is_no_proof_that_nothing_was_sent(scripted: ScriptedBank) -> None:
    scripted.play(raw(b"HTTP/1.1 400 X\r\n\r\n"))
    bank = HttpCoreBank(scripted.url.replace("http", "https"), "t", timeouts=Timeouts(0.2, 0.2, 0.4))
    with pytest.raises(OutcomeUnknown):
        bank.confirm("s", "d")


def test_core_down_in_the_cores_own_words_means_nothing_was_done(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    scripted.play(error(503, "core_down"))
    with pytest.raises(BankUnavailable):
        client.confirm("s", "d")
    assert len(scripted.requests) == 1


def test_a_confirmation_in_flight_is_unknown(scripted: ScriptedBank, client: HttpCoreBank) -> None:
    scripted.play(error(409, "idempotency_in_flight"))
    with pytest.raises(OutcomeUnknown):
        client.confirm("s", "d")
