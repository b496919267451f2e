"""The core bank as the channels see it: sign a customer in and out, hand in codes and account numbers."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import quote

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=1)
_LARGEST_ANSWER = 64 * 1024


class CoreUnavailable(Exception):
    """No answer of the core that can be used: refused, too slow, 5xx, garbage, or our service token was not taken."""


class SignInRefused(Exception):
    """The core does not sign this customer in.

    `code` is bad_credentials, sign_in_locked, ticket_invalid or not_bound.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BindingRefused(Exception):
    """The core does not bind this WeChat.

    `code` is ticket_invalid or too_many_codes when beginning; code_malformed (costs no try), code_wrong (with
    `tries_left`), code_expired, code_locked or attempt_invalid when confirming: after the last three only a new sign-in
    helps.
    """

    def __init__(self, code: str, tries_left: int | None = None) -> None:
        super().__init__(code)
        self.code, self.tries_left = code, tries_left


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


_SIGN_IN_ERRORS = ("bad_credentials", "sign_in_locked", "ticket_invalid", "not_bound")
_BEGIN_ERRORS = ("ticket_invalid", "too_many_codes")
_CONFIRM_ERRORS = ("code_malformed", "code_wrong", "code_expired", "code_locked", "attempt_invalid")


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


@dataclass(frozen=True)
class BindingAttempt:
    """A WeChat that waits for the code on the customer's phone; `attempt` names it to the core and proves nothing."""

    attempt: str
    name_masked: str
    phone_masked: str
    expires_at: datetime


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

    async def sign_in_wechat(self, app_id: str, openid: str) -> SignedIn:
        """Open a session for the customer who bound this openid; it ends when the binding does.

        The openid alone finds the customer: the sandbox looks through all of its worlds, a real bank is one world.
        Raises SignInRefused("not_bound"), CoreUnavailable.
        """
        return await self._open_session({"wechat": {"app_id": app_id, "openid": openid}})

    async def bind_wechat(self, ticket: str, app_id: str, openid: str) -> BindingAttempt:
        """Use up a ticket (of the sign-in page, for the channel wechat) and have a code sent to the customer.

        The openid must come from Tencent, never from a browser. Raises BindingRefused, CoreUnavailable, after which the
        ticket may be used up.
        """
        body = {"ticket": ticket, "app_id": app_id, "openid": openid}
        status, answer = await self._call("POST", "/v1/wechat-bindings", body)
        if status != 201:
            raise _binding_refusal(status, answer, _BEGIN_ERRORS)
        try:
            return BindingAttempt(
                attempt=str(answer["attempt"]),
                name_masked=str(answer["name_masked"]),
                phone_masked=str(answer["phone_masked"]),
                expires_at=_moment(answer["expires_at"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as broken:
            raise CoreUnavailable("binding answer of another form") from broken

    async def confirm_wechat(self, attempt: str, code: str) -> str:
        """Bind, which ends what the customer bound before on this app. Returns the masked name.

        Raises BindingRefused, CoreUnavailable, after which sign_in_wechat tells whether it was bound.
        """
        path = f"/v1/wechat-bindings/{quote(attempt, safe='')}/confirm"
        status, answer = await self._call("POST", path, {"code": code})
        if status != 200:
            raise _binding_refusal(status, answer, _CONFIRM_ERRORS)
        if not isinstance(answer, dict) or not isinstance(answer.get("name_masked"), str):
            raise CoreUnavailable("binding answer of another form")
        return str(answer["name_masked"])

    async def unbind_wechat(self, app_id: str, openid: str) -> bool:
        """End a binding and the sessions it opened. Returns whether there was one. Raises CoreUnavailable."""
        status, answer = await self._call("DELETE", "/v1/wechat-bindings", {"app_id": app_id, "openid": openid})
        if status != 204 and _error_code(answer) != "not_bound":
            raise CoreUnavailable(f"{status} {_error_code(answer)}")
        return status == 204

    async def _open_session(self, body: dict[str, Any]) -> SignedIn:
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
        self, method: str, path: str, body: dict[str, Any] | None = None, session: str | None = None
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
        expires_at=_moment(answer["expires_at"]),
        subject=subject,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _binding_refusal(status: int, answer: Any, known: tuple[str, ...]) -> Exception:
    code = _error_code(answer)
    if code not in known:
        return CoreUnavailable(f"{status} {code}")
    details = answer["error"].get("details")
    left = details.get("tries_left") if isinstance(details, dict) else None
    return BindingRefused(code, left if isinstance(left, int) else None)


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
