"""Documents of the in-memory bank: the same rules and words as the core's, without the PDF."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import ClassVar

from banking.account import Hold, RequestAssetCertificate, RequestReceipt, RequestStatement
from banking.memory_account import freeze, release_due
from banking.memory_orders import Lines, Offer, OrderRules
from banking.memory_statement import statement
from banking.memory_transfers import BANK_ZONE, amount_of, bank_day
from banking.memory_world import CustomerRecord
from banking.model import Account, Line, Transaction, TransactionQuery
from banking.orders import Order
from banking.port import AccountNotFound, NotPossible
from chinese.amounts_text import format_fen, upper

PURPOSES = {"visa": "签证", "study": "留学", "bidding": "投标", "purchase": "购房", "other": "其他"}
YEARS = 5


class StatementRules(OrderRules):
    """RequestStatement."""

    order: ClassVar[type[Order]] = RequestStatement

    def propose(self, customer: CustomerRecord, order: RequestStatement, now: datetime) -> Offer:
        account, first, last = self._checked(customer, order, now)
        found = statement(customer, TransactionQuery(account.id, first, last + timedelta(days=1), limit=1))
        period = f"{_spoken(first)}至{_spoken(last)}"
        lines = (
            Line("账户", _name(account)),
            Line("期间", period),
            Line("交易笔数", str(found.totals.count)),
            Line("格式", "盖电子章的PDF，下载链接24小时内有效"),
        )
        return Offer(f"导出{_name(account)}{period}的账户明细", lines)

    def execute(self, customer: CustomerRecord, order: RequestStatement, now: datetime) -> Lines:
        self._checked(customer, order, now)
        return _delivered("掌柜银行账户明细", now)

    def _checked(self, customer: CustomerRecord, order: RequestStatement, now: datetime) -> tuple[Account, date, date]:
        account = _account(customer, order.account_id)
        if account.kind not in ("debit", "credit_card"):
            raise NotPossible("no_statement", "这个账户没有日常流水，可以导出借记卡或信用卡的明细。")
        today = bank_day(now)
        try:
            first, last = date.fromisoformat(order.from_day), min(date.fromisoformat(order.to_day), today)
        except ValueError as error:
            raise NotPossible("bad_period", "请告诉我起止日期，比如「2026年1月1日到3月31日」。") from error
        if first > today:
            raise NotPossible("period_in_future", "这段日子还没到，请选一段过去的日期。")
        if first > last:
            raise NotPossible("bad_period", "开始日期在结束日期之后，请重新告诉我起止日期。")
        if first < today.replace(year=today.year - YEARS, day=min(today.day, 28)):
            reason = f"在线只能导出最近{YEARS}年的明细，更早的请带身份证到网点打印。"
            raise NotPossible("period_too_old", reason)
        return account, first, last


class ReceiptRules(OrderRules):
    """RequestReceipt."""

    order: ClassVar[type[Order]] = RequestReceipt
    needs_code: ClassVar[bool] = False

    def propose(self, customer: CustomerRecord, order: RequestReceipt, now: datetime) -> Offer:
        item = _transaction(customer, order.transaction_id)
        day, amount = _spoken(bank_day(item.posted_at)), format_fen(abs(item.amount_fen))
        text = f"开具{day}{item.counterparty}{item.summary} ¥{amount}的电子回单"
        return Offer(text, (Line("摘要", item.summary),))

    def execute(self, customer: CustomerRecord, order: RequestReceipt, now: datetime) -> Lines:
        _transaction(customer, order.transaction_id)
        return _delivered("掌柜银行电子回单", now)


class CertificateRules(OrderRules):
    """RequestAssetCertificate."""

    order: ClassVar[type[Order]] = RequestAssetCertificate

    def propose(self, customer: CustomerRecord, order: RequestAssetCertificate, now: datetime) -> Offer:
        account, last_day = self._checked(customer, order, now)
        amount = format_fen(order.amount_fen)
        text = f"开立{_name(account)} ¥{amount}的存款证明"
        held = "不冻结，只证明开立时的余额"
        if last_day:
            text += f"，这笔钱冻结到{_spoken(last_day)}"
            held = f"冻结到{_spoken(last_day)}，次日自动解冻"
        lines = (
            Line("账户", _name(account)),
            Line("证明金额", f"¥{amount}（{upper(order.amount_fen)}）"),
            Line("币种", "人民币"),
            Line("用途", PURPOSES[order.purpose]),
            Line("冻结", held),
        )
        return Offer(text, lines)

    def execute(self, customer: CustomerRecord, order: RequestAssetCertificate, now: datetime) -> Lines:
        account, last_day = self._checked(customer, order, now)
        if last_day:
            customer.holds.append(Hold(account.id, order.amount_fen, "开立存款证明", last_day))
            freeze(customer, account.id, order.amount_fen)
        return _delivered("掌柜银行存款证明书", now)

    def _checked(
        self, customer: CustomerRecord, order: RequestAssetCertificate, now: datetime
    ) -> tuple[Account, date | None]:
        amount_of(order.amount_fen)
        last_day = self._last_day(order.frozen_until, bank_day(now))
        release_due(customer, now)
        account = _account(customer, order.account_id)
        if account.kind not in ("debit", "time_deposit"):
            raise NotPossible("no_deposit", "存款证明只能用借记卡或定期存款开立。")
        if account.state != "active":
            raise NotPossible("restricted", "这个账户目前受限，请带身份证到网点开立存款证明。")
        provable_fen = account.balance_fen - (account.frozen_fen if last_day else 0)
        if order.amount_fen > provable_fen:
            reason = f"这个账户可以证明的金额最多 ¥{format_fen(provable_fen)}，请改小一点。"
            raise NotPossible("above_balance", reason)
        return account, last_day

    def _last_day(self, text: str | None, today: date) -> date | None:
        if text is None:
            return None
        try:
            last_day = date.fromisoformat(text)
        except ValueError as error:
            raise NotPossible("bad_last_day", "请告诉我冻结到哪一天，比如「2026年12月31日」。") from error
        if last_day <= today:
            raise NotPossible("bad_last_day", "冻结到期日要在今天以后，请换一个日期，或者选不冻结。")
        if last_day > today + timedelta(days=366):
            raise NotPossible("last_day_too_far", "存款证明最长冻结一年，请换一个近一点的日期。")
        return last_day


def _account(customer: CustomerRecord, account_id: str) -> Account:
    if account_id not in customer.accounts:
        raise AccountNotFound
    return customer.accounts[account_id]


def _transaction(customer: CustomerRecord, transaction_id: str) -> Transaction:
    found = next((item for item in customer.transactions if item.id == transaction_id), None)
    if found is None:
        raise NotPossible("no_transaction", "没有找到这笔交易，请换一种说法，或者说「查明细」先看一看。")
    return found


def _delivered(title: str, now: datetime) -> Lines:
    until = (now + timedelta(hours=24)).astimezone(BANK_ZONE)
    return (
        Line("文件", f"{title}（PDF）"),
        Line("验证号", f"YZ-{secrets.token_hex(4).upper()}"),
        Line("下载链接", f"/sandbox/documents/{secrets.token_hex(32)}"),
        Line("链接有效期", f"到{_spoken(until.date())} {until:%H:%M}，只能下载一次"),
    )


def _name(account: Account) -> str:
    return f"{account.name}（尾号{account.tail}）" if account.tail else account.name


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


RULES: tuple[OrderRules, ...] = (StatementRules(), ReceiptRules(), CertificateRules())
