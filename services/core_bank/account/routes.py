"""Spending, explanations and restrictions of a customer; documents by their one-time link."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from services.core_bank import fields, statement, web_page
from services.core_bank.account import documents, holds, restrictions, schemas, spending, terms
from services.core_bank.bank import Caller
from services.core_bank.errors import BankError
from services.core_bank.routes.access import AnyCustomerRole, bank_of, caller_of

router = APIRouter(prefix="/v1", tags=["accounts"], dependencies=[AnyCustomerRole])
links = APIRouter(tags=["documents"])


@router.get("/spending", response_model=schemas.Spending)
def summarize_spending(
    request: Request,
    since: fields.BankDay = Query(..., alias="from"),
    until: fields.BankDay = Query(..., alias="to", description="exclusive"),
    account_id: fields.Text | None = None,
    counterparty: fields.Text | None = Query(None, description="substring"),
    caller: Caller = Depends(caller_of),
) -> dict[str, Any]:
    """By category, beside the period before. Errors: account_not_found, validation_error (an empty period)."""
    if until <= since:
        raise BankError("validation_error", {"fields": ["to"]}, "to must be after from")
    wanted = statement.Filter(account_id, counterparty=counterparty)
    with bank_of(request).db.read() as conn:
        return spending.summary(conn, caller.customer_id, wanted, since, until)


@router.get("/transaction-terms", response_model=schemas.Terms)
def list_terms(caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """What the summaries of transactions mean."""
    kinds = [{"kind": kind, "meaning": meaning} for kind, meaning in terms.KINDS.items()]
    return {"terms": terms.listed(), "kinds": kinds}


@router.get("/restrictions", response_model=schemas.Restrictions)
def list_restrictions(request: Request, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    holds.release_before_reading(bank_of(request), caller)
    with bank_of(request).db.read() as conn:
        return {
            "restrictions": restrictions.listed(conn, caller.customer_id),
            "holds": holds.active(conn, caller.customer_id),
        }


@links.get(documents.PATH + "{token}", response_class=Response)
def fetch_document(request: Request, token: str) -> Response:
    """The PDF, once and for 24 hours. The token is all the authority there is; any other token answers 404."""
    document = documents.fetch(bank_of(request), token)
    if document is None:
        about = "这个下载链接已经用过、超过24小时，或者不完整。需要的话请在对话里重新申请。"
        return web_page.page("链接已失效", about, status=404)
    disposition = f"attachment; filename*=UTF-8''{quote(document.title)}.pdf"
    headers = web_page.HEADERS | {"Content-Disposition": disposition}
    return Response(document.content, media_type="application/pdf", headers=headers)
