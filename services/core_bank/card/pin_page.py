"""The sandbox page behind a one-time link, where a PIN is set: the only place that ever sees one."""

import base64
import hashlib
import html
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool

from services.core_bank.card import pins
from services.core_bank.fields import Name
from services.core_bank.routes.access import bank_of

router = APIRouter(prefix="/sandbox/pin", include_in_schema=False)

_PAGE = Template(Path(__file__).with_name("pin_page.html").read_text(encoding="utf-8"))
_CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
_LONGEST_BODY = 1_000
_FIELD = (
    '<label for="{name}">{label}</label><input id="{name}" name="{name}" type="password" inputmode="numeric" '
    'pattern="[0-9]{{6}}" maxlength="6" autocomplete="off" required>'
)
_STYLE = base64.b64encode(hashlib.sha256(_PAGE.template.split("<style>")[1].split("</style>")[0].encode()).digest())
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE.decode()}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@router.get("/{token}")
def show(request: Request, token: Name) -> HTMLResponse:
    with bank_of(request).db.read() as conn:
        link = pins.find_link(conn, token)
    return _gone() if link is None else _form(link)


@router.post("/{token}")
async def submit(request: Request, token: Name) -> HTMLResponse:
    sent = await _form_fields(request)

    def work(conn: Connection) -> HTMLResponse:
        link = pins.find_link(conn, token)
        if link is None:
            return _gone()
        why = pins.set_pin(conn, link, sent.get("old", ""), sent.get("new", ""), sent.get("again", ""))
        if why is not None:
            return _form(link, why) if pins.find_link(conn, token) else _message("密码没有设置", why, 403)
        return _message("新密码已经生效", "请记好新密码，不要告诉任何人。可以关掉这个页面，回到对话里继续。", 200)

    return await run_in_threadpool(bank_of(request).db.transact, work)


async def _form_fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("ascii", "replace")).items()}


def _form(link: Row, why: str = "") -> HTMLResponse:
    names = [("old", "原密码")] if link.asks_old else []
    names += [("new", "新密码（6 位数字）"), ("again", "再输一次新密码")]
    fields = "".join(_FIELD.format(name=name, label=label) for name, label in names)
    error = f'<p class="error" role="alert">{html.escape(why)}</p>' if why else ""
    form = f'{error}<form method="post" autocomplete="off">{fields}<button type="submit">确认设置</button></form>'
    title = "修改交易密码" if link.asks_old else "重置交易密码"
    about = (
        f"{_CARD_NAMES[link.kind]}（尾号{link.tail}）。不要用连号、重复的数字和手机号。链接 5 分钟内有效，只能用一次。"
    )
    return _page(title, about, form, 422 if why else 200)


def _gone() -> HTMLResponse:
    return _message("链接已经失效", "这个链接用过了或者超过了 5 分钟。请回到对话里重新办理。", 404)


def _message(title: str, about: str, status: int) -> HTMLResponse:
    return _page(title, about, "", status)


def _page(title: str, about: str, body: str, status: int) -> HTMLResponse:
    page = _PAGE.substitute(title=html.escape(title), about=html.escape(about), body=body)
    return HTMLResponse(page, status, _HEADERS)
