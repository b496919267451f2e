"""Opening a time deposit out of a debit account."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field, StrictInt
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from chinese.days_text import full_day
from chinese.rates_text import percent
from finance.deposits import TimeDeposit
from services.core_bank import catalogue, paying
from services.core_bank.clock import bank_day
from services.core_bank.deposit.tables import time_deposits
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_id
from services.core_bank.own_accounts import shown
from services.core_bank.tables import accounts


class OpenTimeDepositRequest(DraftRequest):
    kind: Literal["open_time_deposit"]
    from_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    months: StrictInt


class OpenTimeDeposit(Order):
    """Money from a debit account into a new time deposit at today's rate."""

    name = "open_time_deposit"
    Request = OpenTimeDepositRequest

    def propose(self, conn: Connection, applicant: Applicant, request: OpenTimeDepositRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        term = _term(request.months, amount_fen)
        account = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        paying.check_funds(account, amount_fen)
        today = bank_day(applicant.now)
        deposit = TimeDeposit(amount_fen, Decimal(term["annual_rate"]), today, request.months)
        text = f"从{shown(account)}存入{term['name']} ¥{format_fen(amount_fen)}"
        lines = [("存入金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"), *_terms(deposit)]
        return Offer(text, [*lines, ("付款账户", shown(account))], {"on": today.isoformat(), "term": term})

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields, term = asked(draft), draft.payload["term"]
        paying.lock_card(conn, fields["from_account_id"])
        account = paying.paying_account(conn, draft.customer_id, fields["from_account_id"])
        opened = date.fromisoformat(draft.payload["on"])
        deposit = TimeDeposit(fields["amount_fen"], Decimal(term["annual_rate"]), opened, fields["months"])
        deposit_id = _open(conn, draft, term, deposit)
        payment = paying.Payment(account.id, deposit_id, fields["amount_fen"], term["name"], "time_deposit", "存入定期")
        receipt_no = paying.pay(conn, draft, payment, now)
        return Receipt(receipt_no, now, _terms(deposit))


def _term(months: int, amount_fen: int) -> dict[str, Any]:
    """Raises not_possible (term_unknown, below_minimum)."""
    offered = catalogue.section("deposits")
    term: dict[str, Any] | None = next((one for one in offered["terms"] if one["months"] == months), None)
    if term is None:
        raise not_possible("term_unknown", "没有这个期限的定期，可以选3个月、6个月、1年、2年、3年或5年。")
    if amount_fen < offered["least_fen"]:
        raise not_possible("below_minimum", f"定期存款 ¥{format_fen(offered['least_fen'])} 起存，请改大一点。")
    return term


def _terms(deposit: TimeDeposit) -> Lines:
    return [
        ("年利率", percent(deposit.annual_rate)),
        ("到期日", full_day(deposit.matures)),
        ("到期利息", f"¥{format_fen(deposit.interest)}"),
        ("到期本息", f"¥{format_fen(deposit.maturity_value)}"),
    ]


def _open(conn: Connection, draft: Row, term: dict[str, Any], deposit: TimeDeposit) -> str:
    deposit_id = new_id("ac")
    of_customer = accounts.c.customer_id == draft.customer_id
    last = conn.execute(sa.select(sa.func.max(accounts.c.position)).where(of_customer)).scalar_one()
    conn.execute(
        sa.insert(accounts).values(
            id=deposit_id,
            world_id=draft.world_id,
            customer_id=draft.customer_id,
            position=last + 1,
            kind="time_deposit",
            name=term["name"],
            floor_fen=0,
            matures_on=deposit.matures,
        )
    )
    conn.execute(
        sa.insert(time_deposits).values(
            account_id=deposit_id,
            annual_rate=term["annual_rate"],
            months=deposit.months,
            opened_on=deposit.opened,
        )
    )
    return deposit_id
