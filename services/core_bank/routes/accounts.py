"""Accounts, transactions, payees, limits: reading."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from services.core_bank import clock, fields, limits, queries, schemas, statement
from services.core_bank.account import holds
from services.core_bank.bank import Caller
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of

router = APIRouter(prefix="/v1", tags=["accounts"], dependencies=[AnyCustomerRole])

_LARGEST_FEN = 10**15


@router.get("/accounts", response_model=schemas.Accounts)
def list_accounts(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    holds.release_before_reading(bank_of(request), caller)
    with bank_of(request).db.read() as conn:
        return {"accounts": queries.list_accounts(conn, caller.customer_id)}


@router.get("/accounts/{account_id}", response_model=schemas.Account)
def get_account(request: Request, account_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: account_not_found."""
    holds.release_before_reading(bank_of(request), caller)
    with bank_of(request).db.read() as conn:
        return queries.get_account(conn, caller.customer_id, account_id)


@router.get("/transactions", response_model=schemas.Transactions)
def list_transactions(
    request: Request,
    account_id: fields.Text | None = None,
    since: fields.BankDay | None = Query(None, alias="from"),
    until: fields.BankDay | None = Query(None, alias="to", description="exclusive"),
    direction: Literal["in", "out"] | None = None,
    min_fen: int | None = Query(None, ge=0, le=_LARGEST_FEN),
    max_fen: int | None = Query(None, ge=0, le=_LARGEST_FEN),
    counterparty: fields.Text | None = Query(None, description="substring"),
    limit: int = Query(20, ge=1, le=100),
    cursor: fields.Text | None = None,
    caller: Caller = Depends(caller_of),
) -> dict[str, Any]:
    """Newest first. Errors: account_not_found."""
    wanted = statement.Filter(account_id, since, until, direction, min_fen, max_fen, counterparty)
    with bank_of(request).db.read() as conn:
        return statement.page(conn, caller.customer_id, wanted, limit, cursor)


@router.get("/payees", response_model=schemas.Payees)
def list_payees(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return {"payees": queries.list_payees(conn, caller.customer_id)}


@router.get("/limits", response_model=schemas.Limits)
def get_limits(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    with bank_of(request).db.read() as conn:
        return limits.describe(conn, caller.customer_id, clock.now(conn, caller.world_id))
