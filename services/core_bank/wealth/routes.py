"""Wealth products and the questionnaire for everybody; results and holdings for a customer."""

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request

from services.core_bank import catalogue, clock
from services.core_bank.bank import Caller
from services.core_bank.fields import Moment
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of, visitor_of
from services.core_bank.schemas import View
from services.core_bank.wealth import holdings, suitability

router = APIRouter(prefix="/v1", tags=["wealth"], dependencies=[AnyCustomerRole])


class WealthProduct(View):
    code: str
    name: str
    kind: Literal["wealth", "fund"]
    risk: int
    least_fen: int
    term: str
    hold_days: int
    benchmark_low: str
    benchmark_high: str
    net_value: str


class WealthProducts(View):
    products: list[WealthProduct]


class RiskQuestion(View):
    text: str
    options: list[str]


class RiskQuestions(View):
    questions: list[RiskQuestion]


class RiskResult(View):
    level: int
    name: str
    valid_until: date
    valid: bool


class RiskProfile(View):
    result: RiskResult | None


class Holding(View):
    id: str
    product_code: str
    product_name: str
    risk: int
    shares: str
    net_value: str
    cost_fen: int
    value_fen: int
    profit_fen: int
    bought_on: date
    redeemable_on: date
    cooling_until: Moment | None


class Holdings(View):
    holdings: list[Holding]


@router.get("/wealth/products", response_model=WealthProducts, dependencies=[Depends(visitor_of)])
def list_products() -> Any:
    """By risk, for visitors too. A benchmark is no promise."""
    return {"products": catalogue.section("wealth")}


@router.get("/wealth/risk-questions", response_model=RiskQuestions, dependencies=[Depends(visitor_of)])
def list_questions() -> Any:
    return {"questions": catalogue.section("risk_questions")}


@router.get("/wealth/risk-profile", response_model=RiskProfile)
def get_risk_profile(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """The customer's last result; null before the first questionnaire."""
    with bank_of(request).db.read() as conn:
        found = suitability.newest_result(conn, caller.customer_id)
        today = clock.bank_day(clock.now(conn, caller.world_id))
    if found is None:
        return {"result": None}
    result = {
        "level": found.level,
        "name": suitability.level_name(found.level),
        "valid_until": found.valid_until.isoformat(),
        "valid": today <= found.valid_until,
    }
    return {"result": result}


@router.get("/wealth/holdings", response_model=Holdings)
def list_holdings(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Oldest first, valued at today's net value."""
    with bank_of(request).db.read() as conn:
        now = clock.now(conn, caller.world_id)
        return {"holdings": holdings.list_holdings(conn, caller.customer_id, now)}
