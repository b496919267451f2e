"""Saved accounts at billers with what is owed, and the agreements on them."""

from typing import Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request

from services.core_bank.bank import Caller
from services.core_bank.clock import iso
from services.core_bank.fields import BankDay, Moment
from services.core_bank.life import queries
from services.core_bank.life.tables import auto_debits, bill_accounts
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of
from services.core_bank.schemas import View
from services.core_bank.tables import accounts

router = APIRouter(prefix="/v1", tags=["life"], dependencies=[AnyCustomerRole])


class AutoDebit(View):
    account_id: str
    account_tail: str
    signed_at: Moment


class BillAccount(View):
    id: str
    category: Literal["electricity", "gas", "water", "mobile"]
    biller: str
    number: str
    alias: str
    owed_fen: int | None
    bill_month: BankDay | None
    auto_debit: AutoDebit | None


class BillAccounts(View):
    bill_accounts: list[BillAccount]


@router.get("/bill-accounts", response_model=BillAccounts)
def list_bill_accounts(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    query = (
        sa.select(bill_accounts, auto_debits.c.account_id, auto_debits.c.signed_at, accounts.c.tail)
        .outerjoin(auto_debits, auto_debits.c.bill_account_id == bill_accounts.c.id)
        .outerjoin(accounts, accounts.c.id == auto_debits.c.account_id)
        .where(bill_accounts.c.customer_id == caller.customer_id)
    )
    with bank_of(request).db.read() as conn:
        return {"bill_accounts": [_view(row) for row in conn.execute(query.order_by(bill_accounts.c.position))]}


def _view(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "category": row.category,
        "biller": row.biller,
        "number": queries.shown_number(row),
        "alias": row.alias,
        "owed_fen": row.owed_fen,
        "bill_month": row.bill_month.isoformat() if row.bill_month else None,
        "auto_debit": _agreement(row) if row.account_id else None,
    }


def _agreement(row: Any) -> dict[str, str]:
    return {"account_id": row.account_id, "account_tail": row.tail, "signed_at": iso(row.signed_at)}
