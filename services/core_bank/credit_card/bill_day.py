"""Changing the bill day of a credit card."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import StrictInt
from sqlalchemy.engine import Connection, Row

from chinese.days_text import full_day
from finance.interest import add_months
from services.core_bank.credit_card import cards, terms
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts


class ChangeBillDateRequest(DraftRequest):
    kind: Literal["change_bill_date"]
    account_id: Text
    bill_day: StrictInt


class ChangeBillDate(Order):
    """Once in half a year; the bill that is out keeps its due date."""

    name = "change_bill_date"
    Request = ChangeBillDateRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ChangeBillDateRequest) -> Offer:
        card = cards.usable(conn, applicant.customer_id, request.account_id, applicant.now)
        _check(card, request.bill_day)
        text = f"把信用卡（尾号{card.tail}）的账单日改为每月{request.bill_day}日"
        return Offer(text, _lines(card, request.bill_day))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = cards.usable(conn, draft.customer_id, fields["account_id"], now, lock=True)
        day = fields["bill_day"]
        _check(card, day)
        first = cards.next_bill(card.today, day)
        due = cards.due_after(first)
        cards.change(conn, card.row.id, bill_day=day, bill_day_changed_on=card.today)
        conn.execute(sa.update(accounts).where(accounts.c.id == card.row.id).values(due_day=due.day))
        lines = [("首个新账单", full_day(first)), ("它的还款日", full_day(due))]
        return Receipt(new_receipt_number("ZG", now), now, lines)


def _lines(card: CreditCard, day: int) -> Lines:
    first = cards.next_bill(card.today, day)
    return [
        ("现在的账单日", f"每月{card.row.bill_day}日，还款日每月{card.row.due_day}日"),
        ("新的账单日", f"每月{day}日，还款日为出账后第 {terms.DAYS_TO_DUE} 天"),
        ("已出的账单", f"不受影响，仍在{full_day(card.row.due_on)}前还"),
        ("首个新账单", f"{full_day(first)}出账，{full_day(cards.due_after(first))}前还"),
        ("请注意", "半年内只能改一次"),
    ]


def _check(card: CreditCard, day: int) -> None:
    """Raises not_possible (bill_day_unknown, bill_day_changed, same_bill_day)."""
    if not terms.FIRST_BILL_DAY <= day <= terms.LAST_BILL_DAY:
        reason = f"账单日可以选每月{terms.FIRST_BILL_DAY}日到{terms.LAST_BILL_DAY}日。"
        raise not_possible("bill_day_unknown", reason)
    changed = card.row.bill_day_changed_on
    if changed is not None:
        again = add_months(changed, terms.MONTHS_BETWEEN_BILL_DAYS)
        if card.today < again:
            reason = f"半年内只能改一次账单日，您在{full_day(changed)}改过，{full_day(again)}以后可以再改。"
            raise not_possible("bill_day_changed", reason)
    if day == card.row.bill_day:
        raise not_possible("same_bill_day", f"现在的账单日就是每月{day}日，请换一天。")
