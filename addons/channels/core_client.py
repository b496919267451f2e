"""The core bank as the channels see it: sign a customer in and out, hand in codes and account numbers."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=1)
_LARGEST_ANSWER = 64 * 1024


class CoreUnavailable(Exception):
    """No answer of the core that can be used: refused, too slow, 5xx, garbage, or our service token was not taken."""


class SignInRefused(Exception):
    """The core does not sign this customer in; `code` is bad_credentials, sign_in_locked or ticket_invalid."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CodeOutcome(str, Enum):
    """What came of a one-time code."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"
    DEAD = "dead"
    MALFORMED = "malformed"
    NOT_AWAITED = "not_awaited"
    SESSION_INVALID = "session_invalid"


_CODE_ERRORS = {
    "code_wrong": CodeOutcome.WRONG,
    "code_expired": CodeOutcome.EXPIRED,
    "code_locked": CodeOutcome.LOCKED,
    "code_dead": CodeOutcome.DEAD,
    "code_malformed": CodeOutcome.MALFORMED,
    "no_open_challenge": CodeOutcome.NOT_AWAITED,
    "session_invalid": CodeOutcome.SESSION_INVALID,
}


_SIGN_IN_ERRORS = ("bad_credentials", "sign_in_locked", "ticket_invalid")


@dataclass(frozen=True)
class SignedIn:
    """A customer the core has verified; `session` is the only thing that names them from here on.

    `subject` is a pseudonym, the same at every sign-in: it finds the customer's conversation and opens nothing.
    """

    session: str
    name: str
    elder_mode: bool
    expires_at: datetime
    subject: str


class CoreClient:
    """Asynchronous client with the channels' service token; every call ends within 5 s."""

    def __init__(self, url: str, token: str, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self._url, self._token, self._timeout = url.rstrip("/"), token, timeout
        self._http: aiohttp.ClientSession | None = None

    async def sign_in(self, login: str, password: str, world: str | None = None) -> SignedIn:
        """Open a session. Raises SignInRefused, CoreUnavailable."""
        return await self._open_session({"login": login, "password": password, **({"world": world} if world else {})})

    async def redeem(self, ticket: str, channel: str = "web") -> SignedIn:
        """Open the session that a ticket of the sign-in page stands for; it is good once, for the channel named in it.

        Raises SignInRefused("ticket_invalid"), CoreUnavailable, after which the ticket may be used up.
        """
        return await self._open_session({"ticket": ticket, "channel": channel})

    async def _open_session(self, body: dict[str, str]) -> SignedIn:
        status, answer = await self._call("POST", "/v1/sessions", body)
        if status != 201:
            code = _error_code(answer)
            raise SignInRefused(code) if code in _SIGN_IN_ERRORS else CoreUnavailable(f"{status} {code}")
        try:
            return _signed_in(answer)
        except (KeyError, TypeError, AttributeError, ValueError) as broken:
            raise CoreUnavailable("sign-in answer of another form") from broken

    async def sign_out(self, session: str) -> None:
        """End a session; one that is over already counts as done. Raises CoreUnavailable."""
        status, answer = await self._call("DELETE", "/v1/sessions/current", session=session)
        if status != 204 and _error_code(answer) != "session_invalid":
            raise CoreUnavailable(f"{status} {_error_code(answer)}")

    async def submit_code(self, session: str, code: str) -> CodeOutcome:
        """Hand a code in for the session's open challenge; anything but six digits costs no try.

        Raises CoreUnavailable, after which it is unknown whether the code was taken.
        """
        status, answer = await self._call("POST", "/v1/codes", {"code": code}, session)
        if status == 200 and isinstance(answer, dict) and "draft_id" in answer:
            return CodeOutcome.ACCEPTED
        outcome = _CODE_ERRORS.get(_error_code(answer))
        if outcome is None:
            raise CoreUnavailable(f"{status} {_error_code(answer)}")
        return outcome

    async def hold_number(self, session: str, number: str) -> str | None:
        """Hand a full account number in. Returns the reference that stands for it, None when it is no such number.

        Raises CoreUnavailable, also when the session is over.
        """
        status, answer = await self._call("POST", "/v1/account-numbers", {"number": number}, session)
        if status == 201 and isinstance(answer, dict) and isinstance(answer.get("reference"), str):
            return str(answer["reference"])
        if _error_code(answer) in ("account_number_invalid", "validation_error"):
            return None
        raise CoreUnavailable(f"{status} {_error_code(answer)}")

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    async def _call(
        self, method: str, path: str, body: dict[str, str] | None = None, session: str | None = None
    ) -> tuple[int, Any]:
        headers = {"X-Customer-Session": session} if session else {}
        try:
            async with self._session().request(
                method, self._url + path, json=body, headers=headers, allow_redirects=False
            ) as response:
                raw = await _read(response)
                return response.status, json.loads(raw) if raw else None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise CoreUnavailable(type(error).__name__) from error

    def _session(self) -> aiohttp.ClientSession:
        # Made inside the running loop: Rasa builds channels before it starts one.
        if self._http is None or self._http.closed:
            headers = {"Authorization": f"Bearer {self._token}"}
            self._http = aiohttp.ClientSession(timeout=self._timeout, headers=headers)
        return self._http


def _signed_in(answer: Any) -> SignedIn:
    customer, subject = answer["customer"], answer["subject"]
    if not isinstance(subject, str) or not subject:
        raise TypeError("no subject: two customers would share a conversation")
    return SignedIn(
        session=str(answer["session"]),
        name=str(customer["name"]),
        elder_mode=bool(customer["elder_mode"]),
        expires_at=datetime.fromisoformat(answer["expires_at"].replace("Z", "+00:00")),
        subject=subject,
    )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    raw = b""
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > _LARGEST_ANSWER:
            raise CoreUnavailable("answer too large")
    return raw


def _error_code(answer: Any) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("code")) if isinstance(error, dict) else "no error code"
