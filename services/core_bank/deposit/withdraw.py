"""Withdrawing a time deposit, all of it or a part, before or after it matures."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from finance import deposits
from services.core_bank import catalogue, ledger, paying
from services.core_bank.clock import bank_day
from services.core_bank.deposit.records import deposit_of, lock_deposit
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.own_accounts import bank_account, own_account, shown
from services.core_bank.tables import accounts


class WithdrawTimeDepositRequest(DraftRequest):
    kind: Literal["withdraw_time_deposit"]
    account_id: Text
    to_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


@dataclass(frozen=True)
class _Checked:
    deposit: Row
    to: Row
    paid: deposits.Withdrawal


class WithdrawTimeDeposit(Order):
    """Principal and interest to a debit account; what is withdrawn early earns the demand rate."""

    name = "withdraw_time_deposit"
    Request = WithdrawTimeDepositRequest

    def propose(self, conn: Connection, applicant: Applicant, request: WithdrawTimeDepositRequest) -> Offer:
        today = bank_day(applicant.now)
        checked = _check(conn, applicant.customer_id, request.dict(), today)
        paid = checked.paid
        text = f"支取{checked.deposit.name} ¥{format_fen(paid.principal)}到{shown(checked.to)}"
        lines = [
            *_amounts(paid),
            ("比存到期少得利息", f"¥{format_fen(max(paid.lost, 0))}"),
            ("剩余定期", f"¥{format_fen(paid.rest.principal if paid.rest else 0)}"),
            ("转入账户", shown(checked.to)),
        ]
        return Offer(text, lines, {"on": today.isoformat()})

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields, on = asked(draft), date.fromisoformat(draft.payload["on"])
        lock_deposit(conn, fields["account_id"])
        checked = _check(conn, draft.customer_id, fields, on)
        deposit, paid = checked.deposit, checked.paid
        legs = [
            ledger.Leg(deposit.id, -paid.principal, shown(checked.to)),
            ledger.Leg(checked.to.id, paid.principal + paid.interest, deposit.name),
        ]
        if paid.interest:
            expense = bank_account(conn, draft.world_id, "interest_expense")
            legs.append(ledger.Leg(expense, -paid.interest, deposit.name))
        ledger.lock_accounts(conn, [leg.account_id for leg in legs])
        entry = ledger.Entry(draft.world_id, "time_deposit", "定期支取本息", now, draft_id=draft.id)
        receipt_no = ledger.post(conn, entry, legs)
        if paid.rest is None:
            conn.execute(sa.update(accounts).where(accounts.c.id == deposit.id).values(state="closed"))
        return Receipt(receipt_no, now, _amounts(paid))


def _amounts(paid: deposits.Withdrawal) -> Lines:
    return [
        ("支取本金", f"¥{format_fen(paid.principal)}"),
        ("利息", f"¥{format_fen(paid.interest)}"),
        ("到账合计", f"¥{format_fen(paid.principal + paid.interest)}"),
    ]


def _check(conn: Connection, customer_id: str, fields: dict[str, Any], on: date) -> _Checked:
    """Raises amount_invalid, account_not_found, not_possible (above_deposit, whole_only, rest_too_small)."""
    amount_fen = paying.amount_of(fields["amount_fen"])
    account = own_account(conn, customer_id, fields["account_id"], "time_deposit")
    to = own_account(conn, customer_id, fields["to_account_id"], "debit")
    deposit, offered = deposit_of(conn, account), catalogue.section("deposits")
    left = deposit.principal - amount_fen
    if left < 0:
        raise not_possible("above_deposit", f"这笔定期有 ¥{format_fen(deposit.principal)}，请改小一点。")
    if left and on >= deposit.matures:
        raise not_possible("whole_only", "这笔定期已经到期，要全部支取，请选全部。")
    if 0 < left < offered["least_fen"]:
        raise not_possible(
            "rest_too_small", f"部分支取后至少要留 ¥{format_fen(offered['least_fen'])}，请改小一点或者全部支取。"
        )
    paid = deposits.withdraw(deposit, on, Decimal(offered["demand_rate"]), amount_fen)
    return _Checked(account, to, paid)
