"""Transactions of the in-memory bank: filter, totals, pages."""

from __future__ import annotations

import re

from banking.memory_transfers import bank_day
from banking.memory_world import CustomerRecord
from banking.model import Totals, Transaction, TransactionPage, TransactionQuery
from banking.port import AccountNotFound, BankContractBroken

MAXIMUM_PAGE = 100


def statement(customer: CustomerRecord, query: TransactionQuery) -> TransactionPage:
    """One page, newest first. Raises AccountNotFound; BankContractBroken for a bad limit or cursor."""
    if query.account_id is not None and query.account_id not in customer.accounts:
        raise AccountNotFound
    if not 1 <= query.limit <= MAXIMUM_PAGE or not re.fullmatch(r"-?\d+", query.cursor or "0"):
        raise BankContractBroken("validation_error: limit or cursor")
    found = [transaction for transaction in reversed(customer.transactions) if matches(transaction, query)]
    older = [item for item in found if query.cursor is None or int(item.id) < int(query.cursor)]
    page = older[: query.limit]
    return TransactionPage(
        transactions=tuple(page),
        next_cursor=page[-1].id if len(older) > query.limit else None,
        totals=Totals(
            in_fen=sum(item.amount_fen for item in found if item.amount_fen > 0),
            out_fen=-sum(item.amount_fen for item in found if item.amount_fen < 0),
            count=len(found),
        ),
    )


def matches(item: Transaction, query: TransactionQuery) -> bool:
    day, amount_fen = bank_day(item.posted_at), abs(item.amount_fen)
    return (
        query.account_id in (None, item.account_id)
        and query.direction in (None, "in" if item.amount_fen > 0 else "out")
        and (query.from_date is None or day >= query.from_date)
        and (query.to_date is None or day < query.to_date)
        and (query.min_fen is None or amount_fen >= query.min_fen)
        and (query.max_fen is None or amount_fen <= query.max_fen)
        and (query.counterparty or "").lower() in (item.counterparty or "").lower()
    )
