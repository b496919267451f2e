"""The clients of the local channel and of the sandbox routes, against a small HTTP server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tools.converse_bank import Ledger, SandboxBank, SandboxDown
from tools.local_client import ChannelRefused, LocalChannelDown, LocalClient


class Server:
    """Answers every request with `status` and `body`, and keeps what was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, b"{}"
        self.asked: list[tuple[str, str, Any, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = json.loads(raw) if raw else None
                outer.asked.append((self.command, self.path, asked, self.headers.get("Authorization")))
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def says(self, body: Any, status: int = 200) -> None:
        self.status, self.body = status, json.dumps(body).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def test_a_conversation(server: Server) -> None:
    client = LocalClient(server.url)
    server.says({"conversation": "local-1", "token": "t", "customer": {"name": "张伟", "elder_mode": False}}, 201)
    client.open("zhangwei", world="w1")
    assert client.conversation == "local-1" and client.customer == {"name": "张伟", "elder_mode": False}
    buttons = [{"title": "确认", "id": "b1"}, {"title": "官网", "url": "https://bank.example"}]
    messages = [
        {"text": "一", "buttons": buttons},
        {"text": "", "buttons": [], "image": "x"},
        {"text": "二", "buttons": []},
    ]
    server.says({"messages": messages, "reading": {"intent": "greet"}, "incident": "I1"})
    reply = client.say("你好", message_id="m1")
    assert (reply.text, reply.incident, reply.reading) == ("一\n二", "I1", {"intent": "greet"})
    assert [button.id for button in reply.buttons] == ["b1", None] and reply.messages[1].carried == {"image": "x"}
    client.press("b1")
    server.status, server.body = 204, b""
    client.close()
    assert server.asked == [
        ("POST", "/webhooks/local/conversations", {"login": "zhangwei", "password": "demo", "world": "w1"}, None),
        ("POST", "/webhooks/local/messages", {"text": "你好", "message_id": "m1"}, "Bearer t"),
        ("POST", "/webhooks/local/messages", {"press": "b1"}, "Bearer t"),
        ("DELETE", "/webhooks/local/conversations", None, "Bearer t"),
    ]


def test_refusals(server: Server) -> None:
    server.says({"error": {"code": "button_expired", "message": "按钮已失效"}}, 409)
    with pytest.raises(ChannelRefused) as refused:
        LocalClient(server.url).press("x")
    assert (refused.value.status, refused.value.code, refused.value.message) == (409, "button_expired", "按钮已失效")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": "x"}'])
def test_something_else_answers(body: bytes, server: Server) -> None:
    server.status, server.body = 404, body
    with pytest.raises(ChannelRefused, match="not the local channel"):
        LocalClient(server.url).health()


def test_nothing_answers(server: Server) -> None:
    url = server.url
    server.http.server_close()
    with pytest.raises(LocalChannelDown):
        LocalClient(url).health()
    with pytest.raises(SandboxDown):
        SandboxBank(url, "t").create_world()


def test_sandbox(server: Server) -> None:
    bank = SandboxBank(server.url, "t")
    server.says({"world": "w1"}, 201)
    assert bank.create_world() == "w1"
    server.says({"accounts": {"lina/3344": 5}, "cards": {"lina/3344": "active"}, "postings": 1, "orders": ["transfer"]})
    assert bank.ledger("w1") == Ledger({"lina/3344": 5}, {"lina/3344": "active"}, ["transfer"])
    server.says({"messages": [{"code": None}, {"code": "012345"}]})
    assert bank.codes("w1", "lina") == ["012345"]
    server.says({"total_fen": 0, "unbalanced": [], "mismatched": [], "negative": []})
    assert bank.broken_invariants() == ""
    server.says({"total_fen": 5, "unbalanced": ["p1"], "mismatched": [], "negative": []})
    assert "total_fen: 5" in bank.broken_invariants() and "p1" in bank.broken_invariants()
    assert "p1" in bank.broken_invariants("w1") and server.asked[-1][1] == "/sandbox/invariants?world=w1"
    bank.set_fault("w1", "core_slow")
    bank.advance_clock("w1", 60)
    bank.delete_world("w1")
    assert server.asked[0] == ("POST", "/sandbox/worlds", {}, "Bearer t")
    assert server.asked[-3][2] == {"kind": "core_slow", "seconds": 10}
    assert server.asked[-2][:3] == ("POST", "/sandbox/worlds/w1/clock", {"advance_seconds": 60})
    server.says({"error": {"code": "world_not_found"}}, 404)
    with pytest.raises(SandboxDown, match="world_not_found"):
        bank.ledger("w1")
