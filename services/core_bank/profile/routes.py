"""The profile and the consents of a customer, masked."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from services.core_bank.bank import Caller
from services.core_bank.fields import BankDay, Moment
from services.core_bank.profile import queries
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["profile"], dependencies=[AnyCustomerRole])


class Document(View):
    kind: str
    masked: str
    expires_on: BankDay | None


class Profile(View):
    phone_masked: str
    address_masked: str
    email_masked: str | None
    employer: str | None
    document: Document
    alerts_on: bool
    alerts_from_fen: int
    wechat_bound_at: Moment | None


class Consent(View):
    id: str
    name: str
    given_on: BankDay
    required: bool


class Consents(View):
    consents: list[Consent]


@router.get("/profile", response_model=Profile)
def get_profile(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return queries.view(queries.profile(conn, caller.customer_id))


@router.get("/consents", response_model=Consents)
def list_consents(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Those in force."""
    with bank_of(request).db.read() as conn:
        return {"consents": queries.consent_list(conn, caller.customer_id)}
