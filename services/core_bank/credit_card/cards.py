"""A credit card as its services see it: its account, its bill, what was paid of it and what is in instalments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from finance.credit_card import GRACE_DAYS, due_date, minimum_payment
from finance.interest import add_months
from services.core_bank.clock import bank_day, day_start
from services.core_bank.credit_card import terms
from services.core_bank.credit_card.tables import credit_cards, instalment_plans
from services.core_bank.errors import BankError, not_possible
from services.core_bank.tables import accounts, cards, postings, transactions


@dataclass(frozen=True)
class CreditCard:
    """`row` joins account, credit card and card; `repaid_fen` came in since the bill; `plans` newest bill first."""

    row: Row
    today: date
    repaid_fen: int
    plans: tuple[Row, ...]

    @property
    def tail(self) -> str:
        return str(self.row.tail)

    @property
    def owed_fen(self) -> int:
        return max(0, -int(self.row.balance_fen))

    @property
    def limit_fen(self) -> int:
        return -int(self.row.floor_fen)

    @property
    def temporary_fen(self) -> int:
        """What is added to the limit until `temporary_until`, 0 when that is over."""
        until = self.row.temporary_until
        return int(self.row.temporary_fen) if until is not None and self.today <= until else 0

    @property
    def available_fen(self) -> int:
        return int(self.row.balance_fen) + self.limit_fen + self.temporary_fen

    @property
    def plan_of_bill(self) -> Row | None:
        """The instalment plan that the present bill was converted into."""
        return next((plan for plan in self.plans if plan.billed_on == self.row.billed_on), None)

    @property
    def converted_fen(self) -> int:
        """What of the bill was put into instalments."""
        return int(self.plan_of_bill.amount_fen) if self.plan_of_bill else 0

    @property
    def bill_left_fen(self) -> int:
        """What is still to be paid of the bill by its due date."""
        return max(0, self._without_plan_fen() - self.repaid_fen)

    @property
    def minimum_left_fen(self) -> int:
        """What of it has to be paid at least."""
        return max(0, minimum_payment(self._without_plan_fen()) - self.repaid_fen)

    @property
    def is_overdue(self) -> bool:
        """The minimum was not paid within the days of grace."""
        return self.minimum_left_fen > 0 and self.today > self.row.due_on + timedelta(days=GRACE_DAYS)

    def _without_plan_fen(self) -> int:
        return int(self.row.bill_fen) - self.converted_fen


def get(conn: Connection, customer_id: str, account_id: str, now: datetime, lock: bool = False) -> CreditCard:
    """Raises account_not_found."""
    if lock:
        # A statement of its own: one that joins would wait, and then still show the account as it was before.
        conn.execute(sa.select(credit_cards.c.account_id).where(_of(account_id)).with_for_update())
    row = conn.execute(_rows(customer_id).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    return _card(conn, row, now)


def usable(conn: Connection, customer_id: str, account_id: str, now: datetime, lock: bool = False) -> CreditCard:
    """A card that services may change.

    Raises account_not_found, card_not_usable, not_possible (overdue, closing).
    """
    card = get(conn, customer_id, account_id, now, lock)
    if card.row.card_state != "active":
        raise BankError("card_not_usable", {"state": card.row.card_state})
    if card.row.closing_no is not None:
        raise not_possible("closing", f"这张信用卡正在销户（受理编号 {card.row.closing_no}），不能再办这项业务。")
    if card.is_overdue:
        raise not_possible("overdue", "这张信用卡的最低还款额已经逾期，请先还款，再办这项业务。")
    return card


def of_customer(conn: Connection, customer_id: str, now: datetime) -> list[CreditCard]:
    rows = conn.execute(_rows(customer_id).order_by(accounts.c.position)).all()
    return [_card(conn, row, now) for row in rows]


def change(conn: Connection, account_id: str, **values: Any) -> None:
    conn.execute(sa.update(credit_cards).where(_of(account_id)).values(**values))


def lines(conn: Connection, account_id: str, since: date, until: date | None, kinds: tuple[str, ...]) -> list[Row]:
    """Postings of these kinds from one bank day to before another, newest first."""
    query = (
        sa.select(postings)
        .join(transactions, transactions.c.id == postings.c.transaction_id)
        .where(
            postings.c.account_id == account_id,
            postings.c.posted_at >= day_start(since),
            transactions.c.kind.in_(kinds),
        )
        .order_by(postings.c.posted_at.desc(), postings.c.id.desc())
    )
    if until is not None:
        query = query.where(postings.c.posted_at < day_start(until))
    rows: list[Row] = conn.execute(query).all()
    return rows


def bill_before(billed_on: date, bill_day: int) -> date:
    """The bill day a month before: a bill shows the days from it to the day before `billed_on`."""
    last_of_month = billed_on.replace(day=1) - timedelta(days=1)
    return last_of_month.replace(day=min(bill_day, last_of_month.day))


def next_bill(today: date, bill_day: int) -> date:
    """The first day after `today` that is the bill day."""
    this_month = today.replace(day=bill_day)
    return this_month if this_month > today else add_months(this_month, 1)


def due_after(billed_on: date) -> date:
    """到期还款日"""
    return due_date(billed_on, terms.DAYS_TO_DUE)


def _of(account_id: str) -> Any:
    return credit_cards.c.account_id == account_id


def _rows(customer_id: str) -> Any:
    return (
        sa.select(accounts, credit_cards, cards.c.state.label("card_state"))
        .join(credit_cards, credit_cards.c.account_id == accounts.c.id)
        .join(cards, cards.c.account_id == accounts.c.id)
        .where(accounts.c.customer_id == customer_id)
    )


def _card(conn: Connection, row: Row, now: datetime) -> CreditCard:
    repaid = sa.select(sa.func.coalesce(sa.func.sum(postings.c.amount_fen), 0)).where(
        postings.c.account_id == row.id, postings.c.amount_fen > 0, postings.c.posted_at >= day_start(row.billed_on)
    )
    plans = sa.select(instalment_plans).where(instalment_plans.c.account_id == row.id)
    return CreditCard(
        row,
        bank_day(now),
        int(conn.execute(repaid).scalar_one()),
        tuple(conn.execute(plans.order_by(instalment_plans.c.billed_on.desc()))),
    )
