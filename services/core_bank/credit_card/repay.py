"""Repaying a credit card from a debit account of the same customer."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank import paying
from services.core_bank.credit_card import cards
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.tables import accounts


class RepayCreditCardRequest(DraftRequest):
    kind: Literal["repay_credit_card"]
    account_id: Text
    from_account_id: Text
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


class RepayCreditCard(Order):
    """Money from a debit account to the credit card's account; more than is owed is refused."""

    name = "repay_credit_card"
    Request = RepayCreditCardRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RepayCreditCardRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        credit = _credit_account(conn, applicant.customer_id, request.account_id, amount_fen)
        account = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        paying.check_funds(account, amount_fen)
        text = f"从{account.name}（尾号{account.tail}）还信用卡（尾号{credit.tail}）¥{format_fen(amount_fen)}"
        lines = [
            ("还款金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"),
            ("信用卡", f"尾号{credit.tail}"),
            ("付款账户", f"{account.name}（尾号{account.tail}）"),
        ]
        return Offer(text, lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        # The card's row is the lock of its bill: a repayment on its way, by hand or by autopay, ends first and counts.
        cards.get(conn, draft.customer_id, fields["account_id"], now, lock=True)
        paying.lock_card(conn, fields["from_account_id"])
        account = paying.paying_account(conn, draft.customer_id, fields["from_account_id"])
        credit = _credit_account(conn, draft.customer_id, fields["account_id"], fields["amount_fen"])
        payment = paying.Payment(
            account.id, credit.id, fields["amount_fen"], f"信用卡{credit.tail}", "repayment", "信用卡还款"
        )
        receipt_no = paying.pay(conn, draft, payment, now)
        card = cards.get(conn, draft.customer_id, credit.id, now)
        left = f"还差 ¥{format_fen(card.bill_left_fen)}" if card.bill_left_fen else "已还清"
        return Receipt(receipt_no, now, [("剩余欠款", f"¥{format_fen(card.owed_fen)}"), ("本期账单", left)])


def _credit_account(conn: Connection, customer_id: str, account_id: str, amount_fen: int) -> Row:
    """Raises account_not_found, not_possible (nothing_owed, above_debt)."""
    row = conn.execute(
        sa.select(accounts).where(
            accounts.c.customer_id == customer_id, accounts.c.id == account_id, accounts.c.kind == "credit_card"
        )
    ).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    if row.balance_fen >= 0:
        overpaid = f"，还多存了 ¥{format_fen(row.balance_fen)}" if row.balance_fen else ""
        raise not_possible("nothing_owed", f"这张信用卡没有欠款{overpaid}，不用还。")
    if amount_fen > -row.balance_fen:
        owed = format_fen(-row.balance_fen)
        raise not_possible("above_debt", f"还款金额超过了全部欠款 ¥{owed}，多存的钱没有利息，请改小一点。")
    return row
