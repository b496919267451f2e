"""What came in and what was spent in a period, by category, beside the period before."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.spending import CATEGORIES, category_of, period_before
from services.core_bank import queries, statement
from services.core_bank.tables import accounts, postings, transactions


def summary(conn: Connection, customer_id: str, wanted: statement.Filter, since: date, until: date) -> dict[str, Any]:
    """`wanted` without its days, which are [since, until). Raises account_not_found."""
    if wanted.account_id is not None:
        queries.get_account(conn, customer_id, wanted.account_id)
    before = period_before(since, until)
    now_by = _by_category(conn, customer_id, replace(wanted, since=since, until=until))
    before_by = _by_category(conn, customer_id, replace(wanted, since=before[0], until=before[1]))
    categories = [
        {
            "category": key,
            "name": CATEGORIES[key],
            "incoming": incoming,
            "amount_fen": sum(now_by[key, incoming]),
            "count": len(now_by[key, incoming]),
            "before_fen": sum(before_by[key, incoming]),
        }
        for key, incoming in {**now_by, **before_by}
    ]
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "in_fen": _total(now_by, incoming=True),
        "out_fen": _total(now_by, incoming=False),
        "count": sum(len(amounts) for amounts in now_by.values()),
        "before_since": before[0].isoformat(),
        "before_until": before[1].isoformat(),
        "before_in_fen": _total(before_by, incoming=True),
        "before_out_fen": _total(before_by, incoming=False),
        "categories": sorted(categories, key=lambda one: (-one["amount_fen"], one["category"])),
    }


_Groups = defaultdict[tuple[str, bool], list[int]]


def _by_category(conn: Connection, customer_id: str, wanted: statement.Filter) -> _Groups:
    groups: _Groups = defaultdict(list)
    for row in _rows(conn, customer_id, wanted):
        incoming = row.amount_fen > 0
        key = category_of(row.kind, row.summary, row.counterparty, incoming)
        groups[key, incoming].append(abs(row.amount_fen))
    return groups


def _rows(conn: Connection, customer_id: str, wanted: statement.Filter) -> list[Row]:
    """Money between the customer's own accounts and what pays off a card is neither income nor spent."""
    other, other_account = postings.alias(), accounts.alias()
    own_money = (
        sa.exists()
        .where(other.c.transaction_id == postings.c.transaction_id, other.c.id != postings.c.id)
        .where(other_account.c.id == other.c.account_id, other_account.c.customer_id == customer_id)
    )
    query = (
        sa.select(postings.c.amount_fen, postings.c.summary, postings.c.counterparty, transactions.c.kind)
        .join(accounts, accounts.c.id == postings.c.account_id)
        .join(transactions, transactions.c.id == postings.c.transaction_id)
        .where(*statement.conditions(customer_id, wanted), ~own_money, transactions.c.kind != "repayment")
    )
    rows: list[Row] = conn.execute(query).all()
    return rows


def _total(groups: _Groups, incoming: bool) -> int:
    return sum(sum(amounts) for (_, is_incoming), amounts in groups.items() if is_incoming == incoming)
