"""Taking back a transfer that has not been made: a scheduled one, or one that waits for its review."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days import full_day, timing
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts, drafts, payees
from services.core_bank.transfers.tables import scheduled_transfers


class CancelTransferRequest(DraftRequest):
    kind: Literal["cancel_transfer"]
    transfer_id: Text = Field(..., description="a scheduled transfer, or a draft in review")


class CancelTransfer(Order):
    name = "cancel_transfer"
    Request = CancelTransferRequest

    def propose(self, conn: Connection, applicant: Applicant, request: CancelTransferRequest) -> Offer:
        schedule = _scheduled(conn, applicant.customer_id, request.transfer_id)
        if schedule is not None:
            when = timing(schedule.repeats, schedule.next_on)
            lines = [("下一次转账", full_day(schedule.next_on)), ("付款账户", f"尾号{schedule.account_tail}")]
            return Offer(f"撤销预约：{when}向{_shown(schedule)}转账 ¥{format_fen(schedule.amount_fen)}", lines)
        draft = _in_review(conn, applicant.customer_id, request.transfer_id)
        return Offer(f"撤回正在复核的业务：{draft.canonical_text}")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        target_id = asked(draft)["transfer_id"]
        schedule = _scheduled(conn, draft.customer_id, target_id)
        if schedule is not None:
            conn.execute(
                sa.update(scheduled_transfers)
                .where(scheduled_transfers.c.id == target_id, scheduled_transfers.c.state == "active")
                .values(state="cancelled", next_on=None)
            )
        else:
            _in_review(conn, draft.customer_id, target_id)
            waiting = sa.update(drafts).where(drafts.c.id == target_id, drafts.c.state == "REVIEW")
            conn.execute(waiting.values(state="CANCELLED"))
        return Receipt(new_receipt_number("ZG", now), now)


def _scheduled(conn: Connection, customer_id: str, schedule_id: str) -> Row | None:
    """The active one of this id, locked, with its payee."""
    query = (
        sa.select(
            scheduled_transfers, payees.c.name, payees.c.bank, payees.c.tail, accounts.c.tail.label("account_tail")
        )
        .join(payees, payees.c.id == scheduled_transfers.c.payee_id)
        .join(accounts, accounts.c.id == scheduled_transfers.c.account_id)
        .where(
            scheduled_transfers.c.id == schedule_id,
            scheduled_transfers.c.customer_id == customer_id,
            scheduled_transfers.c.state == "active",
        )
    )
    return conn.execute(query.with_for_update(of=scheduled_transfers)).one_or_none()


def _in_review(conn: Connection, customer_id: str, draft_id: str) -> Row:
    """Raises not_possible (nothing_to_cancel)."""
    waiting = sa.select(drafts).where(
        drafts.c.id == draft_id, drafts.c.customer_id == customer_id, drafts.c.state == "REVIEW"
    )
    row = conn.execute(waiting.with_for_update()).one_or_none()
    if row is None:
        raise not_possible(
            "nothing_to_cancel", "这笔已经转出或撤销了，不能再撤销。转错了请对我说「转错了」，我来登记追回。"
        )
    return row


def _shown(schedule: Row) -> str:
    return f"{schedule.name}（{schedule.bank}，尾号{schedule.tail}）"
