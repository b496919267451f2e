"""Paying a loan back early, all of it or a part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance import loans
from finance.loans import Effect, Loan, Prepayment
from services.core_bank import catalogue, ledger, paying
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.loan import tables
from services.core_bank.loan.records import loan_of, lock_loan
from services.core_bank.own_accounts import bank_account, own_account, shown


class PrepayLoanRequest(DraftRequest):
    kind: Literal["prepay_loan"]
    account_id: Text
    from_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    effect: Literal["shorter_term", "lower_payment"]


@dataclass(frozen=True)
class _Checked:
    loan: Row
    payer: Row
    before: Loan
    result: Prepayment


class PrepayLoan(Order):
    """`amount_fen` is principal; the interest on it since the last payment is paid with it."""

    name = "prepay_loan"
    Request = PrepayLoanRequest

    def propose(self, conn: Connection, applicant: Applicant, request: PrepayLoanRequest) -> Offer:
        today = bank_day(applicant.now)
        checked = _check(conn, applicant.customer_id, request.dict(), today)
        result = checked.result
        verb = "提前还" if result.rest else "提前还清"
        text = f"从{shown(checked.payer)}{verb}{checked.loan.name} ¥{format_fen(result.principal)}"
        lines = [*_paid(result), *_rest(checked), ("付款账户", shown(checked.payer))]
        return Offer(text, lines, {"on": today.isoformat()})

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields, on = asked(draft), date.fromisoformat(draft.payload["on"])
        lock_loan(conn, fields["account_id"])
        paying.lock_card(conn, fields["from_account_id"])
        checked = _check(conn, draft.customer_id, fields, on)
        result, name = checked.result, str(checked.loan.name)
        legs = [
            ledger.Leg(checked.payer.id, -result.payment, name),
            ledger.Leg(checked.loan.id, result.principal, shown(checked.payer)),
        ]
        if result.interest:
            income = bank_account(conn, draft.world_id, "interest_income")
            legs.append(ledger.Leg(income, result.interest, name))
        ledger.lock_accounts(conn, [leg.account_id for leg in legs])
        entry = ledger.Entry(draft.world_id, "repayment", "提前还贷", now, draft_id=draft.id)
        receipt_no = ledger.post(conn, entry, legs)
        _keep_terms(conn, checked)
        return Receipt(receipt_no, now, [*_paid(result), *_rest(checked)])


def _keep_terms(conn: Connection, checked: _Checked) -> None:
    rest = checked.result.rest
    if rest is not None:
        new_terms = sa.update(tables.loans).where(tables.loans.c.account_id == checked.loan.id)
        conn.execute(new_terms.values(months=rest.months, level_fen=loans.level(rest)))


def _paid(result: Prepayment) -> Lines:
    return [
        ("提前还本金", f"¥{format_fen(result.principal)}"),
        ("应付利息", f"¥{format_fen(result.interest)}"),
        ("合计扣款", f"¥{format_fen(result.payment)}"),
    ]


def _rest(checked: _Checked) -> Lines:
    result, rest = checked.result, checked.result.rest
    saved = ("节省利息", f"¥{format_fen(result.interest_saved)}")
    if rest is None:
        return [saved, ("剩余本金", "¥0.00，贷款结清")]
    following = loans.schedule(rest)
    before = loans.schedule(checked.before)
    return [
        saved,
        ("剩余本金", f"¥{format_fen(rest.principal)}"),
        ("下期月供", f"¥{format_fen(before[0].payment)} → ¥{format_fen(following[0].payment)}"),
        ("还清日期", f"{full_day(before[-1].due)} → {full_day(following[-1].due)}"),
    ]


def _check(conn: Connection, customer_id: str, fields: dict[str, Any], on: date) -> _Checked:
    """Raises amount_invalid, account_not_found, account_restricted, card_not_usable, insufficient_funds,
    not_possible (nothing_owed, above_debt, below_minimum, payment_due).
    """
    amount_fen = paying.amount_of(fields["amount_fen"])
    account = own_account(conn, customer_id, fields["account_id"], "mortgage")
    if account.balance_fen >= 0:
        raise not_possible("nothing_owed", "这笔贷款已经还清，不用再还。")
    loan, owed = loan_of(conn, account), -account.balance_fen
    least = catalogue.section("loan_rules")["prepay_least_fen"]
    if amount_fen > owed:
        raise not_possible("above_debt", f"剩余本金是 ¥{format_fen(owed)}，请改小一点，或者全部还清。")
    if amount_fen < min(least, owed):
        raise not_possible("below_minimum", f"提前还本金每次 ¥{format_fen(least)} 起，请改大一点。")
    if on >= loan.due(1):
        raise not_possible("payment_due", f"{full_day(loan.due(1))}的月供还没有入账，入账后再提前还。")
    payer = paying.paying_account(conn, customer_id, fields["from_account_id"])
    result = loans.prepay(loan, on, amount_fen, Effect(fields["effect"]))
    paying.check_funds(payer, result.payment)
    return _Checked(account, payer, loan, result)
