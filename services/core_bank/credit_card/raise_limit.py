"""Raising the limit of a credit card, for good or for a while."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance.interest import add_months
from services.core_bank import paying
from services.core_bank.credit_card import cards, terms
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import accounts


class RaiseCreditLimitRequest(DraftRequest):
    """`limit_fen` is the whole limit that is wanted."""

    kind: Literal["raise_credit_limit"]
    account_id: Text
    term: Literal["permanent", "temporary"]
    limit_fen: Any


class RaiseCreditLimit(Order):
    """A temporary limit ends by itself; a permanent one can be asked for once in half a year."""

    name = "raise_credit_limit"
    Request = RaiseCreditLimitRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RaiseCreditLimitRequest) -> Offer:
        limit_fen = paying.amount_of(request.limit_fen)
        card = cards.usable(conn, applicant.customer_id, request.account_id, applicant.now)
        _check(card, request.term, limit_fen)
        how = "固定额度提高到" if request.term == "permanent" else "临时额度提高到"
        offered = [("现在的额度", f"¥{format_fen(card.limit_fen)}"), ("调整后的额度", f"¥{format_fen(limit_fen)}")]
        if request.term == "temporary":
            offered.append(("有效期至", full_day(_until(card.today))))
            offered.append(("到期以后", "自动恢复原额度，超出部分要一次还清，不能分期"))
        else:
            offered.append(("有效期", "长期有效"))
        return Offer(f"把信用卡（尾号{card.tail}）的{how} ¥{format_fen(limit_fen)}", offered)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = cards.usable(conn, draft.customer_id, fields["account_id"], now, lock=True)
        _check(card, fields["term"], fields["limit_fen"])
        if fields["term"] == "permanent":
            raised = sa.update(accounts).where(accounts.c.id == card.row.id).values(floor_fen=-fields["limit_fen"])
            conn.execute(raised)
            cards.change(conn, card.row.id, limit_raised_on=card.today, temporary_fen=0, temporary_until=None)
        else:
            extra_fen = fields["limit_fen"] - card.limit_fen
            cards.change(conn, card.row.id, temporary_fen=extra_fen, temporary_until=_until(card.today))
        now_available = cards.get(conn, draft.customer_id, card.row.id, now).available_fen
        return Receipt(new_receipt_number("ZG", now), now, [("可用额度", f"¥{format_fen(now_available)}")])


def _check(card: CreditCard, term: str, limit_fen: int) -> None:
    """Raises not_possible (limit_running, raised_lately, limit_step, limit_not_higher, limit_above_offer)."""
    if card.temporary_fen and term == "temporary":
        until = full_day(card.row.temporary_until)
        raise not_possible("limit_running", f"您已经有一笔临时额度，{until}到期，到期以后才能再申请。")
    if term == "permanent" and card.row.limit_raised_on is not None:
        again = add_months(card.row.limit_raised_on, terms.MONTHS_BETWEEN_RAISES)
        if card.today < again:
            reason = f"半年里只能调一次固定额度，{full_day(again)}以后可以再申请；急用可以申请临时额度。"
            raise not_possible("raised_lately", reason)
    if limit_fen % terms.LIMIT_STEP_FEN:
        raise not_possible("limit_step", "额度要是整千元，请说一个整千的数，比如 40,000 元。")
    if limit_fen <= card.limit_fen:
        now_fen = format_fen(card.limit_fen)
        raise not_possible("limit_not_higher", f"现在的额度已经是 ¥{now_fen}，请说一个更高的数。")
    most_fen = most(card, term)
    if limit_fen > most_fen:
        reason = f"按您现在的用卡和还款情况，最高可以提到 ¥{format_fen(most_fen)}，请改小一点。"
        raise not_possible("limit_above_offer", reason)


def most(card: CreditCard, term: str) -> int:
    """The highest limit on offer, whole thousands."""
    percent = terms.PERMANENT_PERCENT if term == "permanent" else terms.TEMPORARY_PERCENT
    highest = card.limit_fen * percent // 100
    return highest - highest % terms.LIMIT_STEP_FEN


def _until(today: date) -> date:
    return today + timedelta(days=terms.TEMPORARY_DAYS)
