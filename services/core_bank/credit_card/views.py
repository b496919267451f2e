"""Credit cards as the API shows them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.credit_card import minimum_payment
from finance.instalments import annual_rate
from services.core_bank.clock import bank_day
from services.core_bank.credit_card import cards, instalments, raise_limit
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.tables import accounts

View = dict[str, Any]

_REPAYMENT_DAYS = 90


def card(conn: Connection, found: CreditCard) -> View:
    row = found.row
    return {
        "account_id": row.id,
        "tail": found.tail,
        "owed_fen": found.owed_fen,
        "overpaid_fen": max(0, row.balance_fen),
        "limit_fen": found.limit_fen,
        "available_fen": found.available_fen,
        "permanent_most_fen": raise_limit.most(found, "permanent"),
        "temporary_most_fen": raise_limit.most(found, "temporary"),
        "temporary": _temporary(found),
        "bill_day": row.bill_day,
        "due_day": row.due_day,
        "bill": _bill(found),
        "autopay": _autopay(conn, row),
        "plans": [_plan(plan) for plan in found.plans],
        "closing_no": row.closing_no,
    }


def statement(conn: Connection, found: CreditCard) -> View:
    """The purchases of the bill, and the repayments of three months."""
    row = found.row
    since = cards.bill_before(row.billed_on, row.billed_on.day)
    purchases = cards.lines(conn, row.id, since, row.billed_on, ("payment",))
    repayments = cards.lines(conn, row.id, found.today - timedelta(days=_REPAYMENT_DAYS), None, ("repayment",))
    return {"purchases": [_entry(one) for one in purchases], "repayments": [_entry(one) for one in repayments]}


def offers(amount_fen: int) -> list[View]:
    return [
        {
            "periods": plan.periods,
            "payment_fen": plan.principal(1) + plan.fee,
            "fee_fen": plan.fee,
            "total_fee_fen": plan.total_fee,
            "annual_rate": str(annual_rate(plan)),
        }
        for plan in instalments.offers(amount_fen)
    ]


def _bill(found: CreditCard) -> View:
    row = found.row
    return {
        "billed_on": row.billed_on,
        "since": cards.bill_before(row.billed_on, row.billed_on.day),
        "until": row.billed_on - timedelta(days=1),
        "due_on": row.due_on,
        "bill_fen": row.bill_fen,
        "left_fen": found.bill_left_fen,
        "converted_fen": found.converted_fen,
        "minimum_fen": minimum_payment(row.bill_fen),
        "minimum_left_fen": found.minimum_left_fen,
        "overdue": found.is_overdue,
    }


def _temporary(found: CreditCard) -> View | None:
    if not found.temporary_fen:
        return None
    return {"extra_fen": found.temporary_fen, "until": found.row.temporary_until}


def _autopay(conn: Connection, row: Row) -> View | None:
    if row.autopay_share is None:
        return None
    tail = conn.execute(sa.select(accounts.c.tail).where(accounts.c.id == row.autopay_account_id)).scalar_one()
    return {"share": row.autopay_share, "account_id": row.autopay_account_id, "account_tail": tail}


def _plan(row: Row) -> View:
    plan = instalments.plan_of(row)
    return {
        "plan_no": row.plan_no,
        "amount_fen": plan.amount,
        "periods": plan.periods,
        "fee_fen": plan.fee,
        "first_due": row.first_due,
    }


def _entry(posting: Row) -> View:
    return {
        "on": bank_day(posting.posted_at),
        "amount_fen": abs(posting.amount_fen),
        "counterparty": posting.counterparty,
        "summary": posting.summary,
    }
