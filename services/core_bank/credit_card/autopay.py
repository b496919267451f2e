"""Repaying a credit card on its due date by itself."""

from datetime import datetime
from typing import Literal

from sqlalchemy.engine import Connection, Row

from services.core_bank import paying
from services.core_bank.credit_card import cards, due
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number

SHARES = {"full": "全额", "minimum": "最低还款额"}


class SetAutopayRequest(DraftRequest):
    """Without an account exactly when `share` is off."""

    kind: Literal["set_autopay"]
    account_id: Text
    share: Literal["full", "minimum", "off"]
    from_account_id: Text | None = None


class SetAutopay(Order):
    """Set, changed or ended."""

    name = "set_autopay"
    Request = SetAutopayRequest

    def propose(self, conn: Connection, applicant: Applicant, request: SetAutopayRequest) -> Offer:
        card = cards.usable(conn, applicant.customer_id, request.account_id, applicant.now)
        account = _checked(conn, card, request.share, request.from_account_id)
        if account is None:
            return Offer(f"取消信用卡（尾号{card.tail}）的自动还款", [("请注意", "以后请在每期还款日前自己还款")])
        how = f"每期还款日自动还{SHARES[request.share]}"
        lines = [
            ("扣款账户", f"{account.name}（尾号{account.tail}）"),
            ("请注意", "扣款日前请留足余额，扣款不足会算逾期"),
        ]
        if request.share == "minimum":
            lines.append(("只还最低", "没还的部分从记账日起按日计息"))
        return Offer(f"为信用卡（尾号{card.tail}）设置自动还款，{how}", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = cards.usable(conn, draft.customer_id, fields["account_id"], now, lock=True)
        account = _checked(conn, card, fields["share"], fields["from_account_id"])
        share, from_id = (None, None) if account is None else (fields["share"], account.id)
        cards.change(conn, card.row.id, autopay_share=share, autopay_account_id=from_id)
        if card.today >= card.row.due_on:  # the receipt promises the next due day
            due.leave_out(conn, card)
        return Receipt(new_receipt_number("ZG", now), now, [("生效", "从下一个还款日起")])


def _checked(conn: Connection, card: CreditCard, share: str, from_account_id: str | None) -> Row | None:
    """The paying account, None to end it. Raises account_not_found, not_possible (autopay_off, autopay_same)."""
    now = (card.row.autopay_share, card.row.autopay_account_id)
    if share == "off":
        if now[0] is None:
            raise not_possible("autopay_off", "这张信用卡没有设置自动还款，不用取消。")
        return None
    account = paying.paying_account(conn, card.row.customer_id, from_account_id or "")
    if now == (share, account.id):
        reason = f"这张信用卡已经设置了从尾号{account.tail}自动还{SHARES[share]}，不用再设。"
        raise not_possible("autopay_same", reason)
    return account
