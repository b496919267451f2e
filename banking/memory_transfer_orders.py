"""Orders about transfers in the in-memory bank: the same rules and words as the core's."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfer_book import Schedule
from banking.memory_transfers import (
    BANK_ZONE,
    amount_of,
    bank_day,
    limits_of,
    paying_account,
    transfer_risk,
)
from banking.memory_world import CustomerRecord
from banking.model import Account, Line, Payee
from banking.orders import Order
from banking.port import AccountNotFound, InsufficientFunds, NotPossible, PayeeNotFound, PayeeUnavailable
from banking.transfers import (
    CancelTransfer,
    ChangeTransferLimit,
    ScheduleTransfer,
    TransferOwnAccounts,
)
from chinese.amounts_text import format_fen, upper
from chinese.days import full_day, timing

LIMIT_MAXIMUM_FEN = 200_000_00
LIMIT_CAREFUL_FEN = 50_000_00
LIMIT_REVIEW_FEN = 100_000_00
FURTHEST = timedelta(days=366)
LAST_DAY_OF_MONTH = 28


class OwnAccountsRules(OrderRules):
    """TransferOwnAccounts."""

    order: ClassVar[type[Order]] = TransferOwnAccounts

    def propose(self, customer: CustomerRecord, order: TransferOwnAccounts, now: datetime) -> Offer:
        payer, payee = self._checked(customer, order)
        shown = [f"{account.name}（尾号{account.tail}）" for account in (payer, payee)]
        amount = format_fen(order.amount_fen)
        lines = (
            Line("转出", shown[0]),
            Line("转入", shown[1]),
            Line("金额", f"¥{amount}（{upper(order.amount_fen)}）"),
            Line("手续费", "¥0.00"),
        )
        return Offer(f"从您的{shown[0]}转 ¥{amount} 到您的{shown[1]}", lines)

    def execute(self, customer: CustomerRecord, order: TransferOwnAccounts, now: datetime) -> Lines:
        payer, payee = self._checked(customer, order)
        other = f"本人账户{payee.tail}"
        post(customer, payer.id, -order.amount_fen, other, "本人账户互转", "transfer", now)
        post(customer, payee.id, order.amount_fen, customer.name, "本人账户互转", "transfer", now)
        left = [customer.accounts[account.id] for account in (payer, payee)]
        return tuple(Line(f"尾号{account.tail}余额", f"¥{format_fen(account.balance_fen)}") for account in left)

    def _checked(self, customer: CustomerRecord, order: TransferOwnAccounts) -> tuple[Account, Account]:
        amount_of(order.amount_fen)
        payer = paying_account(customer, order.from_account_id)
        payee = customer.accounts.get(order.to_account_id)
        if payee is None:
            raise AccountNotFound
        if payee.kind != "debit":
            raise NotPossible("not_a_debit_account", "只能转到您名下的借记卡账户；还信用卡请说「还信用卡」。")
        if payee.id == payer.id:
            raise NotPossible("same_account", "转出和转入是同一个账户，请换一个转入账户。")
        if order.amount_fen > payer.available_fen:
            raise InsufficientFunds(payer.available_fen)
        return payer, payee


class ScheduleRules(OrderRules):
    """ScheduleTransfer."""

    order: ClassVar[type[Order]] = ScheduleTransfer

    def propose(self, customer: CustomerRecord, order: ScheduleTransfer, now: datetime) -> Offer:
        account, payee, first_on = self._checked(customer, order, now)
        shown, amount = f"{payee.name}（{payee.bank}，尾号{payee.tail}）", format_fen(order.amount_fen)
        lines = (
            Line("收款人", shown),
            Line("金额", f"¥{amount}（{upper(order.amount_fen)}）"),
            Line("付款账户", f"{account.name}（尾号{account.tail}）"),
            Line("转账日" if order.repeats == "once" else "第一次转账", full_day(first_on)),
        )
        noon = datetime.combine(first_on, time(12), BANK_ZONE)
        risk, reasons = transfer_risk(order.amount_fen, payee, noon)
        text = f"{timing(order.repeats, first_on)}从尾号{account.tail}向{shown}转账 ¥{amount}"
        return Offer(text, lines, risk, reasons)

    def execute(self, customer: CustomerRecord, order: ScheduleTransfer, now: datetime) -> Lines:
        _, _, first_on = self._checked(customer, order, now)
        schedule = Schedule(
            f"st_{secrets.token_hex(8)}",
            order.account_id,
            order.payee_id,
            order.amount_fen,
            order.repeats,
            first_on,
        )
        customer.book.schedules[schedule.id] = schedule
        return (
            Line("最近一次转账", full_day(first_on)),
            Line("提醒", "请在前一天备足余额，不够转时这一次不会转"),
        )

    def _checked(self, customer: CustomerRecord, order: ScheduleTransfer, now: datetime) -> tuple[Account, Payee, date]:
        amount_of(order.amount_fen)
        first_on = _first_day(order, bank_day(now))
        account = paying_account(customer, order.account_id)
        payee = customer.payees.get(order.payee_id)
        if payee is None:
            raise PayeeNotFound
        if payee.internal and payee.tail == account.tail:
            raise PayeeUnavailable("收款账户与付款账户相同。")
        return account, payee, first_on


def _first_day(order: ScheduleTransfer, today: date) -> date:
    try:
        day = date.fromisoformat(order.first_on)
    except ValueError:
        raise NotPossible("day_invalid", "没有这一天，请换一个日子。") from None
    if day <= today:
        raise NotPossible("day_not_ahead", "预约的日子最早是明天；现在就要转，请直接说「转账」。")
    if day - today > FURTHEST:
        raise NotPossible("day_too_far", "最远可以预约到一年以后，请换一个近一点的日子。")
    if order.repeats == "monthly" and day.day > LAST_DAY_OF_MONTH:
        reason = f"每月转账请选 1 日到 {LAST_DAY_OF_MONTH} 日之间的一天，每个月都有这一天。"
        raise NotPossible("day_of_month", reason)
    return day


class CancelRules(OrderRules):
    """CancelTransfer."""

    order: ClassVar[type[Order]] = CancelTransfer

    def propose(self, customer: CustomerRecord, order: CancelTransfer, now: datetime) -> Offer:
        schedule = customer.book.schedules.get(order.transfer_id)
        if schedule is None or schedule.next_on is None:
            return Offer(f"撤回正在复核的业务：{self._in_review(customer, order)}")
        payee, account = customer.payees[schedule.payee_id], customer.accounts[schedule.account_id]
        shown = f"{payee.name}（{payee.bank}，尾号{payee.tail}）"
        text = f"{timing(schedule.repeats, schedule.next_on)}向{shown}转账 ¥{format_fen(schedule.amount_fen)}"
        lines = (Line("下一次转账", full_day(schedule.next_on)), Line("付款账户", f"尾号{account.tail}"))
        return Offer(f"撤销预约：{text}", lines)

    def execute(self, customer: CustomerRecord, order: CancelTransfer, now: datetime) -> Lines:
        schedule = customer.book.schedules.get(order.transfer_id)
        if schedule is not None and schedule.next_on is not None:
            schedule.next_on = None
            return ()
        self._in_review(customer, order)
        customer.drafts[order.transfer_id].move(state="CANCELLED")
        return ()

    def _in_review(self, customer: CustomerRecord, order: CancelTransfer) -> str:
        """The words of the draft."""
        record = customer.drafts.get(order.transfer_id)
        if record is None or record.draft.state != "REVIEW":
            reason = "这笔已经转出或撤销了，不能再撤销。转错了请对我说「转错了」，我来登记追回。"
            raise NotPossible("nothing_to_cancel", reason)
        return record.draft.canonical_text


class LimitRules(OrderRules):
    """ChangeTransferLimit."""

    order: ClassVar[type[Order]] = ChangeTransferLimit

    def propose(self, customer: CustomerRecord, order: ChangeTransferLimit, now: datetime) -> Offer:
        current_fen = self._checked(customer, order, now)
        current, wanted = format_fen(current_fen), format_fen(order.daily_fen)
        reviewed = order.daily_fen > max(LIMIT_REVIEW_FEN, current_fen)
        lines = (
            Line("现在的限额", f"¥{current}"),
            Line("调整后的限额", f"¥{wanted}"),
            Line("生效时间", "复核通过后" if reviewed else "办理后马上"),
        )
        text = f"把每日转账限额{'提高' if order.daily_fen > current_fen else '降低'}到 ¥{wanted}"
        if order.daily_fen <= max(current_fen, LIMIT_CAREFUL_FEN):
            return Offer(text, lines)
        return Offer(text, lines, "red" if reviewed else "yellow", ("higher_limit",))

    def execute(self, customer: CustomerRecord, order: ChangeTransferLimit, now: datetime) -> Lines:
        self._checked(customer, order, now)
        customer.book.daily_fen = order.daily_fen
        return (Line("今天还可以转", f"¥{format_fen(limits_of(customer, now).remaining_today_fen)}"),)

    def _checked(self, customer: CustomerRecord, order: ChangeTransferLimit, now: datetime) -> int:
        """The present limit."""
        amount_of(order.daily_fen)
        current_fen = limits_of(customer, now).daily_fen
        if order.daily_fen > LIMIT_MAXIMUM_FEN:
            reason = f"线上最高可以调到每日 ¥{format_fen(LIMIT_MAXIMUM_FEN)}，要更高请带身份证到网点办理。"
            raise NotPossible("above_maximum", reason)
        if order.daily_fen == current_fen:
            reason = f"您的每日转账限额已经是 ¥{format_fen(current_fen)}，不用调整。"
            raise NotPossible("same_limit", reason)
        return current_fen


RULES: tuple[OrderRules, ...] = (OwnAccountsRules(), ScheduleRules(), CancelRules(), LimitRules())
