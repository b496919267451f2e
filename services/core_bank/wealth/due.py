"""Redeemed money arrives on its day: each redemption once, by whoever comes first after the day has begun.

Nothing runs in the background: every request of a customer settles what is due for them, and moving a sandbox clock
settles the whole world.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, ledger
from services.core_bank.bank import Bank
from services.core_bank.own_accounts import bank_account
from services.core_bank.wealth.tables import wealth_redemptions


def settle_customer(bank: Bank, world_id: str, customer_id: str) -> None:
    """What is due for one customer."""
    _settle(bank, world_id, wealth_redemptions.c.customer_id == customer_id)


def settle_world(bank: Bank, world_id: str) -> None:
    """What is due for everybody of a world."""
    _settle(bank, world_id, wealth_redemptions.c.world_id == world_id)


def _settle(bank: Bank, world_id: str, whose: Any) -> None:
    with bank.db.read() as conn:
        if not _due(conn, world_id, whose):
            return

    def work(conn: Connection) -> None:
        for row in _due(conn, world_id, whose, lock=True):
            _arrive(conn, row)

    bank.db.transact(work)


def _due(conn: Connection, world_id: str, whose: Any, lock: bool = False) -> list[Row]:
    today = clock.bank_day(clock.now(conn, world_id))
    columns = wealth_redemptions.c
    waiting = sa.select(wealth_redemptions).where(whose, columns.arrived.is_(False), columns.arrives_on <= today)
    waiting = waiting.order_by(columns.id)
    found: list[Row] = conn.execute(waiting.with_for_update() if lock else waiting).all()
    return found


def _arrive(conn: Connection, redemption: Row) -> None:
    custody = bank_account(conn, redemption.world_id, "wealth_custody")
    name, amount_fen = redemption.product_name, redemption.amount_fen
    legs = (ledger.Leg(custody, -amount_fen, name), ledger.Leg(redemption.account_id, amount_fen, name))
    ledger.lock_accounts(conn, [leg.account_id for leg in legs])
    now = clock.now(conn, redemption.world_id)
    ledger.post(conn, ledger.Entry(redemption.world_id, "wealth", f"赎回{name}", now), legs)
    conn.execute(sa.update(wealth_redemptions).where(wealth_redemptions.c.id == redemption.id).values(arrived=True))
