"""The page /wechat-sandbox/: phones of the demo account's followers, for people who try the sandbox."""

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.acts import Act, Content, menu_press
from services.wechat_sandbox.control_schemas import Body
from services.wechat_sandbox.doing import do, run_event, run_message
from services.wechat_sandbox.errors import ControlError

_PAGE = Path(__file__).with_name("page")
_FILES = {
    "": ("index.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
    "page.js": ("page.js", "text/javascript"),
    "bubbles.js": ("bubbles.js", "text/javascript"),
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_WAIT = 25.0
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SayBody(Body):
    text: str = Field("", max_length=2000)
    kind: str = Field("text", regex="^(text|image|voice|video|location|link|file)$")
    recognition: str | None = Field(None, max_length=500)
    menu_id: str | None = Field(None, max_length=256)


class PressBody(Body):
    name: str = Field(max_length=60)


class FollowBody(Body):
    follow: bool


def own_page(request: Request) -> None:
    """Raises ControlError 403 unless the request names this server and, when it acts, comes from this page.

    The page has no login: a foreign site must neither post to it nor pretend to be it by a name of its own.
    """
    host = request.headers.get("host", "")
    known = (*_LOOPBACK, urlsplit(request.app.state.tencent.base_url).hostname)
    if urlsplit(f"//{host}").hostname not in known:
        raise ControlError(403, "this page is reached by its own address only")
    origin = request.headers.get("origin")
    if (origin is not None or request.method != "GET") and not hmac.compare_digest(
        urlsplit(origin or "").netloc.encode(), host.encode()
    ):
        raise ControlError(403, "only the page itself may do this")


def demo_of(request: Request) -> Account:
    """Raises ControlError 503 while the connector has no credentials."""
    tencent: Tencent = request.app.state.tencent
    if request.app.state.demo is None:
        raise ControlError(
            503, "没有演示公众号：请设置 WECHAT_APP_ID、WECHAT_APP_SECRET、WECHAT_TOKEN 和 WECHAT_AES_KEY。"
        )
    return tencent.account(request.app.state.demo)


def follower_of(openid: str, account: Account = Depends(demo_of)) -> Customer:
    return account.customer(openid)


router = APIRouter(prefix="/wechat-sandbox", dependencies=[Depends(own_page)])


@router.get("/api/account")
async def overview(request: Request, account: Account = Depends(demo_of)) -> dict[str, Any]:
    """`codes`: the page with the bank's text messages, "" when it is not known."""
    followers = [{"openid": one.openid, "nickname": one.nickname} for one in account.customers.values()]
    return {"name": account.setup.name, "followers": followers, "codes": request.app.state.codes_url}


@router.get("/api/phones/{openid}")
async def phone(
    after: int = Query(0, ge=0),
    wait: float = Query(0.0, ge=0, le=_LONGEST_WAIT),
    account: Account = Depends(demo_of),
    customer: Customer = Depends(follower_of),
) -> dict[str, Any]:
    shown = await customer.phone.after(after, wait)
    now = account.clock.now()
    return {
        "shown": [item.as_json() for item in shown],
        "quota_left": customer.allowance.left(now),
        "typing": customer.typing_until > now,
        "subscribed": customer.subscribed,
        "desk": customer.desk.state,
        "menu": (account.menu or {"button": []})["button"],
    }


@router.post("/api/phones/{openid}/say")
async def say(
    request: Request, body: SayBody, account: Account = Depends(demo_of), customer: Customer = Depends(follower_of)
) -> dict[str, Any]:
    content = Content(body.text, body.menu_id, body.recognition)
    return await _do(request, account, customer, run_message(account, customer, body.kind, content))


@router.post("/api/phones/{openid}/press")
async def touch(
    request: Request, body: PressBody, account: Account = Depends(demo_of), customer: Customer = Depends(follower_of)
) -> dict[str, Any]:
    return await _do(request, account, customer, menu_press(account, customer, body.name))


@router.post("/api/phones/{openid}/follow")
async def follow(
    request: Request, body: FollowBody, account: Account = Depends(demo_of), customer: Customer = Depends(follower_of)
) -> dict[str, Any]:
    event = "subscribe" if body.follow else "unsubscribe"
    customer.phone.show(account.clock.now(), "notice", "text", "已关注公众号" if body.follow else "已取消关注")
    return await _do(request, account, customer, run_event(account, customer, event, {}))


async def _do(request: Request, account: Account, customer: Customer, act: Act) -> dict[str, Any]:
    if not customer.subscribed and act.fields.get("Event") != "subscribe":
        raise ControlError(409, "请先关注公众号。")
    done = await do(request.app.state.tencent, account, customer, act)
    return {"key": done["key"]}


@router.get("/{name:path}")
async def file(name: str) -> Response:
    if name not in _FILES:
        raise ControlError(404, "no such file")
    file_name, media_type = _FILES[name]
    return Response((_PAGE / file_name).read_bytes(), media_type=f"{media_type}; charset=utf-8", headers=HEADERS)
