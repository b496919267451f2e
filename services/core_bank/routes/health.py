"""Liveness, with the database."""

from typing import Any

from fastapi import APIRouter, Request

from services.core_bank import schemas
from services.core_bank.routes.access import bank_of

router = APIRouter(tags=["health"])


@router.get("/health", response_model=schemas.Health)
def health(request: Request) -> dict[str, Any]:
    """Errors: core_down."""
    bank_of(request).db.ping()
    return {"status": "ok", "database": "ok", "sandbox": request.app.state.sandbox}
