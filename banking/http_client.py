"""Asking the core bank over HTTP: reads are retried within the deadline, writes never are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay, wait_exponential_jitter
from urllib3 import Timeout

from banking.breaker import Breaker
from banking.http_answers import Decoder, lost, understand
from banking.http_transport import AnswerLost, NotSent, Request, Timeouts, Transport
from banking.http_wire import WireError, decode
from banking.port import BankContractBroken, BankRefused, BankUnavailable, SessionInvalid

T = TypeVar("T")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")
SESSION = re.compile(r"[!-~]{1,255}")
KEY = re.compile(r"[ -~]{1,255}")
READ_TRIES = 3
READ_PAUSE = wait_exponential_jitter(multiplier=0.1, jitter=0.1, max=1)


class HttpClient:
    """What the adapter's capabilities share: `read` and `write`."""

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

    def read(self, session: str | None, path: str, decoder: Decoder[T], params: Mapping[str, str] | None = None) -> T:
        request = Request("GET", path, session_header(session), params=params)
        deadline = monotonic() + self._timeouts.total
        retrying = Retrying(
            retry=retry_if_exception_type(BankUnavailable),
            stop=stop_after_attempt(READ_TRIES) | stop_before_delay(self._timeouts.total),
            wait=READ_PAUSE,
            reraise=True,
        )
        with self._breaker.guard():
            return retrying(lambda: self._try(request, decoder, deadline, write=False))

    def write(
        self, session: str | None, path: str, decoder: Decoder[T], body: Mapping[str, object], key: str | None = None
    ) -> T:
        if key is not None and not KEY.fullmatch(key):
            raise BankContractBroken("an idempotency key is 1..255 printable ASCII characters")
        request = Request("POST", path, session_header(session), body=body, key=key)
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


def one(shape: type[T]) -> Decoder[T]:
    return lambda content: decode(shape, content)


def list_of(shape: type[T], name: str) -> Decoder[tuple[T, ...]]:
    def decoder(content: dict[str, Any]) -> tuple[T, ...]:
        items = content.get(name)
        if not isinstance(items, list):
            raise WireError(f"{name}: not a list")
        return tuple(decode(shape, item) for item in items)

    return decoder


def known(value: str, unknown: type[BankRefused]) -> str:
    """An id fit for a path. One that is not cannot be the core's, so it is answered like any unknown id."""
    if not ID.fullmatch(value):
        raise unknown("malformed id")
    return value


def session_header(session: str | None) -> str | None:
    """None is a visitor. Raises SessionInvalid."""
    if session is not None and not SESSION.fullmatch(session):
        raise SessionInvalid("malformed session reference")
    return session
