"""Sandbox controls; mounted only when ZHANGGUI_SANDBOX=1."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.core_bank import fields, sandbox, schemas
from services.core_bank.routes.access import SandboxOnly, bank_of

router = APIRouter(prefix="/sandbox", tags=["sandbox"], dependencies=[SandboxOnly])


@router.post("/worlds", status_code=201, response_model=schemas.World)
def create_world(request: Request, body: schemas.WorldRequest) -> dict[str, Any]:
    """Errors: world_exists, validation_error."""
    return {"world": sandbox.create_world(bank_of(request), body.world, body.begins_at)}


@router.delete("/worlds/{world}", status_code=204, response_class=Response)
def delete_world(request: Request, world: fields.Text) -> None:
    """Errors: world_not_found."""
    sandbox.delete_world(bank_of(request), world)


@router.post("/worlds/{world}/reset", response_model=schemas.World)
def reset_world(request: Request, world: fields.Text) -> dict[str, Any]:
    """Errors: world_not_found."""
    sandbox.reset_world(bank_of(request), world)
    return {"world": world}


@router.put("/worlds/{world}/fault", response_model=schemas.Fault)
def set_fault(request: Request, world: fields.Text, body: schemas.Fault) -> dict[str, Any]:
    """Errors: world_not_found."""
    sandbox.set_fault(bank_of(request), world, body.kind, body.seconds)
    return body.dict()


@router.post("/worlds/{world}/clock", response_model=schemas.ClockReading)
def move_clock(request: Request, world: fields.Text, body: schemas.ClockChange) -> dict[str, Any]:
    """Errors: world_not_found, validation_error."""
    return {"now": sandbox.move_clock(bank_of(request), world, body.advance_seconds, body.set)}


@router.get("/worlds/{world}/sms", response_model=schemas.Messages)
def list_messages(request: Request, world: fields.Text, login: fields.Text | None = None) -> dict[str, Any]:
    """Errors: world_not_found."""
    return {"messages": sandbox.messages(bank_of(request), world, login)}


@router.get("/worlds/{world}/ledger", response_model=schemas.LedgerSnapshot)
def snapshot(request: Request, world: fields.Text) -> dict[str, Any]:
    """Errors: world_not_found."""
    return sandbox.snapshot(bank_of(request), world)


@router.get("/invariants", response_model=schemas.Invariants)
def invariants(request: Request, world: fields.Text | None = None) -> dict[str, Any]:
    """Of the whole bank, or of one world. Errors: world_not_found."""
    return sandbox.invariants(bank_of(request), world)
