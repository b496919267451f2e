"""The routes of the sign-in page. Mounted in the sandbox only: a bank has a page of its own."""

import hmac
import math
import re
import secrets
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.core_bank import seed, sessions, settings, web_page
from services.core_bank.errors import BankError
from services.core_bank.fields import Name, Text
from services.core_bank.routes.access import bank_of
from services.core_bank.sign_in import page, tickets, visit
from services.core_bank.sign_in.visit import Visit

router = APIRouter(prefix="/sandbox/sign-in", include_in_schema=False)

_NONCE = re.compile(r"[A-Za-z0-9_-]{43}")
_DEMO_LOGINS = {customer.login for customer in seed.DEMO}
_STATUS = {"bad_credentials": 403, "sign_in_locked": 429}


@router.get("/keys.json")
def keys(request: Request) -> Response:
    return JSONResponse(request.app.state.mint.keys(), headers={"Cache-Control": "public, max-age=300"})


def visit_of(request: Request) -> Visit:
    """Raises VisitRefused, which `refuse` answers."""
    return visit.read(request.query_params, request.app.state.web.returns)


async def refuse(request: Request, refused: Any) -> Response:
    return page.refuse(refused.problem, visit.language(request.query_params))


@router.get("")
def show(request: Request, asked: Visit = Depends(visit_of)) -> Response:
    return _ask(request, asked)


@router.post("")
async def submit(request: Request, asked: Visit = Depends(visit_of)) -> Response:
    fields = await web_page.read_form(request)
    if fields is None:
        return web_page.too_long()
    # Another site can post this form, but neither read the nonce in it nor have the cookie sent along.
    nonce = _known_nonce(request)
    if nonce is None or not hmac.compare_digest(fields.get("nonce", "").encode(), nonce.encode()):
        return _ask(request, asked, 403, page.WORDS[asked.lang]["problem"]["stale"])
    return await run_in_threadpool(_sign_in, request, asked, fields)


def _sign_in(request: Request, asked: Visit, fields: dict[str, str]) -> Response:
    bank, login, password = bank_of(request), fields.get("login", ""), fields.get("password", "")
    if fields.get("demo") in _DEMO_LOGINS:
        login, password = fields["demo"], seed.DEMO_PASSWORD

    def mint(conn: Connection, customer: Row) -> str:
        subject = bank.subject(customer.world_id, customer.id)
        ticket = tickets.make(conn, customer, asked.channel)
        return str(request.app.state.mint.token(asked.channel, subject, ticket, asked.binding))

    try:
        login, password = Name.validate(login), Text.validate(password)
        token = sessions.with_password(bank, login, password, asked.world, mint)
    except ValueError:  # a login or password that nobody can have
        return _refuse(request, asked, BankError("bad_credentials"), "")
    except BankError as refusal:
        return _refuse(request, asked, refusal, login)
    headers = {name: web_page.HEADERS[name] for name in ("Cache-Control", "Referrer-Policy")}
    answer = RedirectResponse(f"{asked.returns_to}#token={token}", 303, headers)
    answer.delete_cookie(_cookie(), **_cookie_options())
    return answer


def _refuse(request: Request, asked: Visit, refusal: BankError, login: str) -> Response:
    if refusal.code not in _STATUS:
        raise refusal
    seconds = refusal.details.get("retry_after", 0)
    told = page.WORDS[asked.lang]["problem"][refusal.code].format(minutes=math.ceil(seconds / 60))
    answer = _ask(request, asked, _STATUS[refusal.code], told, login)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _ask(request: Request, asked: Visit, status: int = 200, problem: str = "", login: str = "") -> Response:
    nonce = _known_nonce(request) or secrets.token_urlsafe(32)  # kept: two open pages do not spoil each other
    answer = page.ask(asked, nonce, status, problem, login)
    answer.set_cookie(_cookie(), nonce, max_age=3600, httponly=True, **_cookie_options())
    return answer


def _known_nonce(request: Request) -> str | None:
    known = request.cookies.get(_cookie(), "")
    return known if _NONCE.fullmatch(known) else None


def _cookie() -> str:
    """The name; with the prefix, a browser takes the cookie from this very host only."""
    return "__Host-zhanggui_sign_in" if _secure() else "zhanggui_sign_in"


def _cookie_options() -> dict[str, Any]:
    return {"samesite": "lax", "secure": _secure(), "path": "/"}


def _secure() -> bool:
    return settings.public_url().startswith("https://")
