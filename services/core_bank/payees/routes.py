"""Account numbers, which only channels hand in."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from services.core_bank.bank import Caller
from services.core_bank.fields import Text
from services.core_bank.payees import numbers
from services.core_bank.routes.access import ChannelOnly, bank_of, caller_of
from services.core_bank.schemas import Body, View

router = APIRouter(prefix="/v1", tags=["payees"])


class TypedNumber(Body):
    number: Text


class HeldNumber(View):
    reference: str
    bank: str | None
    tail: str


@router.post("/account-numbers", status_code=201, response_model=HeldNumber, dependencies=[ChannelOnly])
def hold_number(request: Request, body: TypedNumber, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: account_number_invalid."""
    return numbers.hold(bank_of(request), caller, body.number)
