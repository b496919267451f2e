"""Loan products for everybody; loans and applications of a customer."""

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request

from services.core_bank import catalogue
from services.core_bank.bank import Caller
from services.core_bank.fields import Moment
from services.core_bank.loan import records
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of, visitor_of
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["loans"], dependencies=[AnyCustomerRole])


class LoanProduct(View):
    code: str
    name: str
    annual_rate: str
    least_fen: int
    most_fen: int
    months_most: int
    note: str


class LoanProducts(View):
    products: list[LoanProduct]


class LoanPayment(View):
    due_on: date
    payment_fen: int
    principal_fen: int
    interest_fen: int
    remaining_fen: int


class Loan(View):
    account_id: str
    name: str
    principal_fen: int
    annual_rate: str
    method: Literal["equal_payment", "equal_principal"]
    months_left: int
    interest_left_fen: int
    ends_on: date
    payments: list[LoanPayment]


class Loans(View):
    loans: list[Loan]


class LoanApplication(View):
    number: str
    product_name: str
    amount_fen: int
    months: int
    purpose: str
    state: Literal["received", "reviewing", "approved", "declined"]
    applied_at: Moment


class LoanApplications(View):
    applications: list[LoanApplication]


@router.get("/loan-products", response_model=LoanProducts, dependencies=[Depends(visitor_of)])
def list_products() -> Any:
    """For visitors too."""
    return {"products": catalogue.section("loans")}


@router.get("/loans", response_model=Loans)
def list_loans(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Loans with something owed and their next payments."""
    with bank_of(request).db.read() as conn:
        return {"loans": records.list_loans(conn, caller.customer_id)}


@router.get("/loan-applications", response_model=LoanApplications)
def list_applications(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Newest first."""
    with bank_of(request).db.read() as conn:
        return {"applications": records.list_applications(conn, caller.customer_id)}
