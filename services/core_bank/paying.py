"""Paying out of a debit account: who may, whether there is enough, and the two postings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, ledger, queries
from services.core_bank.account import holds
from services.core_bank.crash import crash_point
from services.core_bank.errors import BankError
from services.core_bank.tables import accounts, cards, customers

MAXIMUM_FEN = 99_999_999_99
_NOT_A_PAYING_ACCOUNT = {
    "time_deposit": "定期存款不能直接转账,请先支取到借记卡。",
    "credit_card": "信用卡账户不支持转账,请使用借记卡。",
    "mortgage": "贷款账户不能用于转账,请使用借记卡。",
}


@dataclass(frozen=True)
class Payment:
    """Money from one account to another; `counterparty` is whom the payer sees on the other side."""

    from_account_id: str
    to_account_id: str
    amount_fen: int
    counterparty: str
    kind: str
    summary: str
    payee_id: str | None = None


@dataclass(frozen=True)
class Payer:
    """In the place of a draft: a payment that was agreed to before is made once by the key of its run."""

    world_id: str
    customer_id: str
    id: None = None


def pay(conn: Connection, draft: Row | Payer, payment: Payment, now: datetime) -> str:
    """The two postings of a draft or of a run. The caller has checked the paying account. Returns the receipt number.

    Raises insufficient_funds.
    """
    ledger.lock_accounts(conn, (payment.from_account_id, payment.to_account_id))
    payer = conn.execute(sa.select(customers.c.name).where(customers.c.id == draft.customer_id)).scalar_one()
    crash_point("before_debit")
    debit = ledger.move(conn, ledger.Leg(payment.from_account_id, -payment.amount_fen, payment.counterparty))
    crash_point("after_debit")
    credit = ledger.move(conn, ledger.Leg(payment.to_account_id, payment.amount_fen, payer))
    crash_point("after_credit")
    entry = ledger.Entry(
        draft.world_id, payment.kind, payment.summary, now, payee_id=payment.payee_id, draft_id=draft.id
    )
    return ledger.record(conn, entry, (debit, credit))


def amount_of(value: Any) -> int:
    """Raises amount_invalid. A bool is an int to Python and not to us."""
    if type(value) is not int or not 1 <= value <= MAXIMUM_FEN:
        raise BankError("amount_invalid")
    return value


def paying_account(conn: Connection, customer_id: str, account_id: str) -> Row:
    """Raises account_not_found, account_restricted, card_not_usable."""
    world_id = conn.execute(sa.select(customers.c.world_id).where(customers.c.id == customer_id)).scalar_one()
    holds.release_due(conn, customer_id, clock.now(conn, world_id))
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


def receiving_payee(conn: Connection, customer_id: str, payee_id: str, account: Row) -> Row:
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


def check_funds(account: Row, amount_fen: int) -> None:
    available_fen = queries.spendable_fen(account)
    if available_fen < amount_fen:
        raise BankError("insufficient_funds", {"available_fen": available_fen})


def lock_card(conn: Connection, account_id: str) -> None:
    """A freeze that was acknowledged before this point is seen; one that comes later waits for our commit."""
    conn.execute(sa.select(cards.c.id).where(cards.c.account_id == account_id).with_for_update())


def clearing_account(conn: Connection, world_id: str) -> str:
    account_id: str = conn.execute(
        sa.select(accounts.c.id).where(accounts.c.world_id == world_id, accounts.c.kind == "clearing")
    ).scalar_one()
    return account_id
