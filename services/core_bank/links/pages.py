"""The pages behind one-time links. Opening one changes nothing: previews of messengers open links too."""

from abc import ABC, abstractmethod
from typing import ClassVar

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection, Row
from starlette.responses import Response

from services.core_bank import web_page
from services.core_bank.bank import Bank
from services.core_bank.links import store
from services.core_bank.routes.access import bank_of

router = APIRouter(prefix=store.PATH.rstrip("/"), include_in_schema=False)


class OncePage(ABC):
    """What one purpose shows and does."""

    purpose: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def show(self, link: Row) -> Response:
        """The page with a form that is posted back."""

    @abstractmethod
    def act(self, bank: Bank, conn: Connection, link: Row, fields: dict[str, str]) -> Response:
        """What was sent, inside one transaction; the page burns the link itself when it is done."""

    def page(self, about: str = "", form: str = "") -> Response:
        return web_page.page(self.title, about, form)


PAGES: dict[str, OncePage] = {}


def register(*pages: OncePage) -> None:
    PAGES.update({page.purpose: page for page in pages})


@router.get("/{token}")
def show(request: Request, token: str) -> Response:
    with bank_of(request).db.read() as conn:
        link = store.find(conn, token)
    return _gone() if link is None else PAGES[link.purpose].show(link)


@router.post("/{token}")
async def act(request: Request, token: str) -> Response:
    def work(conn: Connection, sent: dict[str, str]) -> Response:
        link = store.find(conn, token, lock=True)
        if link is None:
            return _gone()
        fields = {name: value.strip() for name, value in sent.items()}
        return PAGES[link.purpose].act(bank_of(request), conn, link, fields)

    return await web_page.act(request, work)


def _gone() -> Response:
    about = "这个链接已经用过或者过期了。需要的话，请回到聊天里重新办理。"
    return web_page.page("链接已失效", about, status=410)
