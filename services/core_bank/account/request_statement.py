"""A statement of one account over a period, as a PDF."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from services.core_bank import queries, statement
from services.core_bank.account import delivery, pdf
from services.core_bank.account.wording import account_name, masked_number, spoken_day
from services.core_bank.clock import BANK_ZONE, bank_day, day_start
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import BankDay, Text
from services.core_bank.tables import customers, postings

LONGEST_YEARS = 5
_EVERYTHING = 10**6
_STATED_KINDS = ("debit", "credit_card")
_HEADING = ("日期", "摘要", "对方户名", "收入", "支出", "余额")
_WIDTHS_MM = (28, 28, 46, 24, 24, 24)


class RequestStatementRequest(DraftRequest):
    kind: Literal["request_statement"]
    account_id: Text
    from_day: Text
    to_day: Text


class RequestStatement(Order):
    """Both days are inclusive; a period that goes on beyond today ends today."""

    name = "request_statement"
    Request = RequestStatementRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RequestStatementRequest) -> Offer:
        account = _account(conn, applicant.customer_id, request.account_id)
        first, last = _period(request.from_day, request.to_day, bank_day(applicant.now))
        period = f"{spoken_day(first)}至{spoken_day(last)}"
        found = statement.page(conn, applicant.customer_id, _filter(account["id"], first, last), 1, None)
        lines = [
            ("账户", account_name(account)),
            ("期间", period),
            ("交易笔数", str(found["totals"]["count"])),
            ("格式", "盖电子章的PDF，下载链接24小时内有效"),
        ]
        return Offer(f"导出{account_name(account)}{period}的账户明细", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        account = _account(conn, draft.customer_id, fields["account_id"])
        # The period was settled when the customer agreed to it; a night in between moves nothing.
        first, last = _period(fields["from_day"], fields["to_day"], bank_day(draft.created_at))
        return delivery.deliver(conn, draft, _page(conn, draft.customer_id, account, (first, last), now), now)


def _account(conn: Connection, customer_id: str, account_id: str) -> dict[str, Any]:
    """Raises account_not_found, not_possible (no_statement)."""
    account = queries.get_account(conn, customer_id, account_id)
    if account["kind"] not in _STATED_KINDS:
        raise not_possible("no_statement", "这个账户没有日常流水，可以导出借记卡或信用卡的明细。")
    return account


def _period(from_day: str, to_day: str, today: date) -> tuple[date, date]:
    """Raises not_possible (bad_period, period_in_future, period_too_old)."""
    try:
        first, last = BankDay.validate(from_day), min(BankDay.validate(to_day), today)
    except ValueError as error:
        raise not_possible("bad_period", "请告诉我起止日期，比如「2026年1月1日到3月31日」。") from error
    if first > today:
        raise not_possible("period_in_future", "这段日子还没到，请选一段过去的日期。")
    if first > last:
        raise not_possible("bad_period", "开始日期在结束日期之后，请重新告诉我起止日期。")
    if first < today.replace(year=today.year - LONGEST_YEARS, day=min(today.day, 28)):
        raise not_possible("period_too_old", f"在线只能导出最近{LONGEST_YEARS}年的明细，更早的请带身份证到网点打印。")
    return first, last


def _filter(account_id: str, first: date, last: date) -> statement.Filter:
    return statement.Filter(account_id=account_id, since=first, until=last + timedelta(days=1))


def _page(
    conn: Connection, customer_id: str, account: dict[str, Any], period: tuple[date, date], now: datetime
) -> pdf.Page:
    first, last = period
    found = statement.page(conn, customer_id, _filter(account["id"], first, last), _EVERYTHING, None)
    totals = found["totals"]
    closing_fen = _balance_at_end_of(conn, account["id"], last)
    opening_fen = closing_fen - totals["in_fen"] + totals["out_fen"]
    holder = conn.execute(sa.select(customers.c.name).where(customers.c.id == customer_id)).scalar_one()
    facts = [
        ("户名", holder),
        ("账户", f"{account['name']}　{masked_number(account['tail'])}"),
        ("币种", "人民币"),
        ("期间", f"{spoken_day(first)}至{spoken_day(last)}"),
        ("期初余额", format_fen(opening_fen)),
        ("出具时间", delivery.spoken_moment(now)),
    ]
    sums = [
        ("交易笔数", f"{totals['count']} 笔"),
        ("收入合计", format_fen(totals["in_fen"])),
        ("支出合计", format_fen(totals["out_fen"])),
        ("期末余额", format_fen(closing_fen)),
    ]
    rows = [_HEADING, *(_row(item) for item in reversed(found["transactions"]))]
    number = delivery.new_verification_no(now)
    return pdf.Page(f"{pdf.BANK}账户明细", facts, number, rows, _WIDTHS_MM, totals=sums)


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    amount_fen = item["amount_fen"]
    posted_at = datetime.fromisoformat(item["posted_at"]).astimezone(BANK_ZONE)
    return (
        f"{posted_at:%Y-%m-%d %H:%M}",
        item["summary"],
        item["counterparty"],
        format_fen(amount_fen) if amount_fen > 0 else "",
        format_fen(-amount_fen) if amount_fen < 0 else "",
        format_fen(item["balance_after_fen"]),
    )


def _balance_at_end_of(conn: Connection, account_id: str, day: date) -> int:
    """What the ledger had posted up to then."""
    before = postings.c.posted_at < day_start(day + timedelta(days=1))
    posted = sa.select(sa.func.coalesce(sa.func.sum(postings.c.amount_fen), 0))
    total: int = conn.execute(posted.where(postings.c.account_id == account_id, before)).scalar_one()
    return int(total)
