"""Loans of the in-memory bank."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from banking import memory_catalogue as catalogue
from banking.loan import ApplyLoan, Loan, LoanApplication, LoanPayment, LoanProduct, NegotiateOverdue, PrepayLoan
from banking.memory_base import MemoryBase
from banking.memory_books import bank_day
from banking.memory_orders import Lines, Offer, OrderRules, own_account, post, shown
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from chinese.rates_text import percent
from finance import loans

SHOWN_PERIODS = 6
OPEN_STATES = ("received", "reviewing")
FORBIDDEN = ("炒股", "股票", "基金", "期货", "理财", "首付", "赌", "虚拟货币", "比特币")
DEBTS = {"mortgage": "房贷", "credit_card": "信用卡", "any": "欠款"}
PROMISE = (Line("回电时间", "1个工作日内，由贷款和信用卡协商专员打给您"),)


class MemoryLoan(MemoryBase):
    """A `banking.loan.LoanBank`."""

    def loan_products(self, session: str | None) -> tuple[LoanProduct, ...]:
        return self.publish(session, catalogue.loan_products)

    def loans(self, session: str) -> tuple[Loan, ...]:
        return self.read(session, lambda customer: tuple(_views(customer)))

    def loan_applications(self, session: str) -> tuple[LoanApplication, ...]:
        return self.read(session, lambda customer: tuple(customer.books.applications))


def _views(customer: CustomerRecord) -> list[Loan]:
    return [_view(customer.accounts[number], terms) for number, terms in customer.books.loans.items()]


def _view(account: Account, terms: loans.Loan) -> Loan:
    plan = loans.schedule(terms)
    return Loan(
        account_id=account.id,
        name=account.name,
        principal_fen=terms.principal,
        annual_rate=str(terms.annual_rate),
        method=terms.method.value,
        months_left=len(plan),
        interest_left_fen=sum(row.interest for row in plan),
        ends_on=plan[-1].due,
        payments=tuple(
            LoanPayment(row.due, row.payment, row.principal, row.interest, row.remaining)
            for row in plan[:SHOWN_PERIODS]
        ),
    )


class ApplicationRules(OrderRules):
    """ApplyLoan."""

    order: ClassVar[type[Order]] = ApplyLoan

    def propose(self, customer: CustomerRecord, order: ApplyLoan, now: datetime) -> Offer:
        product = _applied_for(customer, order)
        rate = Line("参考年利率（单利）", f"{percent(product.annual_rate)}起，以审批为准")
        text = f"申请{product.name} ¥{format_fen(order.amount_fen)}，{order.months}个月"
        return Offer(text, (Line("用途", order.purpose), rate))

    def execute(self, customer: CustomerRecord, order: ApplyLoan, now: datetime) -> Lines:
        product = _applied_for(customer, order)
        number = f"DK-{secrets.token_hex(4).upper()}"
        terms = (order.amount_fen, order.months, order.purpose)
        customer.books.applications.insert(0, LoanApplication(number, product.name, *terms, "received", now))
        call = "客户经理1个工作日内打电话给您，核实情况和材料"
        return (Line("申请编号", number), Line("下一步", call))


def _applied_for(customer: CustomerRecord, order: ApplyLoan) -> LoanProduct:
    product = catalogue.loan_product(order.product_code)
    if product is None:
        raise NotPossible("no_such_product", "没有这种贷款，请从在办的贷款里选。")
    amount_of(order.amount_fen)
    if order.amount_fen < product.least_fen:
        raise NotPossible("below_minimum", f"{product.name}最低 ¥{format_fen(product.least_fen)}，请改大一点。")
    if order.amount_fen > product.most_fen:
        raise NotPossible("above_maximum", f"{product.name}最高 ¥{format_fen(product.most_fen)}，请改小一点。")
    if not 1 <= order.months <= product.months_most:
        raise NotPossible("term_too_long", f"{product.name}最长{product.months_most}个月，请改短一点。")
    if any(word in order.purpose for word in FORBIDDEN):
        reason = "贷款不能用来买房首付、炒股、理财和其他投资，请说一下别的用途。"
        raise NotPossible("purpose_forbidden", reason)
    for known in customer.books.applications:
        if known.product_name == product.name and known.state in OPEN_STATES:
            reason = f"您有一笔{product.name}正在审批（{known.number}），不用重复申请，可以问我贷款进度。"
            raise NotPossible("already_applied", reason)
    return product


class PrepaymentRules(OrderRules):
    """PrepayLoan."""

    order: ClassVar[type[Order]] = PrepayLoan

    def propose(self, customer: CustomerRecord, order: PrepayLoan, now: datetime) -> Offer:
        account, payer, result = _prepayment(customer, order, now)
        verb = "提前还" if result.rest else "提前还清"
        text = f"从{shown(payer)}{verb}{account.name} ¥{format_fen(result.principal)}"
        return Offer(text, (*_outcome(customer.books.loans[account.id], result), Line("付款账户", shown(payer))))

    def execute(self, customer: CustomerRecord, order: PrepayLoan, now: datetime) -> Lines:
        account, payer, result = _prepayment(customer, order, now)
        lines = _outcome(customer.books.loans[account.id], result)
        post(customer, payer.id, -result.payment, account.name, "提前还贷", "repayment", now)
        post(customer, account.id, result.principal, shown(payer), "提前还贷", "repayment", now)
        customer.put(replace(customer.accounts[account.id], available_fen=0))
        if result.rest is None:
            del customer.books.loans[account.id]
        else:
            customer.books.loans[account.id] = replace(result.rest, level=loans.level(result.rest))
        return lines


def _prepayment(
    customer: CustomerRecord, order: PrepayLoan, now: datetime
) -> tuple[Account, Account, loans.Prepayment]:
    amount_of(order.amount_fen)
    account = own_account(customer, order.account_id, "mortgage")
    loan = customer.books.loans.get(account.id)
    if loan is None:
        raise NotPossible("nothing_owed", "这笔贷款已经还清，不用再还。")
    least, on = catalogue.prepay_least_fen(), bank_day(now)
    if order.amount_fen > loan.principal:
        owed = format_fen(loan.principal)
        raise NotPossible("above_debt", f"剩余本金是 ¥{owed}，请改小一点，或者全部还清。")
    if order.amount_fen < min(least, loan.principal):
        raise NotPossible("below_minimum", f"提前还本金每次 ¥{format_fen(least)} 起，请改大一点。")
    if on >= loan.due(1):
        raise NotPossible("payment_due", f"{full_day(loan.due(1))}的月供还没有入账，入账后再提前还。")
    payer = paying_account(customer, order.from_account_id)
    result = loans.prepay(loan, on, order.amount_fen, loans.Effect(order.effect))
    if result.payment > payer.available_fen:
        raise InsufficientFunds(payer.available_fen)
    return account, payer, result


def _outcome(loan: loans.Loan, result: loans.Prepayment) -> Lines:
    paid = (
        Line("提前还本金", f"¥{format_fen(result.principal)}"),
        Line("应付利息", f"¥{format_fen(result.interest)}"),
        Line("合计扣款", f"¥{format_fen(result.payment)}"),
        Line("节省利息", f"¥{format_fen(result.interest_saved)}"),
    )
    if result.rest is None:
        return (*paid, Line("剩余本金", "¥0.00，贷款结清"))
    before, following = loans.schedule(loan), loans.schedule(result.rest)
    return (
        *paid,
        Line("剩余本金", f"¥{format_fen(result.rest.principal)}"),
        Line("下期月供", f"¥{format_fen(before[0].payment)} → ¥{format_fen(following[0].payment)}"),
        Line("还清日期", f"{full_day(before[-1].due)} → {full_day(following[-1].due)}"),
    )


class HardshipRules(OrderRules):
    """NegotiateOverdue."""

    order: ClassVar[type[Order]] = NegotiateOverdue
    needs_code: ClassVar[bool] = False

    def propose(self, customer: CustomerRecord, order: NegotiateOverdue, now: datetime) -> Offer:
        return Offer(f"登记{DEBTS[order.debt]}还款困难，请专员回电", PROMISE)

    def execute(self, customer: CustomerRecord, order: NegotiateOverdue, now: datetime) -> Lines:
        return PROMISE


RULES: tuple[OrderRules, ...] = (ApplicationRules(), PrepaymentRules(), HardshipRules())
