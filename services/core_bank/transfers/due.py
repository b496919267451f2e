"""Carrying scheduled transfers out on their day: each once, by whoever comes first after the day has begun.

Nothing runs in the background: every request of a customer settles what is due for them, and moving a sandbox clock
settles the whole world. A transfer that can not be made on its day is recorded with the reason and not tried again.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.days import following
from services.core_bank import clock, limits, paying
from services.core_bank.bank import Bank, write_audit
from services.core_bank.errors import BankError
from services.core_bank.transfers.tables import scheduled_runs, scheduled_transfers

_table = scheduled_transfers.c


def settle_customer(bank: Bank, world_id: str, customer_id: str) -> None:
    """Make what is due for one customer."""
    _settle(bank, world_id, _table.customer_id == customer_id)


def settle_world(bank: Bank, world_id: str) -> None:
    """Make what is due for everybody of a world."""
    _settle(bank, world_id, _table.world_id == world_id)


def _settle(bank: Bank, world_id: str, whose: Any) -> None:
    with bank.db.read() as conn:
        today = clock.bank_day(clock.now(conn, world_id))
        ordered = sa.select(_table.id).where(whose, _table.next_on <= today).order_by(_table.next_on, _table.id)
        due = conn.execute(ordered).scalars().all()
    for schedule_id in due:
        while bank.db.transact(partial(_run_next, schedule_id=schedule_id)):
            continue


def _run_next(conn: Connection, schedule_id: str) -> bool:
    """Carry out one day of a schedule. Whether there was one: somebody else may have been first."""
    schedule = conn.execute(sa.select(scheduled_transfers).where(_table.id == schedule_id).with_for_update()).one()
    now = clock.now(conn, schedule.world_id)
    if schedule.next_on is None or schedule.next_on > clock.bank_day(now):
        return False
    receipt_no, failure = _try(conn, schedule, now)
    run = {"schedule_id": schedule.id, "due_on": schedule.next_on, "ran_at": now}
    conn.execute(sa.insert(scheduled_runs).values(**run, receipt_no=receipt_no, failure=failure))
    event = "scheduled_transfer_done" if receipt_no else "scheduled_transfer_failed"
    write_audit(conn, schedule.world_id, schedule.customer_id, "system", event, schedule.id)
    _move_on(conn, schedule, following(schedule.repeats, schedule.next_on))
    return True


def _move_on(conn: Connection, schedule: Row, next_on: date | None) -> None:
    state = "finished" if next_on is None else "active"
    conn.execute(sa.update(scheduled_transfers).where(_table.id == schedule.id).values(next_on=next_on, state=state))


def _try(conn: Connection, schedule: Row, now: datetime) -> tuple[str | None, str | None]:
    """Receipt number, or the code of the refusal; a refused transfer leaves nothing behind."""
    try:
        with conn.begin_nested():
            return _pay(conn, schedule, now), None
    except BankError as refusal:
        return None, refusal.code


def _pay(conn: Connection, schedule: Row, now: datetime) -> str:
    paying.lock_card(conn, schedule.account_id)
    account = paying.paying_account(conn, schedule.customer_id, schedule.account_id)
    payee = paying.receiving_payee(conn, schedule.customer_id, schedule.payee_id, account)
    limits.take(conn, schedule.customer_id, schedule.amount_fen, now)
    credited_id = payee.account_id or paying.clearing_account(conn, schedule.world_id)
    payment = paying.Payment(account.id, credited_id, schedule.amount_fen, payee.name, "transfer", "预约转账", payee.id)
    return paying.pay(conn, paying.Payer(schedule.world_id, schedule.customer_id), payment, now)
