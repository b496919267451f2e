"""Binding and unbinding, for the channel that Tencent's signature proves the openid to."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.core_bank import clock
from services.core_bank.bank import Bank
from services.core_bank.routes.access import ChannelOnly, bank_of
from services.core_bank.wechat import attempts, bindings, schemas

router = APIRouter(prefix="/v1/wechat-bindings", tags=["wechat"], dependencies=[ChannelOnly])


def follower_of(bank: Bank, sent: schemas.FollowerId) -> bindings.Follower:
    return bindings.Follower(sent.app_id, bank.follower(sent.app_id, sent.openid))


@router.post("", status_code=201, response_model=schemas.BindingAttempt)
def begin_binding(request: Request, body: schemas.BindingRequest) -> dict[str, Any]:
    """Sends a code to the customer's phone. Errors: ticket_invalid, too_many_codes."""
    bank = bank_of(request)
    begun = attempts.begin(bank, body.ticket, follower_of(bank, body))
    return {
        "attempt": begun.attempt,
        "name_masked": begun.name_masked,
        "phone_masked": begun.phone_masked,
        "expires_at": clock.iso(begun.expires_at),
    }


@router.post("/{attempt}/confirm", response_model=schemas.Bound)
def confirm_binding(request: Request, attempt: str, body: schemas.BindingCode) -> dict[str, Any]:
    """Binds. Errors: attempt_invalid, code_malformed, code_expired, code_wrong {tries_left}, code_locked."""
    return {"name_masked": attempts.confirm(bank_of(request), attempt, body.code)}


@router.delete("", status_code=204, response_class=Response)
def unbind(request: Request, body: schemas.FollowerId) -> None:
    """Ends the sessions that the binding opened too. Errors: not_bound."""
    bank = bank_of(request)
    bindings.unbind(bank, follower_of(bank, body))
