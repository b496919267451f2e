"""A certificate of deposit: of the moment, or with the money held until a day."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from services.core_bank import ledger, paying
from services.core_bank.account import delivery, holds, pdf
from services.core_bank.account.wording import account_name, masked_number, spoken_day
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import BankDay, Text
from services.core_bank.tables import accounts, customers

PURPOSES = {"visa": "签证", "study": "留学", "bidding": "投标", "purchase": "购房", "other": "其他"}
LONGEST = timedelta(days=366)
_CERTIFIED_KINDS = ("debit", "time_deposit")


class RequestAssetCertificateRequest(DraftRequest):
    kind: Literal["request_asset_certificate"]
    account_id: Text
    # Whatever was sent: the operation itself refuses what is no amount, with a code of its own.
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    purpose: Literal["visa", "study", "bidding", "purchase", "other"]
    frozen_until: Text | None = Field(..., description="last day, inclusive; null holds nothing")


class RequestAssetCertificate(Order):
    """What is certified with a last day stays on the account up to and including it."""

    name = "request_asset_certificate"
    Request = RequestAssetCertificateRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RequestAssetCertificateRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        last_day = _last_day(request.frozen_until, bank_day(applicant.now))
        holds.release_due(conn, applicant.customer_id, applicant.now)
        account = _account(conn, applicant.customer_id, request.account_id, amount_fen, last_day)
        text = f"开立{account_name(account)} ¥{format_fen(amount_fen)}的存款证明"
        if last_day:
            text += f"，这笔钱冻结到{spoken_day(last_day)}"
        return Offer(text, _lines(account, amount_fen, PURPOSES[request.purpose], last_day))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        amount_fen = fields["amount_fen"]
        last_day = _last_day(fields["frozen_until"], bank_day(now))
        ledger.lock_accounts(conn, (fields["account_id"],))
        holds.release_due(conn, draft.customer_id, now)
        account = _account(conn, draft.customer_id, fields["account_id"], amount_fen, last_day)
        if last_day:
            holds.place(conn, account.id, amount_fen, "开立存款证明", now, last_day)
        return delivery.deliver(conn, draft, _page(account, fields, last_day, now), now)


def _last_day(text: str | None, today: date) -> date | None:
    """Raises not_possible (bad_last_day, last_day_too_far)."""
    if text is None:
        return None
    try:
        last_day = BankDay.validate(text)
    except ValueError as error:
        raise not_possible("bad_last_day", "请告诉我冻结到哪一天，比如「2026年12月31日」。") from error
    if last_day <= today:
        raise not_possible("bad_last_day", "冻结到期日要在今天以后，请换一个日期，或者选不冻结。")
    if last_day > today + LONGEST:
        raise not_possible("last_day_too_far", "存款证明最长冻结一年，请换一个近一点的日期。")
    return last_day


def _account(conn: Connection, customer_id: str, account_id: str, amount_fen: int, last_day: date | None) -> Row:
    """Raises account_not_found, not_possible (no_deposit, restricted, above_balance)."""
    row = conn.execute(
        sa.select(accounts, customers.c.name.label("holder"))
        .join(customers, customers.c.id == accounts.c.customer_id)
        .where(customers.c.id == customer_id, accounts.c.id == account_id)
    ).one_or_none()
    if row is None:
        raise BankError("account_not_found")
    if row.kind not in _CERTIFIED_KINDS:
        raise not_possible("no_deposit", "存款证明只能用借记卡或定期存款开立。")
    if row.state != "active":
        raise not_possible("restricted", "这个账户目前受限，请带身份证到网点开立存款证明。")
    provable_fen = row.balance_fen - (row.floor_fen if last_day else 0)
    if amount_fen > provable_fen:
        raise not_possible("above_balance", f"这个账户可以证明的金额最多 ¥{format_fen(provable_fen)}，请改小一点。")
    return row


def _lines(account: Row, amount_fen: int, purpose: str, last_day: date | None) -> Lines:
    held = f"冻结到{spoken_day(last_day)}，次日自动解冻" if last_day else "不冻结，只证明开立时的余额"
    return [
        ("账户", account_name(account)),
        ("证明金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"),
        ("币种", "人民币"),
        ("用途", purpose),
        ("冻结", held),
    ]


def _page(account: Row, fields: dict[str, Any], last_day: date | None, now: datetime) -> pdf.Page:
    amount_fen, moment = fields["amount_fen"], delivery.spoken_moment(now)
    text = (
        f"兹证明{account.holder}截至{moment}在本行{account.name}（{masked_number(account.tail)}）"
        f"存有存款人民币{upper(amount_fen)}（¥{format_fen(amount_fen)}）。"
    )
    held = (
        f"上述存款自开立之日起冻结，冻结到{spoken_day(last_day)}（含当日）。"
        if last_day
        else "本证明只证明上述时点的存款，存款未冻结，开立后可能变动。"
    )
    facts = [
        ("户名", account.holder),
        *_lines(account, amount_fen, PURPOSES[fields["purpose"]], last_day),
        ("开立时间", moment),
    ]
    number = delivery.new_verification_no(now)
    return pdf.Page(f"{pdf.BANK}存款证明书", facts, number, paragraphs=(text, held))
