"""One HTTP exchange with the core bank, bounded in time and size, sorted by whether the core can have acted on it.

TransportError
  NotSent      no byte of the request left this machine
  AnswerLost   the request may have arrived; its answer did not, not in time, or not whole
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

MAX_BODY_BYTES = 1024 * 1024


class TransportError(Exception):
    """No usable answer."""


class NotSent(TransportError):
    """The request never left: refused or timed-out connection, untrusted certificate."""


class AnswerLost(TransportError):
    """The request may have been carried out, but its answer was lost, late, cut off or too large."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, for one whole answer (headers and body), for a whole call with its retries."""

    connect: float = 1.0
    read: float = 5.0
    total: float = 8.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the core; `session` None asks what everybody may know, `key` becomes the Idempotency-Key header."""

    method: str
    path: str
    session: str | None
    params: Mapping[str, str] | None = None
    body: Mapping[str, object] | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, not yet understood."""

    status: int
    body: bytes


class Transport:
    """A pooled, thread-safe connection to one core bank. It never retries and never follows a redirect."""

    def __init__(self, base_url: str, token: str, pool_size: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = _new_session(token, pool_size)

    def exchange(self, request: Request, timeout: Timeout) -> Answer:
        """Send `request` once. Raises NotSent or AnswerLost."""
        optional = {"X-Customer-Session": request.session, "Idempotency-Key": request.key}
        headers = {name: value for name, value in optional.items() if value is not None}
        try:
            response = self._session.request(
                request.method,
                self._base_url + request.path,
                params=request.params,
                json=request.body,
                headers=headers,
                timeout=timeout,  # type: ignore[arg-type]  # requests hands a urllib3 Timeout through, its stubs do not say so
                allow_redirects=False,
                stream=True,
            )
            with response:
                return Answer(response.status_code, _read_body(response))
        except (requests.RequestException, HTTPError, OSError) as error:
            # HTTPError and OSError: errors while the body is read from urllib3 directly come unwrapped.
            kind = NotSent if _was_not_sent(error) else AnswerLost
            raise kind(f"{request.method} {request.path}: {type(error).__name__}: {error}") from error


def _read_body(response: requests.Response) -> bytes:
    body = bytearray()
    while chunk := response.raw.read(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise AnswerLost(f"answer above {MAX_BODY_BYTES} bytes")
    return bytes(body)


def _was_not_sent(error: BaseException) -> bool:
    """Whether `error` can only happen before the first byte of a request is written."""
    pending: list[object] = [error]
    while pending:
        found = pending.pop()
        if isinstance(found, (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)):
            return True
        if isinstance(found, BaseException):
            pending += [*found.args, getattr(found, "reason", None)]
    return False


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until a fixed moment, so that an answer arriving drop by drop cannot outlive its timeout."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()
        self._deadline = None if self._timeout is None else monotonic() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._deadline is None:
            return self._raw.readinto(buffer)
        remaining = self._deadline - monotonic()
        if remaining <= 0:
            raise TimeoutError("answer not complete in time")
        self._sock.settimeout(remaining)
        try:
            return self._raw.readinto(buffer)
        finally:
            self._sock.settimeout(self._timeout)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        # urllib3 has just set the read timeout on the socket; http.client would grant it anew to every single recv().
        self.fp = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _DeadlineResponse


class _SecureConnection(HTTPSConnection):
    response_class = _DeadlineResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _DeadlineAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def _new_session(token: str, pool_size: int) -> requests.Session:
    session = requests.Session()
    # No proxy, no .netrc: the latter would replace the service token. No cookies: one session serves all customers.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update(
        {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Encoding": "identity"}
    )
    # A full pool opens one more connection rather than block: a blocked caller would not see its deadline.
    adapter = _DeadlineAdapter(pool_connections=1, pool_maxsize=pool_size, max_retries=0, pool_block=False)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
