"""The fault switches, over a real server where the connection itself matters."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from tests.unit.services.core_bank.harness import TOKENS, Customer, World, error_of


def touched(customer: Customer) -> list[Any]:
    """One answer of every sort of route that a fault reaches."""
    draft_id = "dr_unknown"
    return [
        customer.request("GET", "/v1/accounts"),
        customer.request("POST", "/v1/codes", {"code": "123456"}, role="channel"),
        customer.request("GET", "/v1/sessions/current"),
        customer.world.try_sign_in(customer.login, "demo"),
        customer.request("POST", f"/v1/drafts/{draft_id}/confirm", {}, key="key"),
    ]


def test_core_down_touches_nothing(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    before = world.ledger()
    world.set_fault("core_down")
    assert {error_of(answer)[:2] for answer in touched(zhangwei)} == {(503, "core_down")}
    assert error_of(zhangwei.confirm(draft_id))[1] == "core_down"
    assert world.ledger() == before
    world.set_fault("none")
    assert zhangwei.confirm(draft_id).status_code == 200


def test_core_500_does_no_work(world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    world.set_fault("core_500")
    assert {error_of(answer)[:2] for answer in touched(zhangwei)} == {(500, "internal")}
    assert error_of(zhangwei.confirm(draft_id))[1] == "internal"
    world.set_fault("none")
    assert zhangwei.state(draft_id) == "AUTHORISED"


def test_core_garbage_is_a_page_with_status_200(world: World, zhangwei: Customer) -> None:
    world.set_fault("core_garbage")
    for answer in touched(zhangwei):
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
        assert answer.text.startswith("<html>")


def test_core_slow_sleeps_first(world: World, zhangwei: Customer) -> None:
    world.set_fault("core_slow", seconds=0.3)
    started = time.monotonic()
    assert zhangwei.request("GET", "/v1/limits").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_fault_stays_in_its_world(world: World, reader: Customer) -> None:
    world.set_fault("core_down")
    assert reader.request("GET", "/v1/limits").status_code == 200
    assert world.sandbox("GET", "/ledger").status_code == 200


def test_sign_in_bodies_survive_the_look_at_their_world(world: World) -> None:
    world.set_fault("core_down")
    assert error_of(world.try_sign_in("zhangwei", "demo"))[1] == "core_down"
    assert error_of(World(world.client, "demo").try_sign_in("zhangwei", "wrong"))[1] == "bad_credentials"


@pytest.fixture(scope="module")
def port(client: TestClient) -> Iterator[int]:
    """The same application behind a real socket."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(client.app, ws="none", lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def send(port: int, customer: Customer, method: str, path: str, key: str | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Authorization": f"Bearer {TOKENS['actions']}",
        "X-Customer-Session": customer.session,
        "Content-Type": "application/json",
    } | ({"Idempotency-Key": key} if key else {})
    try:
        connection.request(method, path, body=b"{}" if method == "POST" else None, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_dropped_reply_hides_work_that_was_done(port: int, world: World, zhangwei: Customer) -> None:
    draft_id = zhangwei.authorised()
    path = f"/v1/drafts/{draft_id}/confirm"
    world.set_fault("core_drop_reply")
    with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError)):
        send(port, zhangwei, "POST", path, key=draft_id)
    assert world.balance("lina/3344") == 8_500_00
    status, body = send(port, zhangwei, "GET", f"/v1/drafts/{draft_id}")
    assert status == 200 and json.loads(body)["state"] == "DONE"
    world.set_fault("none")
    status, body = send(port, zhangwei, "POST", path, key=draft_id)
    assert status == 200 and json.loads(body)["state"] == "DONE"
    assert world.balance("lina/3344") == 8_500_00


def test_a_dropped_reply_hides_refusals_too_and_only_keyed_requests(
    port: int, world: World, zhangwei: Customer
) -> None:
    card_id = zhangwei.card("6789")["id"]
    world.set_fault("core_drop_reply")
    with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError)):
        send(port, zhangwei, "POST", f"/v1/cards/{card_id}/freeze", key="key")
    assert send(port, zhangwei, "GET", "/v1/cards")[0] == 200
    assert zhangwei.card("6789")["state"] == "frozen"


def test_a_caller_who_gives_up_on_a_slow_core_does_not_stop_the_work(
    port: int, world: World, zhangwei: Customer
) -> None:
    draft_id = zhangwei.authorised()
    world.set_fault("core_slow", seconds=0.5)
    request = (
        f"POST /v1/drafts/{draft_id}/confirm HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKENS['actions']}\r\n"
        f"X-Customer-Session: {zhangwei.session}\r\nIdempotency-Key: {draft_id}\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request.encode())
        time.sleep(0.2)
    world.set_fault("none")
    deadline = time.monotonic() + 5
    while zhangwei.state(draft_id) != "DONE" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert zhangwei.state(draft_id) == "DONE"
