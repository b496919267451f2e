"""The pages behind one-time links. Opening one changes nothing: previews of messengers open links too."""

import html
from abc import ABC, abstractmethod
from typing import ClassVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection, Row
from starlette.responses import HTMLResponse, Response

from services.core_bank.bank import Bank
from services.core_bank.links import store
from services.core_bank.routes.access import bank_of

router = APIRouter(prefix=store.PATH.rstrip("/"), include_in_schema=False)
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_LAYOUT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


class OncePage(ABC):
    """What one purpose shows and does."""

    purpose: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def show(self, conn: Connection, link: Row) -> str:
        """The body as HTML, with a form that is posted back."""

    @abstractmethod
    def act(self, bank: Bank, conn: Connection, link: Row, fields: dict[str, str]) -> Response:
        """What was sent, inside one transaction; the page burns the link itself when it is done."""

    def page(self, body: str) -> HTMLResponse:
        return HTMLResponse(_LAYOUT.format(title=self.title, body=body), headers=_HEADERS)

    def form(self, fields: str, button: str, problem: str = "") -> str:
        told = f"<p role='alert'>{html.escape(problem)}</p>" if problem else ""
        return f"{told}<form method='post'>{fields}<button>{html.escape(button)}</button></form>"


PAGES: dict[str, OncePage] = {}


def register(*pages: OncePage) -> None:
    PAGES.update({page.purpose: page for page in pages})


@router.get("/{token}")
def show(request: Request, token: str) -> Response:
    with bank_of(request).db.read() as conn:
        link = store.find(conn, token)
        return _gone() if link is None else PAGES[link.purpose].page(PAGES[link.purpose].show(conn, link))


@router.post("/{token}")
async def act(request: Request, token: str) -> Response:
    sent = parse_qs((await request.body()).decode("utf-8", "replace"))
    fields = {name: values[0].strip() for name, values in sent.items()}
    bank = bank_of(request)

    def work(conn: Connection) -> Response:
        link = store.find(conn, token, lock=True)
        return _gone() if link is None else PAGES[link.purpose].act(bank, conn, link, fields)

    return bank.db.transact(work)


def _gone() -> HTMLResponse:
    body = "<p>这个链接已经用过或者过期了。需要的话，请回到聊天里重新办理。</p>"
    return HTMLResponse(_LAYOUT.format(title="链接已失效", body=body), 410, _HEADERS)
