"""The mortgage of zhangwei, and an application of lina under review."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from finance.loans import Method, monthly_payment
from services.core_bank.clock import bank_day
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.loan.tables import loan_applications, loans

PRINCIPAL_FEN, RATE, MONTHS = 680_000_00, "0.0335", 276
APPLIED_DAYS_AGO = 2


def seed(conn: Connection, now: datetime, customer_ids: dict[str, str], account_ids: dict[str, str]) -> None:
    """After the accounts."""
    paid_to = last_due(bank_day(now))
    conn.execute(
        sa.insert(loans).values(
            account_id=account_ids["zhangwei/mortgage"],
            annual_rate=RATE,
            months=MONTHS,
            paid_to=paid_to,
            due_day=paid_to.day,
            method=Method.EQUAL_PAYMENT.value,
            level_fen=monthly_payment(PRINCIPAL_FEN, Decimal(RATE), MONTHS),
        )
    )
    applied_at = now - timedelta(days=APPLIED_DAYS_AGO)
    conn.execute(
        sa.insert(loan_applications).values(
            number=new_receipt_number("DK", applied_at),
            customer_id=customer_ids["lina"],
            product_code="consumer",
            amount_fen=50_000_00,
            months=24,
            purpose="装修",
            state="reviewing",
            applied_at=applied_at,
        )
    )


def last_due(today: date) -> date:
    """The 5th or the 20th, whichever was longer ago within a month: the next payment is at least ten days away."""
    if 11 <= today.day <= 20:
        return today.replace(day=5)
    first = today.replace(day=1)
    return (first - timedelta(days=1) if today.day <= 10 else first).replace(day=20)
