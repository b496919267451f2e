"""Who may call a route: service token roles, customer sessions, idempotency keys."""

import hmac
from datetime import datetime
from typing import Any

from fastapi import Depends, Header, Request
from sqlalchemy.engine import Connection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.core_bank import clock, idempotency, sandbox, sessions
from services.core_bank.bank import Bank, Caller
from services.core_bank.credit_card import due as autopay_due
from services.core_bank.errors import BankError
from services.core_bank.transfers import due
from services.core_bank.wealth import due as wealth_due

_OPEN_PATHS = (
    "/health",
    "/sandbox/documents/",
    "/sandbox/pin/",
    "/sandbox/once/",
    "/sandbox/sign-in",
    "/sandbox/sign-in/keys.json",
    "/sandbox/phone",
    "/sandbox/phone/messages",
)
"""Mostly pages for a browser. A path that ends with a slash stands for all below it."""


class ServiceTokens:
    """ASGI middleware: only open paths are reached without a service token; the role goes into the scope."""

    def __init__(self, app: ASGIApp, tokens: dict[str, str]) -> None:
        self._app = app
        self._tokens = {role: token.encode() for role, token in tokens.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_open(scope["path"]):
            role = self._role(dict(scope["headers"]).get(b"authorization", b""))
            if role is None:
                refusal = BankError("service_unauthorized")
                response = JSONResponse(refusal.body(), refusal.status, {"WWW-Authenticate": "Bearer"})
                return await response(scope, receive, send)
            scope.setdefault("state", {})["role"] = role
        await self._app(scope, receive, send)

    def _role(self, header: bytes) -> str | None:
        scheme, _, presented = header.partition(b" ")
        found = None
        for role, token in self._tokens.items():  # no early exit: the time must not tell which token was near
            if hmac.compare_digest(presented, token) and scheme.lower() == b"bearer":
                found = role
        return found


def _is_open(path: str) -> bool:
    return any(path == known or (known.endswith("/") and path.startswith(known)) for known in _OPEN_PATHS)


def bank_of(request: Request) -> Bank:
    bank: Bank = request.app.state.bank
    return bank


def roles(*allowed: str) -> Any:
    """A dependency that raises forbidden_role for any other service token."""

    async def check(request: Request) -> None:
        if request.state.role not in allowed:
            raise BankError("forbidden_role")

    return Depends(check)


def caller_of(
    request: Request,
    x_customer_session: str | None = Header(None, description="session reference of POST /v1/sessions"),
) -> Caller:
    caller = sessions.authenticate(bank_of(request), x_customer_session)
    due.settle_customer(bank_of(request), caller.world_id, caller.customer_id)
    wealth_due.settle_customer(bank_of(request), caller.world_id, caller.customer_id)
    autopay_due.settle_customer(bank_of(request), caller.world_id, caller.customer_id)
    return caller


def visitor_of(
    request: Request,
    x_customer_session: str | None = Header(None, description="session reference; visitors have none"),
) -> Caller | None:
    """For what everybody may know. Raises session_invalid when a session is named and wrong."""
    return None if x_customer_session is None else sessions.authenticate(bank_of(request), x_customer_session)


def world_now(conn: Connection, caller: Caller | None) -> datetime:
    """The time of the caller's world; a visitor is told that of the demo world."""
    return clock.now(conn, caller.world_id if caller else sandbox.find_world(conn, sandbox.DEMO_WORLD))


def key_of(
    caller: Caller = Depends(caller_of),
    idempotency_key: str | None = Header(None, description="1 to 255 printable ASCII characters; required"),
) -> str:
    """Depends on the session so that a bad session is told before a bad key."""
    return idempotency.check_key(idempotency_key)


AnyCustomerRole: Any = roles("actions", "channel")
ActionsOnly: Any = roles("actions")
ChannelOnly: Any = roles("channel")
OperatorOnly: Any = roles("operator")
SandboxOnly: Any = roles("sandbox")
