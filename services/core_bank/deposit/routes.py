"""Deposit rates for everybody, and a customer's time deposits."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request

from services.core_bank import catalogue
from services.core_bank.bank import Caller
from services.core_bank.deposit import records
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of, visitor_of
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["deposits"], dependencies=[AnyCustomerRole])


class DepositTerm(View):
    months: int
    name: str
    annual_rate: str


class DepositRates(View):
    demand_rate: str
    notice_rate: str
    least_fen: int
    terms: list[DepositTerm]


class TimeDeposit(View):
    account_id: str
    name: str
    principal_fen: int
    annual_rate: str
    months: int
    opened_on: date
    matures_on: date
    interest_fen: int


class TimeDeposits(View):
    deposits: list[TimeDeposit]


@router.get("/deposit-rates", response_model=DepositRates, dependencies=[Depends(visitor_of)])
def get_rates() -> Any:
    """Yearly rates by term, for visitors too."""
    return catalogue.section("deposits")


@router.get("/time-deposits", response_model=TimeDeposits)
def list_time_deposits(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return {"deposits": records.list_deposits(conn, caller.customer_id)}
