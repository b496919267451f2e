"""Transfers between two debit accounts of the same customer: they use up nothing of the daily limit."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank import paying
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.tables import accounts


class TransferOwnAccountsRequest(DraftRequest):
    kind: Literal["transfer_own_accounts"]
    from_account_id: Text
    to_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


class TransferOwnAccounts(Order):
    name = "transfer_own_accounts"
    Request = TransferOwnAccountsRequest

    def propose(self, conn: Connection, applicant: Applicant, request: TransferOwnAccountsRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        payer = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        payee = _receiving_account(conn, applicant.customer_id, request.to_account_id, payer.id)
        paying.check_funds(payer, amount_fen)
        amount = f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"
        shown = [f"{account.name}（尾号{account.tail}）" for account in (payer, payee)]
        lines = [("转出", shown[0]), ("转入", shown[1]), ("金额", amount), ("手续费", "¥0.00")]
        return Offer(f"从您的{shown[0]}转 ¥{format_fen(amount_fen)} 到您的{shown[1]}", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        paying.lock_card(conn, fields["from_account_id"])
        payer = paying.paying_account(conn, draft.customer_id, fields["from_account_id"])
        payee = _receiving_account(conn, draft.customer_id, fields["to_account_id"], payer.id)
        counterparty = f"本人账户{payee.tail}"
        payment = paying.Payment(payer.id, payee.id, fields["amount_fen"], counterparty, "transfer", "本人账户互转")
        receipt_no = paying.pay(conn, draft, payment, now)
        left = {row.id: row.balance_fen for row in conn.execute(sa.select(accounts).where(_either(payer, payee)))}
        lines = [(f"尾号{account.tail}余额", f"¥{format_fen(left[account.id])}") for account in (payer, payee)]
        return Receipt(receipt_no, now, lines)


def _either(payer: Row, payee: Row) -> Any:
    return accounts.c.id.in_((payer.id, payee.id))


def _receiving_account(conn: Connection, customer_id: str, account_id: str, payer_id: str) -> Row:
    """Raises account_not_found, not_possible (same_account, not_a_debit_account)."""
    row = conn.execute(
        sa.select(accounts).where(accounts.c.customer_id == customer_id, accounts.c.id == account_id)
    ).one_or_none()
    if row is None or row.state == "closed":
        raise BankError("account_not_found")
    if row.kind != "debit":
        raise not_possible("not_a_debit_account", "只能转到您名下的借记卡账户；还信用卡请说「还信用卡」。")
    if row.id == payer_id:
        raise not_possible("same_account", "转出和转入是同一个账户，请换一个转入账户。")
    return row
