"""Accounts of the in-memory bank: spending, explanations, restrictions, money that is held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from banking.account import (
    AccountRestriction,
    CategoryTotal,
    KindMeaning,
    Restrictions,
    Spending,
    SpendingQuery,
    Term,
    Terms,
)
from banking.memory_base import MemoryBase
from banking.memory_statement import matches
from banking.memory_transfers import bank_day
from banking.memory_world import CustomerRecord
from banking.model import TransactionQuery
from banking.port import AccountNotFound
from finance.spending import CATEGORIES, category_of, period_before

OWN_MONEY = frozenset({"信用卡还款", "本人账户互转"})
"""Summaries of transactions between a customer's own accounts."""

TERMS = Terms(
    terms=(
        Term("快捷支付", "您绑定在支付宝、微信等平台的银行卡付的款，平台按您的授权扣的钱。"),
        Term("工资", "单位通过银行发给您的工资。"),
        Term("冲正", "上一笔交易没有成功或记错了，银行按原样退回或调整，两笔相抵，钱没有多也没有少。"),
        Term("电费", "付给供电公司的电费，可能是您授权的自动缴费。"),
    ),
    kinds=(
        KindMeaning("payment", "您付给商户或单位的款。"),
        KindMeaning("transfer", "账户之间的转账，摘要是转账时填的附言。"),
        KindMeaning("income", "别人或单位付给您的钱。"),
        KindMeaning("repayment", "您还的款。"),
    ),
)
WORKS = ("别人给您转账、发工资照常收款", "在网点柜台存取款和转账", "在这里查余额、查明细、冻结或挂失银行卡")
BRING = ("本人身份证", "这张银行卡", "能说明资金来源和用途的材料，比如劳动合同、交易记录")
Groups = dict[tuple[str, bool], list[int]]


class MemoryAccount(MemoryBase):
    """`banking.account.AccountBank`."""

    def spending(self, session: str, query: SpendingQuery) -> Spending:
        return self.read(session, lambda customer: _spending(customer, query))

    def transaction_terms(self, session: str) -> Terms:
        return self.read(session, lambda customer: TERMS)

    def restrictions(self, session: str) -> Restrictions:
        def listed(customer: CustomerRecord) -> Restrictions:
            release_due(customer, self.clock())
            found = tuple(
                AccountRestriction(account.id, account.restriction.code, account.restriction.reason, WORKS, BRING)
                for account in customer.accounts.values()
                if account.restriction
            )
            return Restrictions(found, tuple(customer.holds))

        return self.read(session, listed)


def release_due(customer: CustomerRecord, now: datetime) -> None:
    """End the holds whose last day is over."""
    for hold in [hold for hold in customer.holds if hold.last_day < bank_day(now)]:
        customer.holds.remove(hold)
        freeze(customer, hold.account_id, -hold.amount_fen)


def freeze(customer: CustomerRecord, account_id: str, amount_fen: int) -> None:
    """Move some of the balance from available to frozen."""
    account = customer.accounts[account_id]
    spendable = amount_fen if account.kind == "debit" else 0
    customer.put(
        replace(
            account,
            available_fen=account.available_fen - spendable,
            frozen_fen=account.frozen_fen + amount_fen,
        )
    )


def _spending(customer: CustomerRecord, query: SpendingQuery) -> Spending:
    if query.account_id is not None and query.account_id not in customer.accounts:
        raise AccountNotFound
    before = period_before(query.since, query.until)
    now_by, before_by = _groups(customer, query, query.since, query.until), _groups(customer, query, *before)
    categories = [
        CategoryTotal(
            key,
            CATEGORIES[key],
            incoming,
            sum(now_by[key, incoming]),
            len(now_by[key, incoming]),
            sum(before_by[key, incoming]),
        )
        for key, incoming in {**now_by, **before_by}
    ]
    return Spending(
        query.since,
        query.until,
        _total(now_by, True),
        _total(now_by, False),
        sum(len(amounts) for amounts in now_by.values()),
        before[0],
        before[1],
        _total(before_by, True),
        _total(before_by, False),
        tuple(sorted(categories, key=lambda one: (-one.amount_fen, one.category))),
    )


def _groups(customer: CustomerRecord, query: SpendingQuery, since: date, until: date) -> Groups:
    wanted = TransactionQuery(query.account_id, since, until, counterparty=query.counterparty)
    groups: Groups = defaultdict(list)
    for item in customer.transactions:
        if matches(item, wanted) and item.summary not in OWN_MONEY:
            incoming = item.amount_fen > 0
            key = category_of(item.kind, item.summary, item.counterparty or "", incoming)
            groups[key, incoming].append(abs(item.amount_fen))
    return groups


def _total(groups: Groups, incoming: bool) -> int:
    return sum(sum(amounts) for (_, is_incoming), amounts in groups.items() if is_incoming == incoming)
