"""Autopay on its day: each bill once, by whoever comes first after the due day has begun.

Nothing runs in the background: every request of a customer settles what is due for them, and moving a sandbox clock
settles the whole world. While the paying account can not pay, nothing is recorded and the next request tries again.
"""

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, paying
from services.core_bank.bank import Bank, write_audit
from services.core_bank.credit_card import cards
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.credit_card.tables import autopay_runs, credit_cards
from services.core_bank.errors import BankError
from services.core_bank.tables import accounts, customers

_done = sa.exists().where(
    autopay_runs.c.account_id == credit_cards.c.account_id, autopay_runs.c.billed_on == credit_cards.c.billed_on
)


def settle_customer(bank: Bank, world_id: str, customer_id: str) -> None:
    """Pay what is due for one customer."""
    _settle(bank, world_id, customers.c.id == customer_id)


def settle_world(bank: Bank, world_id: str) -> None:
    """Pay what is due for everybody of a world."""
    _settle(bank, world_id, customers.c.world_id == world_id)


def leave_out(conn: Connection, card: CreditCard) -> None:
    """Autopay leaves the present bill alone: it is paid, or autopay was set or changed on its day or later."""
    query = sa.select(credit_cards.c.account_id).where(credit_cards.c.account_id == card.row.id, ~_done)
    if conn.execute(query).first():
        _record(conn, card, None)


def _settle(bank: Bank, world_id: str, whose: Any) -> None:
    with bank.db.read() as conn:
        due = _due(conn, world_id, whose)
    for row in due:
        bank.db.transact(partial(_pay_bill, world_id=world_id, customer_id=row.customer_id, account_id=row.id))


def _due(conn: Connection, world_id: str, whose: Any) -> list[Row]:
    today = clock.bank_day(clock.now(conn, world_id))
    query = (
        sa.select(accounts.c.id, accounts.c.customer_id)
        .join(credit_cards, credit_cards.c.account_id == accounts.c.id)
        .join(customers, customers.c.id == accounts.c.customer_id)
        .where(whose, credit_cards.c.autopay_share.is_not(None), credit_cards.c.due_on <= today, ~_done)
    )
    found: list[Row] = conn.execute(query).all()
    return found


def _pay_bill(conn: Connection, world_id: str, customer_id: str, account_id: str) -> None:
    card = cards.get(conn, customer_id, account_id, clock.now(conn, world_id), lock=True)
    # Asked again under the lock: somebody else may have been first.
    if not _due(conn, world_id, accounts.c.id == account_id):
        return
    amount_fen = card.bill_left_fen if card.row.autopay_share == "full" else card.minimum_left_fen
    if not amount_fen:
        leave_out(conn, card)
        return
    try:
        with conn.begin_nested():
            receipt_no = _pay(conn, card, paying.Payer(world_id, customer_id), amount_fen)
    except BankError:
        return
    _record(conn, card, receipt_no)
    write_audit(conn, world_id, customer_id, "system", "autopay_done", account_id)


def _pay(conn: Connection, card: CreditCard, payer: paying.Payer, amount_fen: int) -> str:
    """Raises account_not_found, account_restricted, card_not_usable, insufficient_funds."""
    paying.lock_card(conn, card.row.autopay_account_id)
    account = paying.paying_account(conn, payer.customer_id, card.row.autopay_account_id)
    payment = paying.Payment(account.id, card.row.id, amount_fen, f"信用卡{card.tail}", "repayment", "自动还款")
    return paying.pay(conn, payer, payment, clock.now(conn, payer.world_id))


def _record(conn: Connection, card: CreditCard, receipt_no: str | None) -> None:
    run = {"account_id": card.row.id, "billed_on": card.row.billed_on, "receipt_no": receipt_no}
    conn.execute(sa.insert(autopay_runs).values(**run))
