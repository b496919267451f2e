"""Pages of the sandbox for a browser, each behind a one-time link: one layout, strict headers, small forms."""

import base64
import hashlib
import html
from collections.abc import Callable
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from fastapi import Request
from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from services.core_bank.routes.access import bank_of

_LAYOUT = Template(Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))
_LONGEST_BODY = 4_000  # bytes
_STYLE = base64.b64encode(hashlib.sha256(_LAYOUT.template.split("<style>")[1].split("</style>")[0].encode()).digest())
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE.decode()}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page(title: str, about: str = "", body: str = "", status: int = 200) -> HTMLResponse:
    """Title and about are text, the body is HTML."""
    told = f"<p>{html.escape(about)}</p>" if about else ""
    return HTMLResponse(_LAYOUT.substitute(title=html.escape(title), about=told, body=body), status, HEADERS)


def form(fields: str, button: str, problem: str = "") -> str:
    """The HTML of a form that is posted back to its own address; `fields` is HTML."""
    error = f'<p class="error" role="alert">{html.escape(problem)}</p>' if problem else ""
    return (
        f'{error}<form method="post" autocomplete="off">{fields}'
        f'<button type="submit">{html.escape(button)}</button></form>'
    )


def field(name: str, label: str, attributes: str) -> str:
    return f'<label for="{name}">{html.escape(label)}</label><input id="{name}" name="{name}" {attributes} required>'


async def act(request: Request, work: Callable[[Connection, dict[str, str]], Response]) -> Response:
    """Do in one transaction what the posted form asks for; a form that is too large is refused unread."""
    fields = await _read_form(request)
    if fields is None:
        return page("内容太长", "提交的内容太长，没有处理。请返回上一页重新填写。", status=413)
    return await run_in_threadpool(bank_of(request).db.transact, lambda conn: work(conn, fields))


async def _read_form(request: Request) -> dict[str, str] | None:
    """The last value of each field; None when the body is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return None
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
