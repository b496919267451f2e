"""How a credit card is billed and paid at the in-memory bank: instalments, bill day, autopay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar

from banking.credit_card import Autopay, ChangeBillDate, ConvertInstalment, SetAutopay
from banking.memory_credit_card import HALF_A_YEAR, number, usable
from banking.memory_credit_reads import CardState, card_state
from banking.memory_credit_world import DAYS_TO_DUE, FEE_RATES, PlanRecord
from banking.memory_orders import Lines, Offer, OrderRules, post
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import BankRefused, NotPossible
from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance.credit_card import due_date
from finance.instalments import Plan, annual_rate, schedule
from finance.interest import add_months

LEAST_INSTALMENT_FEN = 500_00
FIRST_BILL_DAY, LAST_BILL_DAY = 1, 28
SHARES = {"full": "全额", "minimum": "最低还款额"}


class InstalmentRules(OrderRules):
    """ConvertInstalment."""

    order: ClassVar[type[Order]] = ConvertInstalment

    def propose(self, customer: CustomerRecord, order: ConvertInstalment, now: datetime) -> Offer:
        state, plan = self._checked(customer, order, now)
        rows = schedule(plan, _first_due(state))
        lines = [
            Line("每期本金", f"¥{format_fen(rows[0].principal)}"),
            Line("每期手续费", f"¥{format_fen(plan.fee)}（每期 {plan.fee_rate:.2%}）"),
            Line("每期共还", f"¥{format_fen(rows[0].payment)}"),
        ]
        if rows[-1].payment != rows[0].payment:
            lines.append(Line("最后一期", f"¥{format_fen(rows[-1].payment)}"))
        lines += [
            Line("手续费合计", f"¥{format_fen(plan.total_fee)}"),
            Line("折合年化利率（单利）", f"{annual_rate(plan):.2%}"),
            Line("首期还款日", full_day(rows[0].due)),
        ]
        amount = format_fen(plan.amount)
        text = f"把信用卡（尾号{state.account.tail}）账单里的 ¥{amount} 分 {plan.periods} 期还"
        return Offer(text, tuple(lines))

    def execute(self, customer: CustomerRecord, order: ConvertInstalment, now: datetime) -> Lines:
        state, plan = self._checked(customer, order, now)
        record, first = state.record, _first_due(state)
        record.plans.insert(0, PlanRecord(number("FQ", now), record.billed_on, plan.amount, plan.periods, first))
        left_fen = state.bill_left_fen
        left = f"¥{format_fen(left_fen)}，{full_day(record.due_on)}前还清" if left_fen else "不用再还"
        return Line("首期还款日", full_day(first)), Line("本期账单剩余", left)

    def _checked(self, customer: CustomerRecord, order: ConvertInstalment, now: datetime) -> tuple[CardState, Plan]:
        amount_fen = amount_of(order.amount_fen)
        state = usable(customer, order.account_id, now)
        if order.periods not in FEE_RATES:
            raise NotPossible("periods_unknown", "账单可以分 3、6、12 或 24 期，请选一种。")
        if state.plan_of_bill is not None:
            raise NotPossible("converted_already", "这期账单已经办过分期了，一期账单只能办一次。")
        left, least = state.bill_left_fen, format_fen(LEAST_INSTALMENT_FEN)
        if not left:
            raise NotPossible("bill_paid", "这期账单已经还清，没有可以分期的金额；新的消费出账以后才能分期。")
        if left < LEAST_INSTALMENT_FEN:
            raise NotPossible("bill_small", f"账单还剩 ¥{format_fen(left)}，不到 ¥{least}，不能分期，请直接还款。")
        if amount_fen > left:
            raise NotPossible("above_bill", f"只有已出账单的金额可以分期，最多 ¥{format_fen(left)}，请改小一点。")
        if amount_fen < LEAST_INSTALMENT_FEN:
            raise NotPossible("below_instalment", f"分期金额最少 ¥{least}，请改大一点。")
        return state, Plan(amount_fen, order.periods, FEE_RATES[order.periods])


class BillDayRules(OrderRules):
    """ChangeBillDate."""

    order: ClassVar[type[Order]] = ChangeBillDate

    def propose(self, customer: CustomerRecord, order: ChangeBillDate, now: datetime) -> Offer:
        state, day = self._checked(customer, order, now), order.bill_day
        record, first = state.record, _next_bill(state.today, day)
        return Offer(
            f"把信用卡（尾号{state.account.tail}）的账单日改为每月{day}日",
            (
                Line("现在的账单日", f"每月{record.bill_day}日，还款日每月{record.due_day}日"),
                Line("新的账单日", f"每月{day}日，还款日为出账后第 {DAYS_TO_DUE} 天"),
                Line("已出的账单", f"不受影响，仍在{full_day(record.due_on)}前还"),
                Line("首个新账单", f"{full_day(first)}出账，{full_day(due_date(first, DAYS_TO_DUE))}前还"),
                Line("请注意", "半年内只能改一次"),
            ),
        )

    def execute(self, customer: CustomerRecord, order: ChangeBillDate, now: datetime) -> Lines:
        state, day = self._checked(customer, order, now), order.bill_day
        record, account = state.record, state.account
        first = _next_bill(state.today, day)
        due = due_date(first, DAYS_TO_DUE)
        record.bill_day, record.due_day, record.bill_day_changed_on = day, due.day, state.today
        customer.put(replace(account, credit=account.credit and replace(account.credit, due_day=due.day)))
        return Line("首个新账单", full_day(first)), Line("它的还款日", full_day(due))

    def _checked(self, customer: CustomerRecord, order: ChangeBillDate, now: datetime) -> CardState:
        state = usable(customer, order.account_id, now)
        if not FIRST_BILL_DAY <= order.bill_day <= LAST_BILL_DAY:
            reason = f"账单日可以选每月{FIRST_BILL_DAY}日到{LAST_BILL_DAY}日。"
            raise NotPossible("bill_day_unknown", reason)
        changed = state.record.bill_day_changed_on
        if changed and state.today < add_months(changed, HALF_A_YEAR):
            again = full_day(add_months(changed, HALF_A_YEAR))
            reason = f"半年内只能改一次账单日，您在{full_day(changed)}改过，{again}以后可以再改。"
            raise NotPossible("bill_day_changed", reason)
        if order.bill_day == state.record.bill_day:
            raise NotPossible("same_bill_day", f"现在的账单日就是每月{order.bill_day}日，请换一天。")
        return state


class AutopayRules(OrderRules):
    """SetAutopay."""

    order: ClassVar[type[Order]] = SetAutopay

    def propose(self, customer: CustomerRecord, order: SetAutopay, now: datetime) -> Offer:
        state, account = self._checked(customer, order, now)
        tail = state.account.tail
        if account is None:
            by = "以后请在每期还款日前自己还款"
            return Offer(f"取消信用卡（尾号{tail}）的自动还款", (Line("请注意", by),))
        how = f"每期还款日自动还{SHARES[order.share]}"
        lines = [
            Line("扣款账户", f"{account.name}（尾号{account.tail}）"),
            Line("请注意", "扣款日前请留足余额，扣款不足会算逾期"),
        ]
        if order.share == "minimum":
            lines.append(Line("只还最低", "没还的部分从记账日起按日计息"))
        return Offer(f"为信用卡（尾号{tail}）设置自动还款，{how}", tuple(lines))

    def execute(self, customer: CustomerRecord, order: SetAutopay, now: datetime) -> Lines:
        state, account = self._checked(customer, order, now)
        autopay = None
        if account is not None and order.share != "off":
            autopay = Autopay(order.share, account.id, account.tail or "")
        state.record.autopay = autopay
        if state.today >= state.record.due_on:
            state.record.autopaid_bill = state.record.billed_on
        return (Line("生效", "从下一个还款日起"),)

    def _checked(self, customer: CustomerRecord, order: SetAutopay, now: datetime) -> tuple[CardState, Account | None]:
        state = usable(customer, order.account_id, now)
        present = state.record.autopay
        if order.share == "off":
            if present is None:
                raise NotPossible("autopay_off", "这张信用卡没有设置自动还款，不用取消。")
            return state, None
        account = paying_account(customer, order.from_account_id or "")
        if present is not None and (present.share, present.account_id) == (order.share, account.id):
            reason = f"这张信用卡已经设置了从尾号{account.tail}自动还{SHARES[order.share]}，不用再设。"
            raise NotPossible("autopay_same", reason)
        return state, account


def settle_autopay(customer: CustomerRecord, now: datetime) -> None:
    """A bill is paid on its day, each once; while the account can not pay, it is tried again."""
    for record in customer.credit.cards.values():
        state, autopay = card_state(customer, record.account_id, now), record.autopay
        if autopay is None or state.today < record.due_on or record.autopaid_bill == record.billed_on:
            continue
        amount_fen = state.bill_left_fen if autopay.share == "full" else state.minimum_left_fen
        if not amount_fen or _repay(customer, state, autopay, amount_fen, now):
            record.autopaid_bill = record.billed_on


def _repay(customer: CustomerRecord, state: CardState, autopay: Autopay, amount_fen: int, now: datetime) -> bool:
    """Whether the paying account could."""
    try:
        account = paying_account(customer, autopay.account_id)
    except BankRefused:
        return False
    if amount_fen > account.available_fen:
        return False
    post(customer, account.id, -amount_fen, f"信用卡{state.account.tail}", "自动还款", "repayment", now)
    post(customer, state.account.id, amount_fen, customer.name, "自动还款", "repayment", now)
    return True


def _first_due(state: CardState) -> date:
    return add_months(state.record.due_on, 1)


def _next_bill(today: date, bill_day: int) -> date:
    this_month = today.replace(day=bill_day)
    return this_month if this_month > today else add_months(this_month, 1)


RULES: tuple[OrderRules, ...] = (InstalmentRules(), BillDayRules(), AutopayRules())
