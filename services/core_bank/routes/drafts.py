"""Drafts and reviews. Schemas are composed of the registered kinds, so a new kind needs no change here."""

import functools
import operator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import create_model

from services.core_bank import codes, fields, schemas
from services.core_bank.bank import Caller
from services.core_bank.drafts import KINDS, machine
from services.core_bank.routes.access import (
    ActionsOnly,
    AnyCustomerRole,
    OperatorOnly,
    bank_of,
    caller_of,
    key_of,
)
from services.core_bank.routes.answers import stored_answer

router = APIRouter(prefix="/v1", tags=["drafts"])

_sections: dict[str, Any] = {kind.section: (kind.Section | None, ...) for kind in KINDS.values()}
Draft: Any = create_model("Draft", __base__=schemas.DraftBase, **_sections)
Drafts: Any = create_model("Drafts", drafts=(list[Draft], ...))
_requests: Any = functools.reduce(operator.or_, (kind.Request for kind in KINDS.values()))
AnyDraftRequest: Any = Annotated[_requests, Body(discriminator="kind")]


@router.post("/drafts", status_code=201, response_model=Draft, dependencies=[ActionsOnly])
def create_draft(request: Request, body: AnyDraftRequest, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: those of the kind; draft_not_found, draft_closed of `replaces`."""
    return machine.create(bank_of(request), caller, body)


@router.get("/drafts", response_model=Drafts, dependencies=[AnyCustomerRole])
def list_drafts(
    request: Request,
    kind: fields.Text | None = None,
    limit: int = Query(10, ge=1, le=100),
    caller: Caller = Depends(caller_of),
) -> dict[str, Any]:
    """Newest first."""
    return {"drafts": machine.newest(bank_of(request), caller, kind, limit)}


@router.get("/drafts/{draft_id}", response_model=Draft, dependencies=[AnyCustomerRole])
def get_draft(request: Request, draft_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: draft_not_found."""
    return machine.get(bank_of(request), caller, draft_id)


@router.post("/drafts/{draft_id}/risk-answer", response_model=Draft, dependencies=[ActionsOnly])
def answer_risk(
    request: Request, draft_id: fields.Text, body: schemas.RiskAnswer, caller: Caller = Depends(caller_of)
) -> dict[str, Any]:
    """Errors: draft_not_found, draft_closed, draft_expired, risk_refused."""
    return machine.answer_risk(bank_of(request), caller, draft_id, body.suspicious)


@router.post("/drafts/{draft_id}/challenge", response_model=Draft, dependencies=[ActionsOnly])
def send_code(request: Request, draft_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: draft_not_found, draft_closed, draft_expired, risk_refused, risk_question_open, too_many_codes."""
    return codes.send(bank_of(request), caller, draft_id)


@router.post("/drafts/{draft_id}/confirm", response_model=Draft, dependencies=[ActionsOnly])
def confirm(
    request: Request,
    draft_id: fields.Text,
    body: Any = Body(None),
    caller: Caller = Depends(caller_of),
    key: str = Depends(key_of),
) -> Response:
    """Errors: draft_*, risk_refused, code_required, those of the kind, idempotency_*."""
    return stored_answer(machine.confirm(bank_of(request), caller, draft_id, key, body))


@router.post("/drafts/{draft_id}/cancel", response_model=Draft, dependencies=[ActionsOnly])
def cancel(request: Request, draft_id: fields.Text, caller: Caller = Depends(caller_of)) -> dict[str, Any]:
    """Errors: draft_not_found, draft_closed, draft_expired, risk_refused."""
    return machine.cancel(bank_of(request), caller, draft_id)


@router.post("/reviews/{draft_id}", response_model=Draft, dependencies=[OperatorOnly], tags=["reviews"])
def review(request: Request, draft_id: fields.Text, body: schemas.Review) -> dict[str, Any]:
    """Errors: draft_not_found, draft_closed, those of the kind."""
    return machine.review(bank_of(request), draft_id, body.approve, body.reviewer)
