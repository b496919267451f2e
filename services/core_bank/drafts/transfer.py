"""Transfer to a saved payee."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank import limits, paying
from services.core_bank.drafts.base import Applicant, DraftKind, DraftRequest, Proposal, Receipt
from services.core_bank.fields import Note, Text
from services.core_bank.profile.queries import phone_changed_at
from services.core_bank.risk import transfer_risk
from services.core_bank.schemas import View


class TransferRequest(DraftRequest):
    kind: Literal["transfer"]
    from_account_id: Text
    payee_id: Text
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    note: Note | None = None


class TransferFrom(View):
    id: str
    name: str
    tail: str


class TransferPayee(View):
    id: str
    name: str
    bank: str
    tail: str


class TransferSection(View):
    amount_fen: int
    fee_fen: int
    amount_upper: str = Field(description="amount in capital Chinese numerals")
    from_: TransferFrom = Field(alias="from")
    payee: TransferPayee
    note: str | None


class Transfer(DraftKind):
    name = "transfer"
    section = "transfer"
    Request = TransferRequest
    Section = TransferSection

    def prepare(self, conn: Connection, applicant: Applicant, request: TransferRequest) -> Proposal:
        amount_fen = paying.amount_of(request.amount_fen)
        account = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        payee = paying.receiving_payee(conn, applicant.customer_id, request.payee_id, account)
        limits.check(conn, applicant.customer_id, amount_fen, applicant.now)
        paying.check_funds(account, amount_fen)
        payload = {
            "amount_fen": amount_fen,
            "fee_fen": 0,
            "from": {"id": account.id, "name": account.name, "tail": account.tail},
            "payee": {"id": payee.id, "name": payee.name, "bank": payee.bank, "tail": payee.tail},
            "note": request.note,
        }
        changed_at = phone_changed_at(conn, applicant.customer_id)
        risk = transfer_risk(amount_fen, payee.paid_before, applicant.now, changed_at)
        return Proposal(payload, _wording(payload), risk)

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        account = paying.paying_account(conn, draft.customer_id, draft.payload["from"]["id"])
        paying.receiving_payee(conn, draft.customer_id, draft.payload["payee"]["id"], account)
        limits.check(conn, draft.customer_id, draft.payload["amount_fen"], now)
        paying.check_funds(account, draft.payload["amount_fen"])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        amount_fen = draft.payload["amount_fen"]
        paying.lock_card(conn, draft.payload["from"]["id"])
        account = paying.paying_account(conn, draft.customer_id, draft.payload["from"]["id"])
        payee = paying.receiving_payee(conn, draft.customer_id, draft.payload["payee"]["id"], account)
        limits.take(conn, draft.customer_id, amount_fen, now)
        credited_id = payee.account_id or paying.clearing_account(conn, draft.world_id)
        note = draft.payload["note"] or "转账"
        payment = paying.Payment(account.id, credited_id, amount_fen, payee.name, "transfer", note, payee.id)
        return Receipt(paying.pay(conn, draft, payment, now), now)

    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        payload = draft.payload
        return {**payload, "amount_upper": upper(payload["amount_fen"])}


def _wording(payload: dict[str, Any]) -> str:
    payer, payee, amount_fen = payload["from"], payload["payee"], payload["amount_fen"]
    return (
        f"从{payer['name']}（尾号{payer['tail']}）向{payee['name']}（{payee['bank']}，尾号{payee['tail']}）"
        f"转账 ¥{format_fen(amount_fen)}（{upper(amount_fen)}），手续费 ¥{format_fen(payload['fee_fen'])}"
    )
