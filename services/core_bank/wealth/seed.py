"""Holdings and risk results of the demo customers: a gain and a loss, C3 for zhangwei, none for the others."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from finance.interest import add_months
from services.core_bank.clock import bank_day
from services.core_bank.identifiers import new_id
from services.core_bank.wealth.tables import risk_results, wealth_holdings

HELD = (("WX90", "19607.84", 20_000_00, 120), ("JHYX", "10000.00", 10_000_00, 60))
LEVEL, POINTS, ASSESSED_DAYS_AGO = 3, 17, 100


def seed(conn: Connection, now: datetime, customer_ids: dict[str, str]) -> None:
    """After the customers."""
    customer_id = customer_ids["zhangwei"]
    held = [
        {
            "id": new_id("wh"),
            "customer_id": customer_id,
            "product_code": code,
            "shares": shares,
            "cost_fen": cost_fen,
            "bought_at": now - timedelta(days=days),
        }
        for code, shares, cost_fen, days in HELD
    ]
    conn.execute(sa.insert(wealth_holdings), held)
    assessed_at = now - timedelta(days=ASSESSED_DAYS_AGO)
    conn.execute(
        sa.insert(risk_results).values(
            draft_id=new_id("dr"),
            customer_id=customer_id,
            level=LEVEL,
            points=POINTS,
            assessed_at=assessed_at,
            valid_until=add_months(bank_day(assessed_at), 12),
        )
    )
