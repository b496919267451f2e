"""Taking a payee out of the address book; what was paid to them stays in the books."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import queries
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import payees
from services.core_bank.transfers.tables import scheduled_transfers


class RemovePayeeRequest(DraftRequest):
    kind: Literal["remove_payee"]
    payee_id: Text


class RemovePayee(Order):
    name = "remove_payee"
    Request = RemovePayeeRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RemovePayeeRequest) -> Offer:
        payee = _removable(conn, applicant.customer_id, request.payee_id)
        return Offer(f"把{payee.name}（{payee.bank}，尾号{payee.tail}）从收款人名册里删除")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        payee = _removable(conn, draft.customer_id, asked(draft)["payee_id"], lock=True)
        conn.execute(sa.update(payees).where(payees.c.id == payee.id).values(removed=True))
        return Receipt(new_receipt_number("ZG", now), now)


def _removable(conn: Connection, customer_id: str, payee_id: str, lock: bool = False) -> Row:
    """Raises payee_not_found, not_possible (has_scheduled)."""
    payee = queries.get_payee(conn, customer_id, payee_id, lock)
    waiting = sa.select(scheduled_transfers.c.id).where(
        scheduled_transfers.c.payee_id == payee_id, scheduled_transfers.c.state == "active"
    )
    if conn.execute(waiting.limit(1)).first() is not None:
        raise not_possible("has_scheduled", f"还有给{payee.name}的预约转账，请先说「撤销预约转账」，再删除。")
    return payee
