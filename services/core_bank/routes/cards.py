"""Cards: reading, freezing, loss reports."""

from typing import Any

from fastapi import APIRouter, Body, Depends, Request, Response

from services.core_bank import cards, fields, queries, schemas
from services.core_bank.bank import Caller
from services.core_bank.routes.access import ActionsOnly, AnyCustomerRole, bank_of, caller_of, key_of
from services.core_bank.routes.answers import stored_answer

router = APIRouter(prefix="/v1/cards", tags=["cards"])


@router.get("", response_model=schemas.Cards, dependencies=[AnyCustomerRole])
def list_cards(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return {"cards": queries.list_cards(conn, caller.customer_id)}


@router.get("/{card_id}", response_model=schemas.Card, dependencies=[AnyCustomerRole])
def get_card(request: Request, card_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: card_not_found."""
    with bank_of(request).db.read() as conn:
        return queries.card_view(queries.get_card(conn, caller.customer_id, card_id))


@router.post("/{card_id}/freeze", response_model=schemas.CardChange, dependencies=[ActionsOnly])
def freeze(
    request: Request,
    card_id: fields.Text,
    body: Any = Body(None),
    caller: Caller = Depends(caller_of),
    key: str = Depends(key_of),
) -> Response:
    """Errors: card_not_found, card_state_conflict, idempotency_*."""
    return stored_answer(cards.freeze(bank_of(request), caller, card_id, key, body))


@router.post("/{card_id}/loss-report", response_model=schemas.LossReport, dependencies=[ActionsOnly])
def report_lost(
    request: Request,
    card_id: fields.Text,
    body: Any = Body(None),
    caller: Caller = Depends(caller_of),
    key: str = Depends(key_of),
) -> Response:
    """Errors: card_not_found, idempotency_*."""
    return stored_answer(cards.report_lost(bank_of(request), caller, card_id, key, body))
