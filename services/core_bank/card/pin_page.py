"""The sandbox page behind a one-time link, where a PIN is set: the only place that ever sees one."""

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection, Row
from starlette.responses import Response

from services.core_bank import web_page
from services.core_bank.card import pins
from services.core_bank.fields import Name
from services.core_bank.routes.access import bank_of

router = APIRouter(prefix="/sandbox/pin", include_in_schema=False)

_CARD_NAMES = {"debit": "借记卡", "credit": "信用卡"}
_PIN = 'type="password" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="off"'


@router.get("/{token}")
def show(request: Request, token: Name) -> Response:
    with bank_of(request).db.read() as conn:
        link = pins.find_link(conn, token)
    return _gone() if link is None else _form(link)


@router.post("/{token}")
async def submit(request: Request, token: Name) -> Response:
    def work(conn: Connection, sent: dict[str, str]) -> Response:
        link = pins.find_link(conn, token, lock=True)
        if link is None:
            return _gone()
        why = pins.set_pin(conn, link, sent.get("old", ""), sent.get("new", ""), sent.get("again", ""))
        if why is None:
            return web_page.page("新密码已经生效", "请记好新密码，不要告诉任何人。可以关掉这个页面，回到对话里继续。")
        if pins.find_link(conn, token) is None:
            return web_page.page("密码没有设置", why, status=403)
        return _form(link, why)

    return await web_page.act(request, work)


def _form(link: Row, why: str = "") -> Response:
    names = [("old", "原密码")] if link.asks_old else []
    names += [("new", "新密码（6 位数字）"), ("again", "再输一次新密码")]
    fields = "".join(web_page.field(name, label, _PIN) for name, label in names)
    title = "修改交易密码" if link.asks_old else "重置交易密码"
    about = (
        f"{_CARD_NAMES[link.kind]}（尾号{link.tail}）。不要用连号、重复的数字和手机号。链接 5 分钟内有效，只能用一次。"
    )
    return web_page.page(title, about, web_page.form(fields, "确认设置", why), 422 if why else 200)


def _gone() -> Response:
    return web_page.page("链接已经失效", "这个链接用过了或者超过了 5 分钟。请回到对话里重新办理。", status=404)
