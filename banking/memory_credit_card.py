"""Services of credit cards at the in-memory bank; the rules are those of services/core_bank/credit_card."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from banking.credit_card import (
    CancelCreditCard,
    RaiseCreditLimit,
    RepayCreditCard,
)
from banking.memory_credit_reads import LIMIT_STEP_FEN, CardState, card_state, points_of
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import AccountNotFound, CardNotUsable, InsufficientFunds, NotPossible
from chinese.amounts_text import format_fen, upper
from chinese.days_text import full_day
from finance.interest import add_months

HALF_A_YEAR = 6
TEMPORARY_DAYS = 60
CLOSING_DAYS = 45


def usable(customer: CustomerRecord, account_id: str, now: datetime) -> CardState:
    """A card that services may change. Raises AccountNotFound, CardNotUsable, NotPossible (overdue, closing)."""
    state = card_state(customer, account_id, now)
    card = customer.cards[state.account.card_id or ""]
    if card.state != "active":
        raise CardNotUsable(card.state)
    if state.record.closing_no is not None:
        reason = f"这张信用卡正在销户（受理编号 {state.record.closing_no}），不能再办这项业务。"
        raise NotPossible("closing", reason)
    if state.is_overdue:
        raise NotPossible("overdue", "这张信用卡的最低还款额已经逾期，请先还款，再办这项业务。")
    return state


def number(prefix: str, now: datetime) -> str:
    return f"{prefix}{now:%y%m%d}-{secrets.token_hex(4).upper()}"


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
        left_fen = card_state(customer, credit.id, now).bill_left_fen
        left = f"还差 ¥{format_fen(left_fen)}" if left_fen else "已还清"
        owed = format_fen(-customer.accounts[credit.id].balance_fen)
        return Line("剩余欠款", f"¥{owed}"), Line("本期账单", left)

    def _checked(self, customer: CustomerRecord, order: RepayCreditCard) -> tuple[Account, Account]:
        amount_of(order.amount_fen)
        credit = customer.accounts.get(order.account_id)
        if credit is None or credit.kind != "credit_card":
            raise AccountNotFound
        if credit.balance_fen >= 0:
            overpaid = f"，还多存了 ¥{format_fen(credit.balance_fen)}" if credit.balance_fen else ""
            raise NotPossible("nothing_owed", f"这张信用卡没有欠款{overpaid}，不用还。")
        if order.amount_fen > -credit.balance_fen:
            owed = format_fen(-credit.balance_fen)
            reason = f"还款金额超过了全部欠款 ¥{owed}，多存的钱没有利息，请改小一点。"
            raise NotPossible("above_debt", reason)
        account = paying_account(customer, order.from_account_id)
        if order.amount_fen > account.available_fen:
            raise InsufficientFunds(account.available_fen)
        return credit, account


class RaiseLimitRules(OrderRules):
    """RaiseCreditLimit."""

    order: ClassVar[type[Order]] = RaiseCreditLimit

    def propose(self, customer: CustomerRecord, order: RaiseCreditLimit, now: datetime) -> Offer:
        state = self._checked(customer, order, now)
        how = "固定额度提高到" if order.term == "permanent" else "临时额度提高到"
        limit = format_fen(order.limit_fen)
        lines = [
            Line("现在的额度", f"¥{format_fen(state.record.limit_fen)}"),
            Line("调整后的额度", f"¥{limit}"),
        ]
        if order.term == "temporary":
            lines.append(Line("有效期至", full_day(_until(state.today))))
            lines.append(Line("到期以后", "自动恢复原额度，超出部分要一次还清，不能分期"))
        else:
            lines.append(Line("有效期", "长期有效"))
        return Offer(f"把信用卡（尾号{state.account.tail}）的{how} ¥{limit}", tuple(lines))

    def execute(self, customer: CustomerRecord, order: RaiseCreditLimit, now: datetime) -> Lines:
        state = self._checked(customer, order, now)
        record = state.record
        if order.term == "permanent":
            record.limit_fen, record.limit_raised_on = order.limit_fen, state.today
            record.temporary_fen, record.temporary_until = 0, None
        else:
            record.temporary_fen, record.temporary_until = order.limit_fen - record.limit_fen, _until(state.today)
        available_fen = self._show(customer, state.account, record.limit_fen, order.limit_fen)
        return (Line("可用额度", f"¥{format_fen(available_fen)}"),)

    def _show(self, customer: CustomerRecord, account: Account, limit_fen: int, usable_fen: int) -> int:
        """Change the account. Returns what can be spent now."""
        available_fen = usable_fen + account.balance_fen
        credit = account.credit and replace(account.credit, limit_fen=limit_fen, available_fen=available_fen)
        customer.put(replace(account, available_fen=available_fen, credit=credit))
        return available_fen

    def _checked(self, customer: CustomerRecord, order: RaiseCreditLimit, now: datetime) -> CardState:
        limit_fen = amount_of(order.limit_fen)
        state = usable(customer, order.account_id, now)
        self._refuse_soon(state, order.term)
        if limit_fen % LIMIT_STEP_FEN:
            raise NotPossible("limit_step", "额度要是整千元，请说一个整千的数，比如 40,000 元。")
        if limit_fen <= state.record.limit_fen:
            present = format_fen(state.record.limit_fen)
            raise NotPossible("limit_not_higher", f"现在的额度已经是 ¥{present}，请说一个更高的数。")
        most_fen = state.most_fen(order.term)
        if limit_fen > most_fen:
            reason = f"按您现在的用卡和还款情况，最高可以提到 ¥{format_fen(most_fen)}，请改小一点。"
            raise NotPossible("limit_above_offer", reason)
        return state

    def _refuse_soon(self, state: CardState, term: str) -> None:
        until, raised_on = state.record.temporary_until, state.record.limit_raised_on
        if state.temporary_fen and until and term == "temporary":
            reason = f"您已经有一笔临时额度，{full_day(until)}到期，到期以后才能再申请。"
            raise NotPossible("limit_running", reason)
        if term == "permanent" and raised_on and state.today < add_months(raised_on, HALF_A_YEAR):
            again = full_day(add_months(raised_on, HALF_A_YEAR))
            reason = f"半年里只能调一次固定额度，{again}以后可以再申请；急用可以申请临时额度。"
            raise NotPossible("raised_lately", reason)


class ClosingRules(OrderRules):
    """CancelCreditCard."""

    order: ClassVar[type[Order]] = CancelCreditCard

    def propose(self, customer: CustomerRecord, order: CancelCreditCard, now: datetime) -> Offer:
        state = self._checked(customer, order, now)
        lines = [
            Line("怎么办理", "登记后由客服人员在 3 个工作日内致电核实"),
            Line("请注意", "销户后卡片停用，不能恢复"),
        ]
        if order.forfeit_points:
            lines.append(Line("积分", "剩余积分清零"))
        return Offer(f"申请注销信用卡（尾号{state.account.tail}）", tuple(lines))

    def execute(self, customer: CustomerRecord, order: CancelCreditCard, now: datetime) -> Lines:
        state = self._checked(customer, order, now)
        state.record.closing_no, state.record.autopay = number("XH", now), None
        closed_by = full_day(state.today + timedelta(days=CLOSING_DAYS))
        return Line("客服致电", "3 个工作日内"), Line("正式销户", f"{closed_by}前，这之前请保留卡片")

    def _checked(self, customer: CustomerRecord, order: CancelCreditCard, now: datetime) -> CardState:
        state = card_state(customer, order.account_id, now)
        if state.record.closing_no is not None:
            reason = f"销户申请已经登记（受理编号 {state.record.closing_no}），客服会致电核实，请留意电话。"
            raise NotPossible("closing", reason)
        left = points_of(customer, now).balance
        reasons = self._reasons(state)
        if reasons:
            if left:
                reasons.append(f"还有 {left:,} 积分，销户后会清零，可以先兑换")
            told = f"这张信用卡现在还不能注销：{'；'.join(reasons)}。处理好以后再来找我。"
            raise NotPossible("still_in_use", told)
        if left and not order.forfeit_points:
            raise NotPossible("points_left", f"您还有 {left:,} 积分，销户后会清零。")
        return state

    def _reasons(self, state: CardState) -> list[str]:
        balance_fen, reasons = state.account.balance_fen, []
        if balance_fen < 0:
            reasons.append(f"还有欠款 ¥{format_fen(-balance_fen)}，请先还清")
        if state.record.plans:
            reasons.append("还有没还完的分期，请先结清")
        if balance_fen > 0:
            reasons.append(f"卡里还多存了 ¥{format_fen(balance_fen)}，请先取出")
        return reasons


def _until(today: date) -> date:
    return today + timedelta(days=TEMPORARY_DAYS)


RULES: tuple[OrderRules, ...] = (
    RepaymentRules(),
    RaiseLimitRules(),
    ClosingRules(),
)
