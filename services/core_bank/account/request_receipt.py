"""The electronic receipt of one transaction, as a PDF."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank.account import delivery, pdf
from services.core_bank.account.wording import account_name, masked_number
from services.core_bank.clock import BANK_ZONE
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.tables import accounts, customers, payees, postings, transactions


class RequestReceiptRequest(DraftRequest):
    kind: Literal["request_receipt"]
    transaction_id: Text


class RequestReceipt(Order):
    """Of any transaction of the customer's own accounts."""

    name = "request_receipt"
    needs_code = False
    Request = RequestReceiptRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RequestReceiptRequest) -> Offer:
        row = _transaction(conn, applicant.customer_id, request.transaction_id)
        return Offer(f"开具{_spoken(row)}的电子回单", _lines(row))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        row = _transaction(conn, draft.customer_id, asked(draft)["transaction_id"])
        facts = [("回单编号", row.receipt_no), *_lines(row), ("出具时间", delivery.spoken_moment(now))]
        page = pdf.Page(f"{pdf.BANK}电子回单", facts, delivery.new_verification_no(now))
        return delivery.deliver(conn, draft, page, now)


def _transaction(conn: Connection, customer_id: str, transaction_id: str) -> Row:
    """Raises not_possible (no_transaction)."""
    query = (
        sa.select(
            postings,
            accounts.c.name,
            accounts.c.tail,
            customers.c.name.label("holder"),
            transactions.c.receipt_no,
            payees.c.bank,
            payees.c.tail.label("payee_tail"),
        )
        .join(accounts, accounts.c.id == postings.c.account_id)
        .join(customers, customers.c.id == accounts.c.customer_id)
        .join(transactions, transactions.c.id == postings.c.transaction_id)
        .outerjoin(payees, payees.c.id == transactions.c.payee_id)
        .where(customers.c.id == customer_id, transactions.c.kind != "opening")
    )
    number = int(transaction_id) if transaction_id.isdecimal() and len(transaction_id) < 18 else -1
    row = conn.execute(query.where(postings.c.id == number)).one_or_none()
    if row is None:
        raise not_possible("no_transaction", "没有找到这笔交易，请换一种说法，或者说「查明细」先看一看。")
    return row


def _spoken(row: Row) -> str:
    day = row.posted_at.astimezone(BANK_ZONE)
    return f"{day.year}年{day.month}月{day.day}日{row.counterparty}{row.summary} ¥{format_fen(abs(row.amount_fen))}"


def _lines(row: Row) -> Lines:
    own = f"{row.holder}　{account_name(row)}　{masked_number(row.tail)}"
    # Only the payer's saved payee is known by bank and tail; a payer's account is not shown to who was paid.
    known = row.payee_tail is not None and row.amount_fen < 0
    other = f"{row.counterparty}　{row.bank}　{masked_number(row.payee_tail)}" if known else row.counterparty
    payer, payee = (own, other) if row.amount_fen < 0 else (other, own)
    amount_fen = abs(row.amount_fen)
    return [
        ("交易时间", delivery.spoken_moment(row.posted_at)),
        ("付款人", payer),
        ("收款人", payee),
        ("金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"),
        ("摘要", row.summary),
    ]
