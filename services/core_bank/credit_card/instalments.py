"""Paying a bill in instalments: what it costs, and the plan."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import StrictInt
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance.instalments import Plan, annual_rate, schedule
from finance.instalments import Row as Period
from finance.interest import add_months
from services.core_bank import paying
from services.core_bank.credit_card import cards, terms
from services.core_bank.credit_card.cards import CreditCard
from services.core_bank.credit_card.tables import instalment_plans
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number


class ConvertInstalmentRequest(DraftRequest):
    kind: Literal["convert_installment"]
    account_id: Text
    amount_fen: Any
    periods: StrictInt


class ConvertInstalment(Order):
    """The bill or a part of it, once a bill, while it is due."""

    name = "convert_installment"
    Request = ConvertInstalmentRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ConvertInstalmentRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        card = cards.usable(conn, applicant.customer_id, request.account_id, applicant.now)
        plan = _checked(card, amount_fen, request.periods)
        text = f"把信用卡（尾号{card.tail}）账单里的 ¥{format_fen(amount_fen)} 分 {plan.periods} 期还"
        return Offer(text, _lines(plan, first_due(card)))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        card = cards.usable(conn, draft.customer_id, fields["account_id"], now, lock=True)
        plan = _checked(card, fields["amount_fen"], fields["periods"])
        plan_no, first = new_receipt_number("FQ", now), first_due(card)
        conn.execute(
            sa.insert(instalment_plans).values(
                plan_no=plan_no,
                account_id=card.row.id,
                billed_on=card.row.billed_on,
                amount_fen=plan.amount,
                periods=plan.periods,
                fee_rate=str(plan.fee_rate),
                first_due=first,
            )
        )
        left_fen = cards.get(conn, draft.customer_id, card.row.id, now).bill_left_fen
        left = f"¥{format_fen(left_fen)}，{full_day(card.row.due_on)}前还清" if left_fen else "不用再还"
        return Receipt(plan_no, now, [("首期还款日", full_day(first)), ("本期账单剩余", left)])


def offers(amount_fen: int) -> list[Plan]:
    """The plans of every number of periods, for an amount."""
    return [Plan(amount_fen, periods, rate) for periods, rate in terms.FEE_RATES.items()]


def plan_of(row: Row) -> Plan:
    return Plan(row.amount_fen, row.periods, Decimal(row.fee_rate))


def first_due(card: CreditCard) -> date:
    """The first instalment is in the next bill."""
    return add_months(card.row.due_on, 1)


def _lines(plan: Plan, first: date) -> list[tuple[str, str]]:
    rows: list[Period] = schedule(plan, first)
    lines = [
        ("每期本金", f"¥{format_fen(rows[0].principal)}"),
        ("每期手续费", f"¥{format_fen(plan.fee)}（每期 {plan.fee_rate:.2%}）"),
        ("每期共还", f"¥{format_fen(rows[0].payment)}"),
    ]
    if rows[-1].payment != rows[0].payment:
        lines.append(("最后一期", f"¥{format_fen(rows[-1].payment)}"))
    return [
        *lines,
        ("手续费合计", f"¥{format_fen(plan.total_fee)}"),
        ("折合年化利率（单利）", f"{annual_rate(plan):.2%}"),
        ("首期还款日", full_day(first)),
    ]


def _checked(card: CreditCard, amount_fen: int, periods: int) -> Plan:
    """Raises not_possible (periods_unknown, converted_already, bill_paid, bill_small, above_bill,
    below_instalment)."""
    if periods not in terms.FEE_RATES:
        raise not_possible("periods_unknown", "账单可以分 3、6、12 或 24 期，请选一种。")
    if card.plan_of_bill is not None:
        raise not_possible("converted_already", "这期账单已经办过分期了，一期账单只能办一次。")
    left = card.bill_left_fen
    if not left:
        raise not_possible("bill_paid", "这期账单已经还清，没有可以分期的金额；新的消费出账以后才能分期。")
    if left < terms.LEAST_INSTALMENT_FEN:
        least = format_fen(terms.LEAST_INSTALMENT_FEN)
        raise not_possible("bill_small", f"账单还剩 ¥{format_fen(left)}，不到 ¥{least}，不能分期，请直接还款。")
    if amount_fen > left:
        raise not_possible("above_bill", f"只有已出账单的金额可以分期，最多 ¥{format_fen(left)}，请改小一点。")
    if amount_fen < terms.LEAST_INSTALMENT_FEN:
        reason = f"分期金额最少 ¥{format_fen(terms.LEAST_INSTALMENT_FEN)}，请改大一点。"
        raise not_possible("below_instalment", reason)
    return Plan(amount_fen, periods, terms.FEE_RATES[periods])
