"""A customer who cannot pay: recorded at once, and a person calls with what the bank can offer."""

from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.bank import lock_customer
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.loan.tables import hardship_requests

DEBTS = {"mortgage": "房贷", "credit_card": "信用卡", "any": "欠款"}
SAME_REQUEST = timedelta(days=1)
PROMISE = [("回电时间", "1个工作日内，由贷款和信用卡协商专员打给您")]


class NegotiateOverdueRequest(DraftRequest):
    kind: Literal["negotiate_overdue"]
    debt: Literal["mortgage", "credit_card", "any"]


class NegotiateOverdue(Order):
    """Asking again within a day gives the same number."""

    name = "negotiate_overdue"
    needs_code = False
    Request = NegotiateOverdueRequest

    def propose(self, conn: Connection, applicant: Applicant, request: NegotiateOverdueRequest) -> Offer:
        return Offer(f"登记{DEBTS[request.debt]}还款困难，请专员回电", PROMISE)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        lock_customer(conn, draft.customer_id)
        known = sa.select(hardship_requests.c.number).where(
            hardship_requests.c.customer_id == draft.customer_id,
            hardship_requests.c.requested_at > now - SAME_REQUEST,
        )
        number = conn.execute(known).scalars().first()
        if number is None:
            number = new_receipt_number("XS", now)
            row = {"number": number, "customer_id": draft.customer_id, "requested_at": now}
            conn.execute(sa.insert(hardship_requests).values(**row, debt=asked(draft)["debt"]))
        return Receipt(number, now, PROMISE)
