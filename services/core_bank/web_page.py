"""Pages of the sandbox for a browser: one layout, strict headers, small forms."""

import base64
import hashlib
import html
import re
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
_FRAME = {
    "zh-CN": {"brand": "掌柜银行", "footer": "沙箱演示页面。银行工作人员不会向您索要密码。"},
    "en": {"brand": "Zhanggui Bank", "footer": "Sandbox demo page. Bank staff will never ask for your password."},
}


def headers(layout: str, forms_to: str = "'self'", framed_by: str = "'none'") -> dict[str, str]:
    """Headers for a page whose only styles and scripts are those written in `layout`.

    `forms_to` and `framed_by` are CSP source lists. A browser holds the redirect after a form to `forms_to` as well.
    """
    policy = ["default-src 'none'", f"style-src {_hashes(layout, 'style')}"]
    if "<script>" in layout:
        policy += [f"script-src {_hashes(layout, 'script')}", "connect-src 'self'"]
    policy += [f"form-action {forms_to}", "base-uri 'none'", f"frame-ancestors {framed_by}"]
    made = {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return made | ({"X-Frame-Options": "DENY"} if framed_by == "'none'" else {})


def _hashes(layout: str, element: str) -> str:
    contents = re.findall(f"<{element}>(.*?)</{element}>", layout, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


HEADERS = headers(_LAYOUT.template)


def page(
    title: str, about: str = "", body: str = "", status: int = 200, *, lang: str = "zh-CN", forms_to: str = "'self'"
) -> HTMLResponse:
    """Title and about are text, the body is HTML; `lang` is zh-CN or en."""
    told = f"<p>{html.escape(about)}</p>" if about else ""
    content = _LAYOUT.substitute(_FRAME[lang], lang=lang, title=html.escape(title), about=told, body=body)
    return HTMLResponse(content, status, headers(_LAYOUT.template, forms_to))


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
    fields = await read_form(request)
    if fields is None:
        return too_long()
    return await run_in_threadpool(bank_of(request).db.transact, lambda conn: work(conn, fields))


async def read_form(request: Request) -> dict[str, str] | None:
    """The last value of each field; None when the body is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return None
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def too_long() -> Response:
    return page("内容太长", "提交的内容太长，没有处理。请返回上一页重新填写。", status=413)
