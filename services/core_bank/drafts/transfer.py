"""Transfer to a saved payee."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank import ledger, limits, queries
from services.core_bank.crash import crash_point
from services.core_bank.drafts.base import Applicant, DraftKind, DraftRequest, Proposal, Receipt
from services.core_bank.errors import BankError
from services.core_bank.fields import Note, Text
from services.core_bank.risk import transfer_risk
from services.core_bank.schemas import View
from services.core_bank.tables import accounts, cards, customers

_MAXIMUM_FEN = 99_999_999_99
_NOT_A_PAYING_ACCOUNT = {
    "time_deposit": "定期存款不能直接转账,请先支取到借记卡。",
    "credit_card": "信用卡账户不支持转账,请使用借记卡。",
    "mortgage": "贷款账户不能用于转账,请使用借记卡。",
}


class TransferRequest(DraftRequest):
    kind: Literal["transfer"]
    from_account_id: Text
    payee_id: Text
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=_MAXIMUM_FEN)
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
        amount_fen = _amount(request.amount_fen)
        account = _paying_account(conn, applicant.customer_id, request.from_account_id)
        payee = _payee(conn, applicant.customer_id, request.payee_id, account)
        limits.check(conn, applicant.customer_id, amount_fen, applicant.now)
        _check_funds(account, amount_fen)
        payload = {
            "amount_fen": amount_fen,
            "fee_fen": 0,
            "from": {"id": account.id, "name": account.name, "tail": account.tail},
            "payee": {"id": payee.id, "name": payee.name, "bank": payee.bank, "tail": payee.tail},
            "note": request.note,
        }
        return Proposal(payload, _wording(payload), transfer_risk(amount_fen, payee.paid_before, applicant.now))

    def check(self, conn: Connection, draft: Row, now: datetime) -> None:
        account = _paying_account(conn, draft.customer_id, draft.payload["from"]["id"])
        _payee(conn, draft.customer_id, draft.payload["payee"]["id"], account)
        limits.check(conn, draft.customer_id, draft.payload["amount_fen"], now)
        _check_funds(account, draft.payload["amount_fen"])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        amount_fen = draft.payload["amount_fen"]
        _lock_card(conn, draft.payload["from"]["id"])
        account = _paying_account(conn, draft.customer_id, draft.payload["from"]["id"])
        payee = _payee(conn, draft.customer_id, draft.payload["payee"]["id"], account)
        limits.take(conn, draft.customer_id, amount_fen, now)
        credited_id = payee.account_id or _clearing_account(conn, draft.world_id)
        ledger.lock_accounts(conn, (account.id, credited_id))
        payer = conn.execute(sa.select(customers.c.name).where(customers.c.id == draft.customer_id)).scalar_one()
        crash_point("before_debit")
        debit = ledger.move(conn, ledger.Leg(account.id, -amount_fen, payee.name))
        crash_point("after_debit")
        credit = ledger.move(conn, ledger.Leg(credited_id, amount_fen, payer))
        crash_point("after_credit")
        entry = ledger.Entry(
            draft.world_id, "transfer", draft.payload["note"] or "转账", now, payee_id=payee.id, draft_id=draft.id
        )
        return Receipt(ledger.record(conn, entry, (debit, credit)), now)

    def describe(self, conn: Connection, draft: Row) -> dict[str, Any]:
        payload = draft.payload
        return {**payload, "amount_upper": upper(payload["amount_fen"])}


def _amount(value: Any) -> int:
    """Raises amount_invalid. A bool is an int to Python and not to us."""
    if type(value) is not int or not 1 <= value <= _MAXIMUM_FEN:
        raise BankError("amount_invalid")
    return value


def _paying_account(conn: Connection, customer_id: str, account_id: str) -> Row:
    """Raises account_not_found, account_restricted, card_not_usable."""
    row = conn.execute(
        sa.select(accounts, cards.c.state.label("card_state"))
        .outerjoin(cards, cards.c.account_id == accounts.c.id)
        .where(accounts.c.customer_id == customer_id, accounts.c.id == account_id)
    ).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    if row.kind != "debit":
        raise BankError("account_restricted", {"reason": _NOT_A_PAYING_ACCOUNT[row.kind]})
    if row.state != "active":
        raise BankError("account_restricted", {"reason": row.restriction_reason or "账户状态异常,请到网点办理。"})
    if row.card_state != "active":
        raise BankError("card_not_usable", {"state": row.card_state})
    return row


def _payee(conn: Connection, customer_id: str, payee_id: str, account: Row) -> Row:
    """Raises payee_not_found, payee_unavailable."""
    payee = queries.get_payee(conn, customer_id, payee_id)
    if not payee.internal:
        return payee
    if payee.account_id == account.id:
        raise BankError("payee_unavailable", {"reason": "收款账户与付款账户相同。"})
    state = conn.execute(sa.select(accounts.c.state).where(accounts.c.id == payee.account_id)).scalar_one_or_none()
    if state is None or state == "closed":
        raise BankError("payee_unavailable", {"reason": "收款账户不存在或已销户。"})
    return payee


def _check_funds(account: Row, amount_fen: int) -> None:
    available_fen = queries.spendable_fen(account)
    if available_fen < amount_fen:
        raise BankError("insufficient_funds", {"available_fen": available_fen})


def _lock_card(conn: Connection, account_id: str) -> None:
    """A freeze that was acknowledged before this point is seen; one that comes later waits for our commit."""
    conn.execute(sa.select(cards.c.id).where(cards.c.account_id == account_id).with_for_update())


def _clearing_account(conn: Connection, world_id: str) -> str:
    account_id: str = conn.execute(
        sa.select(accounts.c.id).where(accounts.c.world_id == world_id, accounts.c.kind == "clearing")
    ).scalar_one()
    return account_id


def _wording(payload: dict[str, Any]) -> str:
    payer, payee, amount_fen = payload["from"], payload["payee"], payload["amount_fen"]
    return (
        f"从{payer['name']}（尾号{payer['tail']}）向{payee['name']}（{payee['bank']}，尾号{payee['tail']}）"
        f"转账 ¥{format_fen(amount_fen)}（{upper(amount_fen)}），手续费 ¥{format_fen(payload['fee_fen'])}"
    )
