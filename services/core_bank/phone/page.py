"""The phone page and the list that it fetches again and again. Mounted in the sandbox only."""

import html
import re
from datetime import datetime
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from services.core_bank import clock, sandbox, sms, web_page
from services.core_bank.errors import BankError
from services.core_bank.fields import Name, WorldName
from services.core_bank.routes.access import bank_of
from services.core_bank.sessions import mask_phone

router = APIRouter(prefix="/sandbox/phone", include_in_schema=False)

_PAGE = Template(Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))
_SHOWN = 50
_SENDER = re.compile("【(.+?)】")


class Phone:
    """Query of both routes: the world, and one customer's login when only that phone is meant."""

    def __init__(self, request: Request, world: WorldName | None = None, customer: Name | None = None) -> None:
        self._bank, self._world, self._customer = bank_of(request), world or sandbox.DEMO_WORLD, customer

    def messages(self) -> str:
        """The list as HTML, newest first. Raises world_not_found."""
        with self._bank.db.read() as conn:
            world_id = sandbox.find_world(conn, self._world)
            now = clock.now(conn, world_id)
            received = sms.newest(self._bank, conn, world_id, self._customer, _SHOWN)
        return "".join(_item(message, now) for message in received)

    def source(self) -> str:
        query = {"world": self._world} | ({"customer": self._customer} if self._customer else {})
        return f"{router.prefix}/messages?{urlencode(query)}"


@router.get("")
def show(request: Request, phone: Phone = Depends()) -> Response:
    """Errors: a page says that there is no such phone."""
    try:
        messages = phone.messages()
    except BankError as refusal:
        return web_page.page("没有这部手机", "地址里的演示环境不存在，或者已经删除。", status=refusal.status)
    framed_by = " ".join(("'self'", *request.app.state.web.origins))
    headers = web_page.headers(_PAGE.template, forms_to="'none'", framed_by=framed_by)
    content = _PAGE.substitute(messages=messages, source=html.escape(phone.source()))
    return HTMLResponse(content, headers=headers)


@router.get("/messages")
def list_messages(phone: Phone = Depends()) -> Response:
    """Errors: world_not_found."""
    headers = web_page.HEADERS
    return HTMLResponse(f"<!doctype html><title>SMS</title><ol>{phone.messages()}</ol>", headers=headers)


def _item(message: sms.Received, now: datetime) -> str:
    sender = _SENDER.match(message.text)
    code = f'<p class="code">{html.escape(message.code)}</p>' if message.code else ""
    sent_at = html.escape(clock.iso(message.sent_at))
    return (
        f'<li id="m{message.id}"><header><b>{html.escape(sender[1] if sender else "短信")}</b>'
        f'<time datetime="{sent_at}">{_when(message.sent_at, now)}</time></header>'
        f'<p class="to">发给 {html.escape(message.name)} {mask_phone(message.phone)}</p>'
        f"{code}<p>{html.escape(message.text)}</p></li>"
    )


def _when(sent_at: datetime, now: datetime) -> str:
    local = sent_at.astimezone(clock.BANK_ZONE)
    today = clock.bank_day(sent_at) == clock.bank_day(now)
    return f"{local:%H:%M:%S}" if today else f"{local.month}月{local.day}日 {local:%H:%M}"
