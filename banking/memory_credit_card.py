"""Credit cards of the in-memory bank."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from banking.credit_card import RepayCreditCard
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import AccountNotFound, InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen, upper


class RepaymentRules(OrderRules):
    """RepayCreditCard."""

    order: ClassVar[type[Order]] = RepayCreditCard

    def propose(self, customer: CustomerRecord, order: RepayCreditCard, now: datetime) -> Offer:
        credit, account = self._checked(customer, order)
        amount = format_fen(order.amount_fen)
        return Offer(
            f"从{account.name}（尾号{account.tail}）还信用卡（尾号{credit.tail}）¥{amount}",
            (
                Line("还款金额", f"¥{amount}（{upper(order.amount_fen)}）"),
                Line("信用卡", f"尾号{credit.tail}"),
                Line("付款账户", f"{account.name}（尾号{account.tail}）"),
            ),
        )

    def execute(self, customer: CustomerRecord, order: RepayCreditCard, now: datetime) -> Lines:
        credit, account = self._checked(customer, order)
        post(customer, account.id, -order.amount_fen, f"信用卡{credit.tail}", "信用卡还款", "repayment", now)
        post(customer, credit.id, order.amount_fen, customer.name, "信用卡还款", "repayment", now)
        return (Line("剩余欠款", f"¥{format_fen(-customer.accounts[credit.id].balance_fen)}"),)

    def _checked(self, customer: CustomerRecord, order: RepayCreditCard) -> tuple[Account, Account]:
        amount_of(order.amount_fen)
        credit = customer.accounts.get(order.account_id)
        if credit is None or credit.kind != "credit_card":
            raise AccountNotFound
        if credit.balance_fen >= 0:
            raise NotPossible("nothing_owed", "这张信用卡没有欠款，不用还。")
        if order.amount_fen > -credit.balance_fen:
            reason = f"还款金额超过了全部欠款 ¥{format_fen(-credit.balance_fen)}，请改小一点。"
            raise NotPossible("above_debt", reason)
        account = paying_account(customer, order.from_account_id)
        if order.amount_fen > account.available_fen:
            raise InsufficientFunds(account.available_fen)
        return credit, account


RULES: tuple[OrderRules, ...] = (RepaymentRules(),)
