"""Holdings: what they are worth, what they brought, when they can be redeemed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.wealth import redeem
from services.core_bank import catalogue
from services.core_bank.clock import bank_day, iso
from services.core_bank.errors import not_possible
from services.core_bank.wealth.tables import wealth_holdings


@dataclass(frozen=True)
class Holding:
    """A row with its product."""

    row: Row
    product: dict[str, Any]

    @property
    def shares(self) -> Decimal:
        return Decimal(self.row.shares)

    @property
    def net_value(self) -> Decimal:
        return Decimal(self.product["net_value"])

    @property
    def value_fen(self) -> int:
        return redeem(self.shares, self.net_value).gross

    @property
    def free_on(self) -> date:
        """The first day of redemption."""
        return bank_day(self.row.bought_at) + timedelta(days=self.product["hold_days"])

    def is_cooling(self, now: datetime) -> bool:
        """Whether it can still be taken back as if it had never been bought."""
        return self.row.cooling_until is not None and now < self.row.cooling_until


def list_holdings(conn: Connection, customer_id: str, now: datetime) -> list[dict[str, Any]]:
    """JSON-ready, oldest first."""
    return [_view(_with_product(row), now) for row in conn.execute(_of(customer_id))]


def get_holding(conn: Connection, customer_id: str, holding_id: str, lock: bool = False) -> Holding:
    """Raises not_possible (no_such_holding)."""
    query = _of(customer_id).where(wealth_holdings.c.id == holding_id)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise not_possible("no_such_holding", "没有找到这笔持仓，请从您的持仓里选。")
    return _with_product(row)


def _of(customer_id: str) -> Any:
    columns = wealth_holdings.c
    held = sa.select(wealth_holdings).where(columns.customer_id == customer_id, columns.shares != "0.00")
    return held.order_by(columns.bought_at, columns.id)


def _with_product(row: Row) -> Holding:
    return Holding(row, catalogue.find("wealth", "code", row.product_code) or {})


def _view(holding: Holding, now: datetime) -> dict[str, Any]:
    return {
        "id": holding.row.id,
        "product_code": holding.product["code"],
        "product_name": holding.product["name"],
        "risk": holding.product["risk"],
        "shares": holding.row.shares,
        "net_value": holding.product["net_value"],
        "cost_fen": holding.row.cost_fen,
        "value_fen": holding.value_fen,
        "profit_fen": holding.value_fen - holding.row.cost_fen,
        "bought_on": bank_day(holding.row.bought_at).isoformat(),
        "redeemable_on": holding.free_on.isoformat(),
        "cooling_until": iso(holding.row.cooling_until) if holding.is_cooling(now) else None,
    }
