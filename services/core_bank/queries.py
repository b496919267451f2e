"""What a customer sees of accounts, cards, payees: JSON-ready views, always of one customer's own objects."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.clock import bank_day, iso, now
from services.core_bank.credit_card.tables import credit_cards
from services.core_bank.errors import BankError
from services.core_bank.tables import accounts, cards, payees, transactions

View = dict[str, Any]


def list_accounts(conn: Connection, customer_id: str) -> list[View]:
    rows = conn.execute(_accounts_of(customer_id).order_by(accounts.c.position)).all()
    return [_account_view(conn, row) for row in rows]


def get_account(conn: Connection, customer_id: str, account_id: str) -> View:
    """Raises account_not_found."""
    row = conn.execute(_accounts_of(customer_id).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    return _account_view(conn, row)


def spendable_fen(account: Row) -> int:
    """What can leave the account now: the balance down to its floor; nothing leaves deposits with a term and loans."""
    if account.kind in ("time_deposit", "mortgage"):
        return 0
    available: int = account.balance_fen - account.floor_fen
    return available


def frozen_fen(account: Row) -> int:
    """What is held on an account of one's own money (services/core_bank/account/holds.py)."""
    held: int = account.floor_fen if account.kind in ("debit", "time_deposit") else 0
    return held


def list_cards(conn: Connection, customer_id: str) -> list[View]:
    return [card_view(row) for row in conn.execute(_cards_of(customer_id).order_by(accounts.c.position))]


def get_card(conn: Connection, customer_id: str, card_id: str, lock: bool = False) -> Row:
    """The row, with `account_class` of its account. Raises card_not_found."""
    query = _cards_of(customer_id).where(cards.c.id == card_id)
    row = conn.execute(query.with_for_update(of=cards) if lock else query).one_or_none()
    if row is None:
        raise BankError("card_not_found")
    return row


def card_view(card: Row) -> View:
    return {
        "id": card.id,
        "kind": card.kind,
        "tail": card.tail,
        "account_id": card.account_id,
        "account_class": card.account_class,
        "state": card.state,
        "state_since": iso(card.state_since),
    }


def list_payees(conn: Connection, customer_id: str) -> list[View]:
    return [payee_view(row) for row in conn.execute(_payees_of(customer_id).order_by(payees.c.position))]


def get_payee(conn: Connection, customer_id: str, payee_id: str, lock: bool = False) -> Row:
    """The row, with `paid_before`. Locked, it is neither removed nor scheduled to meanwhile. Raises payee_not_found."""
    query = _payees_of(customer_id).where(payees.c.id == payee_id)
    row = conn.execute(query.with_for_update(of=payees, key_share=True) if lock else query).one_or_none()
    if row is None:
        raise BankError("payee_not_found")
    return row


def payee_view(payee: Row) -> View:
    return {
        "id": payee.id,
        "name": payee.name,
        "alias": payee.alias,
        "bank": payee.bank,
        "tail": payee.tail,
        "internal": payee.internal,
        "paid_before": bool(payee.paid_before),
    }


def _accounts_of(customer_id: str) -> Any:
    return (
        sa.select(accounts, cards.c.id.label("card_id"), credit_cards.c.temporary_fen, credit_cards.c.temporary_until)
        .outerjoin(cards, cards.c.account_id == accounts.c.id)
        .outerjoin(credit_cards, credit_cards.c.account_id == accounts.c.id)
        .where(accounts.c.customer_id == customer_id, accounts.c.state != "closed")
    )


def _cards_of(customer_id: str) -> Any:
    return (
        sa.select(cards, accounts.c.account_class)
        .join(accounts, accounts.c.id == cards.c.account_id)
        .where(cards.c.customer_id == customer_id)
    )


def _payees_of(customer_id: str) -> Any:
    # The ledger itself says who was paid: a payee counts as known after the first posted transfer.
    paid_before = sa.exists().where(transactions.c.payee_id == payees.c.id).label("paid_before")
    return sa.select(payees, paid_before).where(payees.c.customer_id == customer_id, payees.c.removed.is_(False))


def _account_view(conn: Connection, row: Row) -> View:
    available_fen = spendable_fen(row) + _temporary_fen(conn, row)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "tail": row.tail,
        "account_class": row.account_class,
        "currency": "CNY",
        "balance_fen": row.balance_fen,
        "available_fen": available_fen,
        "frozen_fen": frozen_fen(row),
        "state": row.state,
        "restriction": _restriction(row),
        "card_id": row.card_id,
        "matures_on": row.matures_on.isoformat() if row.matures_on else None,
        "credit": _credit(row, available_fen),
    }


def _restriction(row: Row) -> View | None:
    if row.restriction_code is None:
        return None
    return {"code": row.restriction_code, "reason": row.restriction_reason}


def _temporary_fen(conn: Connection, row: Row) -> int:
    """What a temporary limit adds today."""
    if row.temporary_until is None or bank_day(now(conn, row.world_id)) > row.temporary_until:
        return 0
    extra_fen: int = row.temporary_fen
    return extra_fen


def _credit(row: Row, available_fen: int) -> View | None:
    if row.kind != "credit_card":
        return None
    return {
        "limit_fen": -row.floor_fen,
        "available_fen": available_fen,
        "bill_fen": row.bill_fen,
        "minimum_fen": row.minimum_fen,
        "due_day": row.due_day,
    }
