"""Transfers: what became of them, and what is scheduled."""

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from services.core_bank import clock
from services.core_bank.bank import Caller
from services.core_bank.fields import Moment
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of
from services.core_bank.schemas import View
from services.core_bank.transfers import records

router = APIRouter(prefix="/v1", tags=["transfers"], dependencies=[AnyCustomerRole])


class PaidPayee(View):
    name: str
    bank: str
    tail: str


class TransferRecord(View):
    id: str
    state: Literal["done", "review", "failed"]
    at: Moment
    amount_fen: int
    payee: PaidPayee
    account_tail: str
    receipt_no: str | None
    arrives_on: date | None = Field(description="the latest day on which the payee has it")
    recall_no: str | None = Field(description="the payee's bank was asked to help to get it back")
    failure: str | None = Field(description="rejected, refused, locked, expired, or the code of a refusal")
    scheduled_for: date | None


class TransferRecords(View):
    transfers: list[TransferRecord]


class ScheduledTransfer(View):
    id: str
    payee: PaidPayee
    account_tail: str
    amount_fen: int
    repeats: Literal["once", "weekly", "monthly"]
    next_on: date


class ScheduledTransfers(View):
    scheduled: list[ScheduledTransfer]


@router.get("/transfers", response_model=TransferRecords)
def list_transfers(
    request: Request, limit: int = Query(10, ge=1, le=50), caller: Caller = Depends(caller_of)
) -> dict[str, Any]:
    """To other people, newest first."""
    with bank_of(request).db.read() as conn:
        now = clock.now(conn, caller.world_id)
        return {"transfers": records.recent(conn, caller.customer_id, limit, now)}


@router.get("/scheduled-transfers", response_model=ScheduledTransfers)
def list_scheduled_transfers(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Those to come, the next one first."""
    with bank_of(request).db.read() as conn:
        return {"scheduled": records.scheduled(conn, caller.customer_id)}
