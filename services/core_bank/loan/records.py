"""Reading loans and applications."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.loans import Loan, Method, schedule
from services.core_bank import catalogue
from services.core_bank.clock import iso
from services.core_bank.loan.tables import loan_applications, loans
from services.core_bank.tables import accounts

SHOWN_PERIODS = 6


def loan_of(conn: Connection, account: Row) -> Loan:
    """The loan of an account that still owes."""
    terms = conn.execute(sa.select(loans).where(loans.c.account_id == account.id)).one()
    return as_loan(account.balance_fen, terms)


def lock_loan(conn: Connection, account_id: str) -> None:
    """What another order is paying back is paid, and the terms follow from it, when this returns."""
    conn.execute(sa.select(loans.c.account_id).where(loans.c.account_id == account_id).with_for_update())


def as_loan(balance_fen: int, terms: Row) -> Loan:
    """The account's balance, which is negative, and the terms beside it."""
    return Loan(
        -balance_fen,
        Decimal(terms.annual_rate),
        terms.months,
        terms.paid_to,
        Method(terms.method),
        terms.due_day,
        terms.level_fen,
    )


def list_loans(conn: Connection, customer_id: str) -> list[dict[str, Any]]:
    """Loans with something owed, JSON-ready."""
    rows = conn.execute(
        sa.select(accounts, loans)
        .join(loans, loans.c.account_id == accounts.c.id)
        .where(accounts.c.customer_id == customer_id, accounts.c.balance_fen < 0)
        .order_by(accounts.c.position)
    )
    return [_loan_view(row) for row in rows]


def list_applications(conn: Connection, customer_id: str) -> list[dict[str, Any]]:
    """Newest first, JSON-ready."""
    rows = conn.execute(
        sa.select(loan_applications)
        .where(loan_applications.c.customer_id == customer_id)
        .order_by(loan_applications.c.applied_at.desc())
    )
    return [_application_view(row) for row in rows]


def _loan_view(row: Row) -> dict[str, Any]:
    plan = schedule(as_loan(row.balance_fen, row))
    payments = [
        {
            "due_on": period.due.isoformat(),
            "payment_fen": period.payment,
            "principal_fen": period.principal,
            "interest_fen": period.interest,
            "remaining_fen": period.remaining,
        }
        for period in plan[:SHOWN_PERIODS]
    ]
    return {
        "account_id": row.account_id,
        "name": row.name,
        "principal_fen": -row.balance_fen,
        "annual_rate": row.annual_rate,
        "method": row.method,
        "months_left": len(plan),
        "interest_left_fen": sum(period.interest for period in plan),
        "ends_on": plan[-1].due.isoformat(),
        "payments": payments,
    }


def _application_view(row: Row) -> dict[str, Any]:
    product = catalogue.find("loans", "code", row.product_code) or {}
    return {
        "number": row.number,
        "product_name": product["name"],
        "amount_fen": row.amount_fen,
        "months": row.months,
        "purpose": row.purpose,
        "state": row.state,
        "applied_at": iso(row.applied_at),
    }
