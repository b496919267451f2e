"""Fault switches of the sandbox: what a real core does on its bad days, on demand and for one world only."""

import asyncio
import hashlib
import json
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.core_bank.bank import Bank
from services.core_bank.errors import BankError
from services.core_bank.sandbox import DEMO_WORLD
from services.core_bank.sign_in import tickets
from services.core_bank.sign_in.tables import sign_in_tickets
from services.core_bank.tables import sessions, world_names, worlds
from services.core_bank.wechat import routes as wechat_routes
from services.core_bank.wechat.tables import wechat_binding_attempts, wechat_bindings

_BINDINGS = wechat_routes.router.prefix
_NO_FAULT = ("none", 0.0)
_GARBAGE = "<html><head><title>502</title></head><body><h1>nginx</h1></body></html>"


class Faults:
    """ASGI middleware. The world is that of the session; without one, the one that the request is about."""

    def __init__(self, app: ASGIApp, bank: Bank) -> None:
        self._app = app
        self._bank = bank

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        if scope["path"] == "/v1/sessions" or scope["path"].startswith(_BINDINGS):
            body = await _read_body(receive)
            receive = _replay(body, receive)
            kind, seconds = await run_in_threadpool(self._of_request, scope["path"], body)
        else:
            kind, seconds = await run_in_threadpool(self._of_session, headers.get(b"x-customer-session", b""))
        if kind == "core_down":
            refusal = BankError("core_down")
            return await JSONResponse(refusal.body(), refusal.status)(scope, receive, send)
        if kind == "core_500":
            refusal = BankError("internal")
            return await JSONResponse(refusal.body(), refusal.status)(scope, receive, send)
        if kind == "core_garbage":
            return await HTMLResponse(_GARBAGE)(scope, receive, send)
        if kind == "core_slow":
            # The request is taken in first: a caller who gives up waiting does not stop the work.
            receive = _replay(await _read_body(receive), receive)
            await asyncio.sleep(seconds)
        if kind == "core_drop_reply" and b"idempotency-key" in headers:
            return await self._drop_reply(scope, receive, send)
        await self._app(scope, receive, send)

    async def _drop_reply(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the work be done, promise a body and never send it: the server then closes the connection."""
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        await send(answer[0])

    def _of_request(self, path: str, body: bytes) -> tuple[str, float]:
        """By its ticket, its openid, its attempt to bind, or the name of the world."""
        query = sa.select(worlds.c.fault, worlds.c.fault_seconds)
        sent = _object_in(body)
        if ticket := _text_in(sent, "ticket"):
            return self._read(query.join(sign_in_tickets).where(sign_in_tickets.c.id == tickets.digest(ticket)))
        named = sent.get("wechat", sent)
        app_id, openid = _text_in(named, "app_id"), _text_in(named, "openid")
        if app_id and openid:
            follower = self._bank.follower(app_id, openid)
            return self._read(query.join(wechat_bindings).where(wechat_bindings.c.follower == follower))
        if path.startswith(_BINDINGS):
            attempt = path.removeprefix(_BINDINGS).split("/")[1:2]
            return self._read(query.join(wechat_binding_attempts).where(wechat_binding_attempts.c.id.in_(attempt)))
        name = _text_in(sent, "world") or DEMO_WORLD
        return self._read(query.join(world_names).where(world_names.c.name == name))

    def _of_session(self, reference: bytes) -> tuple[str, float]:
        session_id = hashlib.sha256(reference).hexdigest()
        return self._read(
            sa.select(worlds.c.fault, worlds.c.fault_seconds)
            .join(sessions, sessions.c.world_id == worlds.c.id)
            .join(world_names, world_names.c.world_id == worlds.c.id)
            .where(sessions.c.id == session_id)
        )

    def _read(self, query: sa.sql.Select) -> tuple[str, float]:
        with self._bank.db.read() as conn:
            row = conn.execute(query).one_or_none()
        return (row.fault, row.fault_seconds) if row else _NO_FAULT


async def _read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: Message | None = {"type": "http.request", "body": body, "more_body": False}

    async def replayed() -> Message:
        nonlocal pending
        if pending is None:
            return await receive()
        message, pending = pending, None
        return message

    return replayed


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _text_in(sent: Any, name: str) -> str | None:
    """A text of a JSON object; None when there is none that a database could know."""
    value = sent.get(name) if isinstance(sent, dict) else None
    known = isinstance(value, str) and "\x00" not in value and value.isprintable()
    return value if known else None
