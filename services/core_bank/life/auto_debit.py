"""Agreements by which a biller's bills are debited from an account: sign, move to another account, cancel."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import StrictBool
from sqlalchemy.engine import Connection, Row

from services.core_bank import paying
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.life import queries
from services.core_bank.life.tables import auto_debits


class AutoDebitRequest(DraftRequest):
    kind: Literal["manage_auto_debit"]
    bill_account_id: Text
    on: StrictBool
    account_id: Text | None = None


class ManageAutoDebit(Order):
    """`account_id` is needed to sign, and says nothing when an agreement is cancelled."""

    name = "manage_auto_debit"
    Request = AutoDebitRequest

    def propose(self, conn: Connection, applicant: Applicant, request: AutoDebitRequest) -> Offer:
        bill = queries.find(conn, applicant.customer_id, request.bill_account_id)
        what = f"{bill.biller}{queries.CATEGORIES[bill.category]}代扣（{queries.shown_number(bill)}）"
        if not request.on:
            _signed(conn, bill)
            return Offer(f"取消{what}", [("取消以后", "账单要您自己缴，已经出的账单不受影响")])
        account = _account(conn, applicant.customer_id, bill, request.account_id)
        text = f"签约{what}，从{account.name}（尾号{account.tail}）扣款"
        return Offer(text, [("扣款时间", "账单出账后自动扣，余额不足会短信提醒您")])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        bill = queries.find(conn, draft.customer_id, fields["bill_account_id"], lock=True)
        if fields["on"]:
            account = _account(conn, draft.customer_id, bill, fields["account_id"])
            conn.execute(sa.delete(auto_debits).where(auto_debits.c.bill_account_id == bill.id))
            values = {"bill_account_id": bill.id, "account_id": account.id, "signed_at": now}
            conn.execute(sa.insert(auto_debits).values(values))
        else:
            _signed(conn, bill)
            conn.execute(sa.delete(auto_debits).where(auto_debits.c.bill_account_id == bill.id))
        return Receipt(new_receipt_number("ZG", now), now)


def _signed(conn: Connection, bill: Row) -> Row:
    """Raises not_possible (not_signed)."""
    row = conn.execute(sa.select(auto_debits).where(auto_debits.c.bill_account_id == bill.id)).one_or_none()
    if row is None:
        raise not_possible("not_signed", "这一项没有签约代扣，不用取消。")
    return row


def _account(conn: Connection, customer_id: str, bill: Row, account_id: str | None) -> Row:
    """Raises not_possible (already_signed) and what a paying account raises."""
    account = paying.paying_account(conn, customer_id, account_id or "")
    same = sa.select(auto_debits.c.account_id).where(auto_debits.c.bill_account_id == bill.id)
    if conn.execute(same).scalar_one_or_none() == account.id:
        raise not_possible("already_signed", f"这一项已经签约从尾号{account.tail}的账户代扣，不用再签。")
    return account
