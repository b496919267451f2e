"""Unfreezing a card the customer froze."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy.engine import Connection, Row

from services.core_bank import cards, fields, queries, schemas
from services.core_bank.drafts.base import Applicant, DraftKind, DraftRequest, Proposal, Receipt
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.risk import NO_RISK

_NAMES = {"debit": "借记卡", "credit": "信用卡"}


class UnfreezeCardRequest(DraftRequest):
    kind: Literal["unfreeze_card"]
    card_id: fields.Text


class UnfreezeCard(DraftKind):
    name = "unfreeze_card"
    section = "card"
    Request = UnfreezeCardRequest
    Section = schemas.Card

    def prepare(self, conn: Connection, applicant: Applicant, request: UnfreezeCardRequest) -> Proposal:
        card = _frozen_card(conn, applicant.customer_id, request.card_id)
        return Proposal({"card_id": card.id}, f"解除{_NAMES[card.kind]}（尾号{card.tail}）的冻结，恢复使用", NO_RISK)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        _frozen_card(conn, draft.customer_id, draft.payload["card_id"])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        card = _frozen_card(conn, draft.customer_id, draft.payload["card_id"])
        cards.set_state(conn, draft.world_id, card.id, "frozen", "active")
        return Receipt(new_receipt_number("ZG", now), now)

    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        return queries.card_view(queries.get_card(conn, draft.customer_id, draft.payload["card_id"]))


def _frozen_card(conn: Connection, customer_id: str, card_id: str) -> Row:
    """Raises card_not_found, card_state_conflict."""
    card = queries.get_card(conn, customer_id, card_id)
    if card.state != "frozen":
        raise BankError("card_state_conflict", {"state": card.state})
    return card
