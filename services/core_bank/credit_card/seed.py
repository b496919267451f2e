"""Credit cards of the demo bank: the bill of 张伟's 8812, his points, the catalogue, an application of 李娜."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from finance.interest import add_months
from services.core_bank.clock import bank_day
from services.core_bank.credit_card import tables, terms
from services.core_bank.identifiers import new_id, new_receipt_number

BILL_DAY, DUE_DAY = 5, 25


def last_bill(today: date) -> date:
    """The newest bill of the demo card."""
    this_month = today.replace(day=BILL_DAY)
    return this_month if this_month <= today else (today.replace(day=1) - timedelta(days=1)).replace(day=BILL_DAY)


def seed(
    conn: Connection, world_id: str, now: datetime, customers: Mapping[str, str], accounts: Mapping[str, str]
) -> None:
    """`customers` and `accounts` are ids by login and by `login/tail`."""
    today = bank_day(now)
    billed_on = last_bill(today)
    conn.execute(
        sa.insert(tables.credit_cards).values(
            account_id=accounts["zhangwei/8812"],
            bill_day=BILL_DAY,
            billed_on=billed_on,
            due_on=_next_due(today),
        )
    )
    lots = ((2_860, _year_end(today, 0)), (10_000, _year_end(today, 1)))
    conn.execute(
        sa.insert(tables.point_lots),
        [
            {"id": new_id("pt"), "customer_id": customers["zhangwei"], "points": points, "expires_on": day}
            for points, day in lots
        ],
    )
    conn.execute(
        sa.insert(tables.rewards),
        [{"world_id": world_id, "position": position, **vars(reward)} for position, reward in enumerate(terms.REWARDS)],
    )
    applied_on = today - timedelta(days=3)
    conn.execute(
        sa.insert(tables.card_applications).values(
            application_no=new_receipt_number("SQ", now - timedelta(days=3)),
            customer_id=customers["lina"],
            product_id="youth",
            state="reviewing",
            applied_on=applied_on,
            answer_by=applied_on + timedelta(days=terms.REVIEW_DAYS),
        )
    )


def _next_due(today: date) -> date:
    """Never past: after the 25th the bill of the demo card is due a month later than a real one, and not overdue."""
    this_month = today.replace(day=DUE_DAY)
    return this_month if this_month >= today else add_months(this_month, 1)


def _year_end(today: date, years: int) -> date:
    """31 December; of the next year in the second half of December, so that no lot expires under a test."""
    return date((today + timedelta(days=16)).year + years, 12, 31)
