"""A transfer to the wrong person: the payee's bank is asked to help to get the money back."""

from datetime import date, datetime, time
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days import full_day, workdays_after
from services.core_bank.bank import lock_customer
from services.core_bank.care import tickets
from services.core_bank.clock import BANK_ZONE, bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts, payees, postings, transactions
from services.core_bank.transfers.tables import transfer_recalls

ANSWER_WITHIN_WORKDAYS = 2
"""Days until the customer hears what the payee's bank said, at the latest when the bank closes on that day."""

CLOSING = time(18, tzinfo=BANK_ZONE)


class ReportWrongTransferRequest(DraftRequest):
    kind: Literal["report_wrong_transfer"]
    transfer_id: Text


class ReportWrongTransfer(Order):
    """Records the recall and its ticket; the money itself comes back only when the payee agrees."""

    name = "report_wrong_transfer"
    needs_code = False
    Request = ReportWrongTransferRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ReportWrongTransferRequest) -> Offer:
        transfer = _transfer(conn, applicant.customer_id, request.transfer_id)
        _refuse_twice(conn, transfer)
        return Offer(f"登记追回：{_shown(transfer)}")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        lock_customer(conn, draft.customer_id)
        transfer = _transfer(conn, draft.customer_id, asked(draft)["transfer_id"])
        _refuse_twice(conn, transfer)
        recall_no, answer_by = new_receipt_number("ZH", now), workdays_after(bank_day(now), ANSWER_WITHIN_WORKDAYS)
        conn.execute(
            sa.insert(transfer_recalls).values(
                recall_no=recall_no,
                transaction_id=transfer.id,
                customer_id=draft.customer_id,
                requested_at=now,
                answer_by=answer_by,
            )
        )
        _open_ticket(conn, draft, transfer, recall_no, answer_by, now)
        bank = "本行专员" if transfer.internal else transfer.bank
        lines = [
            ("追回工单号", recall_no),
            ("转账回单号", transfer.receipt_no),
            ("已联系", f"{bank}，请对方协助联系收款人退回"),
            ("答复时间", f"{full_day(answer_by)}前给您答复"),
        ]
        return Receipt(recall_no, now, lines)


def _transfer(conn: Connection, customer_id: str, transaction_id: str) -> Row:
    """Raises not_possible (no_such_transfer)."""
    query = (
        sa.select(transactions, postings.c.amount_fen, payees.c.name, payees.c.bank, payees.c.tail, payees.c.internal)
        .join(postings, postings.c.transaction_id == transactions.c.id)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .join(payees, payees.c.id == transactions.c.payee_id)
        .where(
            transactions.c.id == transaction_id,
            accounts.c.customer_id == customer_id,
            postings.c.amount_fen < 0,
        )
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise not_possible("no_such_transfer", "没有找到这笔转账，请说「查转账」看看最近的几笔。")
    return row


def _refuse_twice(conn: Connection, transfer: Row) -> None:
    """Raises not_possible (already_recalled)."""
    known = conn.execute(
        sa.select(transfer_recalls).where(transfer_recalls.c.transaction_id == transfer.id)
    ).one_or_none()
    if known is not None:
        reason = f"这笔转账已经登记过追回，工单号 {known.recall_no}，{full_day(known.answer_by)}前给您答复。"
        raise not_possible("already_recalled", reason)


def _open_ticket(conn: Connection, draft: Row, transfer: Row, number: str, answer_by: date, now: datetime) -> None:
    """The recall where customers look for its progress, under the number that they were given."""
    promised_by = datetime.combine(answer_by, CLOSING)
    matter = tickets.Matter(
        draft.world_id,
        draft.customer_id,
        draft.kind,
        _shown(transfer),
        ticket_no=number,
        promised_by=promised_by,
    )
    tickets.open_ticket(conn, matter, now)


def _shown(transfer: Row) -> str:
    payee = f"{transfer.name}（{transfer.bank}，尾号{transfer.tail}）"
    return f"向{payee}转账 ¥{format_fen(-transfer.amount_fen)}，回单号 {transfer.receipt_no}"
