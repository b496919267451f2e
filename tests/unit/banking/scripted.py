"""A bank that answers whatever the test wrote down, byte by byte: faults no real core bank can be asked for."""

from __future__ import annotations

import json
import secrets
import socket
import struct
import threading
from collections.abc import Callable
from time import sleep
from typing import Any

Script = Callable[[socket.socket], None]


class ScriptedBank:
    """Plays the script of a request's path, or else the next script; the last one goes on for ever.

    Only requests with its own `token` count and are answered: the system gives out a port again, and another test may
    still be asking for what was there, or for what is about to be (a server that it waits for).
    """

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.scripts: list[Script] = []
        self.by_path: dict[bytes, Script] = {}
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self._listener.close()

    def play(self, *scripts: Script) -> None:
        self.scripts[:] = scripts

    def hang(self, connection: socket.socket) -> None:
        self.closing.wait(5)

    def hang_after(self, first: bytes) -> Script:
        """Send `first`, then nothing more."""

        def script(connection: socket.socket) -> None:
            connection.sendall(first)
            self.hang(connection)

        return script

    def drip(self, first: bytes) -> Script:
        """Send `first`, then a byte every 50 ms: never a silence as long as the read timeout."""

        def script(connection: socket.socket) -> None:
            connection.sendall(first)
            while not self.closing.is_set():
                connection.sendall(b"x")
                sleep(0.05)

        return script

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        known = False
        try:
            with connection:
                while (request := _read_request(connection)) and self._is_mine(request):
                    self.connections += not known
                    known = True
                    self.requests.append(request)
                    self._script_for(request)(connection)
        except OSError:
            return  # the client gave up, as it should

    def _is_mine(self, request: bytes) -> bool:
        return f"\r\nAuthorization: Bearer {self.token}\r\n".encode() in request

    def _script_for(self, request: bytes) -> Script:
        path = request.split()[1]
        if path in self.by_path:
            return self.by_path[path]
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(status: int, body: object, content_type: str = "application/json") -> Script:
    """One whole answer; a str is sent as it is, anything else as JSON."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + content)


def error(status: int, code: str, **details: Any) -> Script:
    """The core's error body."""
    return answer(status, {"error": {"code": code, "message": "no", "details": details}})


def raw(data: bytes) -> Script:
    """These bytes, then the end of the connection."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return script


def reset(connection: socket.socket) -> None:
    """RST instead of an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


LIMITS = {
    "single_review_fen": 2000000,
    "daily_fen": 5000000,
    "used_today_fen": 0,
    "remaining_today_fen": 5000000,
    "new_payee_fen": 500000,
}
"""A right answer to `limits`."""
