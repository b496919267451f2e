"""Applying for a credit card, and how far that has come."""

from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.days_text import full_day
from services.core_bank.bank import lock_customer
from services.core_bank.clock import bank_day
from services.core_bank.credit_card import terms
from services.core_bank.credit_card.tables import card_applications
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts

_OPEN = ("received", "reviewing")


class ApplyCreditCardRequest(DraftRequest):
    kind: Literal["apply_credit_card"]
    product_id: Text


class ApplyCreditCard(Order):
    """One application at a time."""

    name = "apply_credit_card"
    needs_code = False
    Request = ApplyCreditCardRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ApplyCreditCardRequest) -> Offer:
        found = _checked(conn, applicant.customer_id, request.product_id)
        lines = [
            ("年费", found.annual_fee),
            ("权益", found.benefits),
            ("怎么办理", f"用您预留的资料审核，{terms.REVIEW_DAYS} 天内答复；办卡要查询您的征信"),
        ]
        return Offer(f"申请{found.name}", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        lock_customer(conn, draft.customer_id)
        found = _checked(conn, draft.customer_id, asked(draft)["product_id"])
        number, today = new_receipt_number("SQ", now), bank_day(now)
        answer_by = today + timedelta(days=terms.REVIEW_DAYS)
        conn.execute(
            sa.insert(card_applications).values(
                application_no=number,
                customer_id=draft.customer_id,
                product_id=found.id,
                state="received",
                applied_on=today,
                answer_by=answer_by,
            )
        )
        return Receipt(number, now, [("答复时间", f"{full_day(answer_by)}前"), ("查进度", "随时可以问我「办卡进度」")])


def product(product_id: str) -> terms.Product:
    """Raises not_possible (product_unknown)."""
    found = next((one for one in terms.PRODUCTS if one.id == product_id), None)
    if found is None:
        raise not_possible("product_unknown", "没有这种信用卡，请从列出的卡里选一种。")
    return found


def of_customer(conn: Connection, customer_id: str) -> list[Row]:
    """Newest first."""
    query = sa.select(card_applications).where(card_applications.c.customer_id == customer_id)
    order = (card_applications.c.applied_on.desc(), card_applications.c.application_no)
    rows: list[Row] = conn.execute(query.order_by(*order)).all()
    return rows


def _checked(conn: Connection, customer_id: str, product_id: str) -> terms.Product:
    """Raises account_restricted, not_possible (product_unknown, application_open)."""
    found = product(product_id)
    restricted = conn.execute(
        sa.select(accounts.c.restriction_reason).where(
            accounts.c.customer_id == customer_id, accounts.c.state == "restricted"
        )
    ).first()
    if restricted is not None:
        raise BankError("account_restricted", {"reason": restricted.restriction_reason})
    running = next((one for one in of_customer(conn, customer_id) if one.state in _OPEN), None)
    if running is not None:
        named = f"{product(running.product_id).name}（申请编号 {running.application_no}）"
        raise not_possible("application_open", f"您申请的{named}还在审核，有了结果再申请下一张。")
    return found
