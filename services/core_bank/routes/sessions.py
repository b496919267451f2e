"""Sign-in, sign-out, one-time codes: what the channel does."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.core_bank import clock, codes, schemas, sessions
from services.core_bank.bank import Caller
from services.core_bank.routes.access import AnyCustomerRole, ChannelOnly, bank_of, caller_of
from services.core_bank.sign_in import tickets
from services.core_bank.wechat import bindings
from services.core_bank.wechat.routes import follower_of
from services.core_bank.wechat.schemas import WechatSignIn

router = APIRouter(prefix="/v1", tags=["sessions"])


@router.post("/sessions", status_code=201, response_model=schemas.NewSession, dependencies=[ChannelOnly])
def sign_in(request: Request, body: schemas.SignInRequest | schemas.TicketRequest | WechatSignIn) -> dict[str, Any]:
    """With a password, a ticket of the sign-in page or a bound openid.

    Errors: bad_credentials, sign_in_locked, ticket_invalid, not_bound.
    """
    bank = bank_of(request)
    if isinstance(body, schemas.TicketRequest):
        opened = tickets.redeem(bank, body.ticket, body.channel)
    elif isinstance(body, WechatSignIn):
        opened = bindings.sign_in(bank, follower_of(bank, body.wechat))
    else:
        opened = sessions.sign_in(bank, body.login, body.password, body.world)
    return {
        "session": opened.session,
        "auth_level": opened.auth_level,
        "customer": {"name": opened.customer.name, "elder_mode": opened.customer.elder_mode},
        "subject": opened.subject,
        "expires_at": clock.iso(opened.expires_at),
    }


@router.get("/sessions/current", response_model=schemas.CurrentSession, dependencies=[AnyCustomerRole])
def current_session(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: session_invalid (as on every customer route)."""
    with bank_of(request).db.read() as conn:
        return sessions.describe(conn, caller)


@router.delete("/sessions/current", status_code=204, response_class=Response, dependencies=[ChannelOnly])
def sign_out(request: Request, caller: Caller = Depends(caller_of)) -> None:
    sessions.sign_out(bank_of(request), caller)


@router.post("/codes", response_model=schemas.CodeAccepted, dependencies=[ChannelOnly])
def submit_code(request: Request, body: schemas.CodeSubmission, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: no_open_challenge, code_dead, code_malformed, code_expired, code_wrong {tries_left}, code_locked."""
    return codes.submit(bank_of(request), caller, body.code)
