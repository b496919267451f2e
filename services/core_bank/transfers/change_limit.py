"""Changing the daily transfer limit: down at once, up to a point online, far up only after a review."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from services.core_bank import limits, paying
from services.core_bank.bank import lock_customer
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.risk import NO_RISK, Risk
from services.core_bank.transfers.tables import transfer_limits

MAXIMUM_FEN = 200_000_00
CAREFUL_FEN = 50_000_00
REVIEW_FEN = 100_000_00


class ChangeTransferLimitRequest(DraftRequest):
    kind: Literal["change_transfer_limit"]
    daily_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


class ChangeTransferLimit(Order):
    name = "change_transfer_limit"
    Request = ChangeTransferLimitRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ChangeTransferLimitRequest) -> Offer:
        daily_fen = paying.amount_of(request.daily_fen)
        current_fen = limits.daily_fen(conn, applicant.customer_id)
        _require_possible(daily_fen, current_fen)
        lines = [
            ("现在的限额", f"¥{format_fen(current_fen)}"),
            ("调整后的限额", f"¥{format_fen(daily_fen)}"),
            ("生效时间", "复核通过后" if daily_fen > max(REVIEW_FEN, current_fen) else "办理后马上"),
        ]
        verb = "提高" if daily_fen > current_fen else "降低"
        risk = _risk(daily_fen, current_fen)
        return Offer(f"把每日转账限额{verb}到 ¥{format_fen(daily_fen)}", lines, risk=risk)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        _require_possible(asked(draft)["daily_fen"], limits.daily_fen(conn, draft.customer_id))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        daily_fen = asked(draft)["daily_fen"]
        lock_customer(conn, draft.customer_id)
        self.check(conn, draft, now)
        mine = transfer_limits.c.customer_id == draft.customer_id
        changed = conn.execute(sa.update(transfer_limits).where(mine).values(daily_fen=daily_fen))
        if changed.rowcount == 0:
            conn.execute(sa.insert(transfer_limits).values(customer_id=draft.customer_id, daily_fen=daily_fen))
        remaining_fen = limits.describe(conn, draft.customer_id, now)["remaining_today_fen"]
        lines = [("今天还可以转", f"¥{format_fen(remaining_fen)}")]
        return Receipt(new_receipt_number("ZG", now), now, lines)


def _require_possible(daily_fen: int, current_fen: int) -> None:
    """Raises not_possible (above_maximum, same_limit)."""
    if daily_fen > MAXIMUM_FEN:
        reason = f"线上最高可以调到每日 ¥{format_fen(MAXIMUM_FEN)}，要更高请带身份证到网点办理。"
        raise not_possible("above_maximum", reason)
    if daily_fen == current_fen:
        raise not_possible("same_limit", f"您的每日转账限额已经是 ¥{format_fen(current_fen)}，不用调整。")


def _risk(daily_fen: int, current_fen: int) -> Risk:
    if daily_fen <= max(current_fen, CAREFUL_FEN):
        return NO_RISK
    return Risk("red" if daily_fen > REVIEW_FEN else "yellow", ["higher_limit"])
