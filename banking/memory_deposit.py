"""Deposits of the in-memory bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from banking import memory_catalogue as catalogue
from banking.deposit import DepositRates, DepositTerm, OpenTimeDeposit, TimeDeposit, WithdrawTimeDeposit
from banking.memory_base import MemoryBase
from banking.memory_books import bank_day
from banking.memory_orders import Lines, Offer, OrderRules, own_account, post, shown
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen, upper
from chinese.days_text import full_day
from chinese.rates_text import percent
from finance import deposits


class MemoryDeposit(MemoryBase):
    """A `banking.deposit.DepositBank`."""

    def deposit_rates(self, session: str | None) -> DepositRates:
        return self.publish(session, catalogue.deposit_rates)

    def time_deposits(self, session: str) -> tuple[TimeDeposit, ...]:
        return self.read(session, _deposits)


def _deposits(customer: CustomerRecord) -> tuple[TimeDeposit, ...]:
    found = []
    for account_id, terms in customer.books.deposits.items():
        rate, name = str(terms.annual_rate), customer.accounts[account_id].name
        dates = (terms.opened, terms.matures)
        found.append(TimeDeposit(account_id, name, terms.principal, rate, terms.months, *dates, terms.interest))
    return tuple(found)


class OpeningRules(OrderRules):
    """OpenTimeDeposit."""

    order: ClassVar[type[Order]] = OpenTimeDeposit

    def propose(self, customer: CustomerRecord, order: OpenTimeDeposit, now: datetime) -> Offer:
        term, account, deposit = _opening(customer, order, now)
        amount = format_fen(order.amount_fen)
        text = f"从{shown(account)}存入{term.name} ¥{amount}"
        first = Line("存入金额", f"¥{amount}（{upper(order.amount_fen)}）")
        return Offer(text, (first, *_terms(deposit), Line("付款账户", shown(account))))

    def execute(self, customer: CustomerRecord, order: OpenTimeDeposit, now: datetime) -> Lines:
        term, account, deposit = _opening(customer, order, now)
        opened = replace(
            account,
            id=f"ac_{customer.login}_deposit_{len(customer.accounts)}",
            kind="time_deposit",
            name=term.name,
            tail=None,
            account_class=None,
            balance_fen=0,
            available_fen=-order.amount_fen,  # what `post` adds cannot be spent
            card_id=None,
            matures_on=deposit.matures,
        )
        customer.put(opened)
        customer.books.deposits[opened.id] = deposit
        post(customer, account.id, -order.amount_fen, term.name, "存入定期", "time_deposit", now)
        post(customer, opened.id, order.amount_fen, customer.name, "存入定期", "time_deposit", now)
        return _terms(deposit)


def _opening(
    customer: CustomerRecord, order: OpenTimeDeposit, now: datetime
) -> tuple[DepositTerm, Account, deposits.TimeDeposit]:
    amount_of(order.amount_fen)
    offered = catalogue.deposit_rates()
    term = next((one for one in offered.terms if one.months == order.months), None)
    if term is None:
        raise NotPossible("term_unknown", "没有这个期限的定期，可以选3个月、6个月、1年、2年、3年或5年。")
    if order.amount_fen < offered.least_fen:
        raise NotPossible("below_minimum", f"定期存款 ¥{format_fen(offered.least_fen)} 起存，请改大一点。")
    account = paying_account(customer, order.from_account_id)
    if order.amount_fen > account.available_fen:
        raise InsufficientFunds(account.available_fen)
    deposit = deposits.TimeDeposit(order.amount_fen, Decimal(term.annual_rate), bank_day(now), order.months)
    return term, account, deposit


def _terms(deposit: deposits.TimeDeposit) -> Lines:
    return (
        Line("年利率", percent(deposit.annual_rate)),
        Line("到期日", full_day(deposit.matures)),
        Line("到期利息", f"¥{format_fen(deposit.interest)}"),
        Line("到期本息", f"¥{format_fen(deposit.maturity_value)}"),
    )


class WithdrawalRules(OrderRules):
    """WithdrawTimeDeposit."""

    order: ClassVar[type[Order]] = WithdrawTimeDeposit

    def propose(self, customer: CustomerRecord, order: WithdrawTimeDeposit, now: datetime) -> Offer:
        account, to, paid = _withdrawal(customer, order, now)
        lines = (
            *_amounts(paid),
            Line("比存到期少得利息", f"¥{format_fen(max(paid.lost, 0))}"),
            Line("剩余定期", f"¥{format_fen(paid.rest.principal if paid.rest else 0)}"),
            Line("转入账户", shown(to)),
        )
        return Offer(f"支取{account.name} ¥{format_fen(paid.principal)}到{shown(to)}", lines)

    def execute(self, customer: CustomerRecord, order: WithdrawTimeDeposit, now: datetime) -> Lines:
        account, to, paid = _withdrawal(customer, order, now)
        pair = (account.id, -paid.principal, shown(to)), (to.id, paid.principal + paid.interest, account.name)
        for account_id, amount_fen, other in pair:
            post(customer, account_id, amount_fen, other, "定期支取本息", "time_deposit", now)
        if paid.rest is None:
            del customer.accounts[account.id], customer.books.deposits[account.id]
        else:
            customer.put(replace(customer.accounts[account.id], available_fen=0))
            customer.books.deposits[account.id] = paid.rest
        return _amounts(paid)


def _withdrawal(
    customer: CustomerRecord, order: WithdrawTimeDeposit, now: datetime
) -> tuple[Account, Account, deposits.Withdrawal]:
    amount_of(order.amount_fen)
    account = own_account(customer, order.account_id, "time_deposit")
    to = own_account(customer, order.to_account_id, "debit")
    deposit, offered = customer.books.deposits[account.id], catalogue.deposit_rates()
    left = deposit.principal - order.amount_fen
    if left < 0:
        raise NotPossible("above_deposit", f"这笔定期有 ¥{format_fen(deposit.principal)}，请改小一点。")
    if left and bank_day(now) >= deposit.matures:
        raise NotPossible("whole_only", "这笔定期已经到期，要全部支取，请选全部。")
    if 0 < left < offered.least_fen:
        least = format_fen(offered.least_fen)
        raise NotPossible("rest_too_small", f"部分支取后至少要留 ¥{least}，请改小一点或者全部支取。")
    paid = deposits.withdraw(deposit, bank_day(now), Decimal(offered.demand_rate), order.amount_fen)
    return account, to, paid


def _amounts(paid: deposits.Withdrawal) -> Lines:
    return (
        Line("支取本金", f"¥{format_fen(paid.principal)}"),
        Line("利息", f"¥{format_fen(paid.interest)}"),
        Line("到账合计", f"¥{format_fen(paid.principal + paid.interest)}"),
    )


RULES: tuple[OrderRules, ...] = (OpeningRules(), WithdrawalRules())
