"""Agreeing on transfers of the future: once on a day, or every week or month."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from chinese.days import full_day, timing
from services.core_bank import paying, queries
from services.core_bank.clock import bank_day, day_start
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import BankDay, Text
from services.core_bank.identifiers import new_id, new_receipt_number
from services.core_bank.risk import transfer_risk
from services.core_bank.transfers.tables import scheduled_transfers

FURTHEST = timedelta(days=366)
LAST_DAY_OF_MONTH = 28  # a day that every month has


class ScheduleTransferRequest(DraftRequest):
    kind: Literal["schedule_transfer"]
    payee_id: Text
    account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    repeats: Literal["once", "weekly", "monthly"]
    first_on: Text = Field(..., description="YYYY-MM-DD, the day of the first one")


class ScheduleTransfer(Order):
    name = "schedule_transfer"
    Request = ScheduleTransferRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ScheduleTransferRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        first_on = _first_day(request.first_on, request.repeats, applicant.now)
        account = paying.paying_account(conn, applicant.customer_id, request.account_id)
        payee = paying.receiving_payee(conn, applicant.customer_id, request.payee_id, account)
        when, shown = timing(request.repeats, first_on), f"{payee.name}（{payee.bank}，尾号{payee.tail}）"
        lines = [
            ("收款人", shown),
            ("金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"),
            ("付款账户", f"{account.name}（尾号{account.tail}）"),
            ("第一次转账" if request.repeats != "once" else "转账日", full_day(first_on)),
        ]
        # Judged as of noon of that day: nobody sits at a phone by night when it is carried out.
        noon = day_start(first_on) + timedelta(hours=12)
        risk = transfer_risk(amount_fen, payee.paid_before, noon)
        return Offer(f"{when}从尾号{account.tail}向{shown}转账 ¥{format_fen(amount_fen)}", lines, risk=risk)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        fields = asked(draft)
        _first_day(fields["first_on"], fields["repeats"], now)
        account = paying.paying_account(conn, draft.customer_id, fields["account_id"])
        paying.receiving_payee(conn, draft.customer_id, fields["payee_id"], account)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        queries.get_payee(conn, draft.customer_id, fields["payee_id"], lock=True)
        self.check(conn, draft, now)
        first_on = date.fromisoformat(fields["first_on"])
        conn.execute(
            sa.insert(scheduled_transfers).values(
                id=new_id("st"),
                world_id=draft.world_id,
                customer_id=draft.customer_id,
                account_id=fields["account_id"],
                payee_id=fields["payee_id"],
                amount_fen=fields["amount_fen"],
                repeats=fields["repeats"],
                next_on=first_on,
                state="active",
                created_at=now,
            )
        )
        lines = [("最近一次转账", full_day(first_on)), ("提醒", "请在前一天备足余额，不够转时这一次不会转")]
        return Receipt(new_receipt_number("YY", now), now, lines)


def _first_day(text: str, repeats: str, now: datetime) -> date:
    """Raises not_possible (day_invalid, day_not_ahead, day_too_far, day_of_month)."""
    try:
        day = BankDay.validate(text)
    except ValueError as error:
        raise not_possible("day_invalid", "没有这一天，请换一个日子。") from error
    today = bank_day(now)
    if day <= today:
        raise not_possible("day_not_ahead", "预约的日子最早是明天；现在就要转，请直接说「转账」。")
    if day - today > FURTHEST:
        raise not_possible("day_too_far", "最远可以预约到一年以后，请换一个近一点的日子。")
    if repeats == "monthly" and day.day > LAST_DAY_OF_MONTH:
        raise not_possible("day_of_month", f"每月转账请选 1 日到 {LAST_DAY_OF_MONTH} 日之间的一天，每个月都有这一天。")
    return day
