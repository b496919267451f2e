"""Paying a bill or topping up a mobile number; the money goes to the biller's bank by clearing."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.mask import mask_phone
from services.core_bank import paying
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.life.queries import CATEGORIES, find, shown_number
from services.core_bank.life.tables import bill_accounts

TOP_UPS_FEN = (30_00, 50_00, 100_00, 200_00, 300_00, 500_00)
MOST_FEN = 5_000_00


class PayBillRequest(DraftRequest):
    kind: Literal["pay_bill"]
    bill_account_id: Text
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    from_account_id: Text


class PayBill(Order):
    """Less than is owed leaves the rest open, more is paid ahead."""

    name = "pay_bill"
    Request = PayBillRequest

    def propose(self, conn: Connection, applicant: Applicant, request: PayBillRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        bill = find(conn, applicant.customer_id, request.bill_account_id)
        _check_amount(bill, amount_fen)
        account = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        paying.check_funds(account, amount_fen)
        text = f"从{account.name}（尾号{account.tail}）{_verb(bill)} ¥{format_fen(amount_fen)}"
        return Offer(text, [("缴费单位", bill.biller), (_number_label(bill), shown_number(bill))])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        amount_fen = fields["amount_fen"]
        # Locked: the receipt tells what is owed after a payment from elsewhere that was under way.
        bill = find(conn, draft.customer_id, fields["bill_account_id"], lock=True)
        paying.lock_card(conn, fields["from_account_id"])
        account = paying.paying_account(conn, draft.customer_id, fields["from_account_id"])
        _check_amount(bill, amount_fen)
        clearing_id = paying.clearing_account(conn, draft.world_id)
        summary = CATEGORIES[bill.category] if bill.category != "mobile" else "话费充值"
        payment = paying.Payment(account.id, clearing_id, amount_fen, bill.biller, "payment", summary)
        receipt_no = paying.pay(conn, draft, payment, now)
        if bill.owed_fen is None:
            return Receipt(receipt_no, now, [("到账时间", "一般 10 分钟内到账")])
        settled = sa.update(bill_accounts).where(bill_accounts.c.id == bill.id)
        conn.execute(settled.values(owed_fen=bill_accounts.c.owed_fen - amount_fen))
        return Receipt(receipt_no, now, [_standing(bill.owed_fen - amount_fen)])


def _check_amount(bill: Row, amount_fen: int) -> None:
    """Raises not_possible (top_up_amount, above_bill_limit)."""
    if bill.category == "mobile" and amount_fen not in TOP_UPS_FEN:
        offered = "、".join(str(fen // 100) for fen in TOP_UPS_FEN)
        raise not_possible("top_up_amount", f"话费可以充 {offered} 元，请选其中一种。")
    if amount_fen > MOST_FEN:
        raise not_possible("above_bill_limit", f"每次缴费最多 ¥{format_fen(MOST_FEN)}，请改小一点。")


def _verb(bill: Row) -> str:
    if bill.category == "mobile":
        return f"给手机号{mask_phone(bill.account_no)}充话费"
    return f"缴{CATEGORIES[bill.category]}（户号{shown_number(bill)}）"


def _number_label(bill: Row) -> str:
    return "手机号" if bill.category == "mobile" else "户号"


def _standing(owed_fen: int) -> tuple[str, str]:
    if owed_fen > 0:
        return "还欠", f"¥{format_fen(owed_fen)}"
    return ("预存余额", f"¥{format_fen(-owed_fen)}") if owed_fen < 0 else ("账单", "已缴清")
