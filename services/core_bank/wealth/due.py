"""Redeemed money arrives on its day: each redemption once, by whoever comes first after the day has begun.

Nothing runs in the background: every request of a customer settles what is due for them, and moving a sandbox clock
settles the whole world.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, ledger
from services.core_bank.bank import Bank, Caller
from services.core_bank.own_accounts import bank_account
from services.core_bank.tables import world_names
from services.core_bank.wealth.tables import redemptions


def settle_customer(bank: Bank, caller: Caller) -> None:
    """What is due for one customer."""
    _settle(bank, caller.world_id, redemptions.c.customer_id == caller.customer_id)


def settle_world(bank: Bank, name: str) -> None:
    """What is due for everybody of a world."""
    with bank.db.read() as conn:
        world_id = conn.execute(sa.select(world_names.c.world_id).where(world_names.c.name == name)).scalar_one()
    _settle(bank, world_id, redemptions.c.world_id == world_id)


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
    waiting = sa.select(redemptions).where(whose, redemptions.c.arrived.is_(False), redemptions.c.arrives_on <= today)
    waiting = waiting.order_by(redemptions.c.id)
    found: list[Row] = conn.execute(waiting.with_for_update() if lock else waiting).all()
    return found


def _arrive(conn: Connection, redemption: Row) -> None:
    custody = bank_account(conn, redemption.world_id, "wealth_custody")
    name, amount_fen = redemption.product_name, redemption.amount_fen
    legs = (ledger.Leg(custody, -amount_fen, name), ledger.Leg(redemption.account_id, amount_fen, name))
    ledger.lock_accounts(conn, [leg.account_id for leg in legs])
    now = clock.now(conn, redemption.world_id)
    ledger.post(conn, ledger.Entry(redemption.world_id, "wealth", f"赎回{name}", now), legs)
    conn.execute(sa.update(redemptions).where(redemptions.c.id == redemption.id).values(arrived=True))
