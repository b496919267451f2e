"""Reading what cards are open for, and where new ones are."""

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request

from services.core_bank import clock
from services.core_bank.bank import Caller
from services.core_bank.card import features, shipping
from services.core_bank.fields import Moment
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["cards"], dependencies=[AnyCustomerRole])


class CardFeatures(View):
    card_id: str
    expires_on: date
    expired: bool
    overseas: bool
    cardless: bool
    pin: Literal["set", "locked"]


class AllCardFeatures(View):
    features: list[CardFeatures]


class CardOrder(View):
    order_no: str
    card_id: str
    card_kind: Literal["debit", "credit"]
    card_tail: str
    address: str
    stage: Literal["making", "posted", "delivered", "activated"]
    ordered_at: Moment
    expected_on: date
    tracking_no: str | None


class CardOrders(View):
    orders: list[CardOrder]


@router.get("/card-features", response_model=AllCardFeatures)
def list_features(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return {"features": features.list_features(conn, caller.customer_id, clock.now(conn, caller.world_id))}


@router.get("/card-orders", response_model=CardOrders)
def list_orders(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """New cards, newest first."""
    with bank_of(request).db.read() as conn:
        return {"orders": shipping.list_orders(conn, caller.customer_id, clock.now(conn, caller.world_id))}
