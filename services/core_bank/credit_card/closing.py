"""Closing a credit card: never by a machine alone. What stands in the way is told, else a person is asked to do it."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import StrictBool
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from services.core_bank.credit_card import cards, points, terms
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number


class CancelCreditCardRequest(DraftRequest):
    """`forfeit_points`: the customer gives up what points are left."""

    kind: Literal["cancel_credit_card"]
    account_id: Text
    forfeit_points: StrictBool


class CancelCreditCard(Order):
    """Records the request; a person calls back and closes the account after the bank's waiting time."""

    name = "cancel_credit_card"
    Request = CancelCreditCardRequest

    def propose(self, conn: Connection, applicant: Applicant, request: CancelCreditCardRequest) -> Offer:
        card = _checked(conn, applicant.customer_id, request.account_id, request.forfeit_points, applicant.now)
        lines = [("怎么办理", "登记后由客服人员在 3 个工作日内致电核实"), ("请注意", "销户后卡片停用，不能恢复")]
        if request.forfeit_points:
            lines.append(("积分", "剩余积分清零"))
        return Offer(f"申请注销信用卡（尾号{card.tail}）", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = _checked(conn, draft.customer_id, fields["account_id"], fields["forfeit_points"], now, lock=True)
        closing_no = new_receipt_number("XH", now)
        cards.change(
            conn,
            card.row.id,
            closing_no=closing_no,
            closing_asked_at=now,
            autopay_share=None,
            autopay_account_id=None,
        )
        closed_by = full_day(card.today + timedelta(days=terms.CLOSING_DAYS))
        lines = [("客服致电", "3 个工作日内"), ("正式销户", f"{closed_by}前，这之前请保留卡片")]
        return Receipt(closing_no, now, lines)


def _checked(
    conn: Connection, customer_id: str, account_id: str, forfeit_points: bool, now: datetime, lock: bool = False
) -> CreditCard:
    """Raises account_not_found, not_possible (closing, still_in_use, points_left)."""
    card = cards.get(conn, customer_id, account_id, now, lock)
    if card.row.closing_no is not None:
        raise not_possible(
            "closing", f"销户申请已经登记（受理编号 {card.row.closing_no}），客服会致电核实，请留意电话。"
        )
    reasons = list(_reasons(card))
    left = points.balance(conn, customer_id, card.today)
    if reasons:
        if left:
            reasons.append(f"还有 {left:,} 积分，销户后会清零，可以先兑换")
        raise not_possible("still_in_use", f"这张信用卡现在还不能注销：{'；'.join(reasons)}。处理好以后再来找我。")
    if left and not forfeit_points:
        raise not_possible("points_left", f"您还有 {left:,} 积分，销户后会清零。")
    return card


def _reasons(card: CreditCard) -> list[str]:
    reasons = []
    if card.owed_fen:
        reasons.append(f"还有欠款 ¥{format_fen(card.owed_fen)}，请先还清")
    if card.plans:
        reasons.append("还有没还完的分期，请先结清")
    if card.row.balance_fen > 0:
        reasons.append(f"卡里还多存了 ¥{format_fen(card.row.balance_fen)}，请先取出")
    return reasons
