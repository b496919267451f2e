"""Credit cards: reading. What is on offer is public."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from services.core_bank import clock, fields, paying, sandbox
from services.core_bank.bank import Caller
from services.core_bank.credit_card import applications, cards, points, schemas, terms, views
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of, visitor_of

router = APIRouter(prefix="/v1", tags=["credit cards"], dependencies=[AnyCustomerRole])


@router.get("/credit-cards", response_model=schemas.CreditCards)
def list_credit_cards(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        found = cards.of_customer(conn, caller.customer_id, clock.now(conn, caller.world_id))
        return {"credit_cards": [views.card(conn, one) for one in found]}


@router.get("/credit-cards/{account_id}/statement", response_model=schemas.Statement)
def get_statement(request: Request, account_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: account_not_found."""
    with bank_of(request).db.read() as conn:
        now = clock.now(conn, caller.world_id)
        return views.statement(conn, cards.get(conn, caller.customer_id, account_id, now))


@router.get("/instalment-offers", response_model=schemas.InstalmentOffers, dependencies=[Depends(visitor_of)])
def list_instalment_offers(amount_fen: int) -> dict[str, Any]:
    """What a bill of this amount would cost in instalments. Errors: amount_invalid."""
    return {"offers": views.offers(paying.amount_of(amount_fen))}


@router.get("/points", response_model=schemas.Points)
def get_points(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        today = clock.bank_day(clock.now(conn, caller.world_id))
        lots = points.lots(conn, caller.customer_id, today)
        return {"balance": sum(lot.points for lot in lots), "lots": [dict(lot._mapping) for lot in lots]}


@router.get("/rewards", response_model=schemas.Rewards)
def list_rewards(request: Request, visitor: Caller | None = Depends(visitor_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        world_id = visitor.world_id if visitor else sandbox.find_world(conn, sandbox.DEMO_WORLD)
        found = points.catalogue(conn, world_id)
        return {"rewards": [{**one._mapping, "in_stock": one.stock > 0} for one in found]}


@router.get("/credit-card-products", response_model=schemas.Products, dependencies=[Depends(visitor_of)])
def list_products() -> dict[str, Any]:
    return {"products": [vars(product) for product in terms.PRODUCTS]}


@router.get("/card-applications", response_model=schemas.Applications)
def list_applications(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Newest first."""
    with bank_of(request).db.read() as conn:
        found = applications.of_customer(conn, caller.customer_id)
        return {
            "applications": [{**one._mapping, "product": applications.product(one.product_id).name} for one in found]
        }
