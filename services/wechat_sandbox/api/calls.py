"""What all API routes share: whose call it is, the fault it meets, counting, and answers in Tencent's form."""

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.errors import WeChatError
from services.wechat_sandbox.faults import Fault
from services.wechat_sandbox.tokens import well_formed

LARGEST_BODY = 12 << 20
"""Bytes; a medium of 10 MB and its form around it."""

_GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Call:
    tencent: Tencent
    account: Account
    api: str
    method: str
    query: dict[str, str]
    body: bytes
    content_type: str

    def json(self) -> dict[str, Any]:
        """The body. Raises WeChatError 43002, 44002, 47001, and 40033 for escaped non-ASCII characters.

        Tencent is known to show such escapes to the follower as they are.
        """
        if self.method != "POST":
            raise WeChatError(43002)
        if not self.body:
            raise WeChatError(44002)
        if any(int(code, 16) >= 0x80 for code in _ESCAPE.findall(self.body)):
            raise WeChatError(40033)
        try:
            value = json.loads(self.body.decode())
        except (ValueError, RecursionError):
            raise WeChatError(47001) from None
        if not isinstance(value, dict):
            raise WeChatError(47001)
        return value

    def follower(self, openid: object) -> Customer:
        """Raises WeChatError 40003."""
        found = self.account.customers.get(openid) if isinstance(openid, str) else None
        if found is None:
            raise WeChatError(40003)
        return found


Answer = dict[str, Any] | Response
Handler = Callable[[Call], Awaitable[Answer]]
Finder = Callable[[Tencent, Request, bytes], Account]


class Hangup(Response):
    """No answer at all: the connection closes after `seconds`, as on a network that has lost it."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._seconds)
        # A body is promised and never sent: the server closes the connection, and no client can take it for an answer.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})


def of_token(tencent: Tencent, request: Request, body: bytes) -> Account:
    """By `access_token`. Raises WeChatError 41001, 40014, 40001, 42001."""
    token = request.query_params.get("access_token", "")
    if not token:
        raise WeChatError(41001)
    if not well_formed(token):
        raise WeChatError(40014)
    account = tencent.of_token(token)
    if account is None:
        raise WeChatError(40001)
    return account


def route(router: APIRouter, path: str, handler: Handler, find: Finder = of_token) -> None:
    """Serve `handler` at `path`; its API name is the path without /cgi-bin/. Wrong methods get Tencent's own error."""
    api = path.removeprefix("/cgi-bin/").removeprefix("/")

    async def serve(request: Request) -> Response:
        return await _serve(request, api, handler, find)

    router.add_api_route(path, serve, methods=["GET", "POST"], include_in_schema=False, name=api)


async def _serve(request: Request, api: str, handler: Handler, find: Finder) -> Response:
    tencent: Tencent = request.app.state.tencent
    fault: Fault | None = None
    account: Account | None = None
    try:
        body = await read_body(request, LARGEST_BODY)
        account = find(tencent, request, body)
        account.calls[api] += 1
        fault = account.faults.take(api)
        if fault is not None:
            early = await _meet(fault)
            if early is not None:
                return early
        if find is of_token:
            account.tokens.check(request.query_params["access_token"])
        content_type = request.headers.get("content-type", "")
        call = Call(tencent, account, api, request.method, dict(request.query_params), body, content_type)
        answer = await handler(call)
    except WeChatError as error:
        if account is not None:
            account.calls[f"{api} {error.code}"] += 1
        answer = {"errcode": error.code, "errmsg": f"{error.message} rid: {secrets.token_hex(4)}"}
    if fault is not None and fault.kind == "lost_reply":
        return Hangup()
    return answer if isinstance(answer, Response) else as_response(answer)


async def _meet(fault: Fault) -> Response | None:
    """What a fault puts in the place of the call, if anything. Raises WeChatError for an error code."""
    if fault.kind == "errcode":
        raise WeChatError(fault.errcode)
    if fault.kind == "html_502":
        return Response(_GATEWAY_PAGE, 502, media_type="text/html")
    if fault.kind == "timeout":
        return Hangup(fault.seconds)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    return None


async def read_body(request: Request, largest: int) -> bytes:
    """Raises WeChatError 45002 for a body that is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise WeChatError(45002)
    return body


def as_response(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json; encoding=utf-8")


OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
