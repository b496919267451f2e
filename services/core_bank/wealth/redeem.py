"""Redeeming a holding, all of it or a part; taking it back within its cooling-off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance import wealth
from services.core_bank import ledger, paying
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_id, new_receipt_number
from services.core_bank.own_accounts import bank_account, own_account, shown
from services.core_bank.wealth.holdings import Holding, get_holding
from services.core_bank.wealth.tables import wealth_holdings, wealth_redemptions

SATURDAY = 5
NOTHING = Decimal("0.00")


class RedeemWealthRequest(DraftRequest):
    kind: Literal["redeem_wealth"]
    holding_id: Text
    to_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


@dataclass(frozen=True)
class _Checked:
    """`paid_fen` comes for `shares`; `arrives_on` is None when it comes at once."""

    holding: Holding
    to: Row
    shares: Decimal
    paid_fen: int
    arrives_on: date | None

    @property
    def rest(self) -> Decimal:
        return self.holding.shares - self.shares


class RedeemWealth(Order):
    """`amount_fen` is what to sell at today's net value; the money arrives on the next working day."""

    name = "redeem_wealth"
    Request = RedeemWealthRequest

    def propose(self, conn: Connection, applicant: Applicant, request: RedeemWealthRequest) -> Offer:
        checked = _check(conn, applicant.customer_id, request.dict(), applicant.now)
        name = checked.holding.product["name"]
        verb = "赎回" if checked.arrives_on else "撤回购买"
        text = f"{verb}{name} ¥{format_fen(checked.paid_fen)}到{shown(checked.to)}"
        lines = [
            *_arrival(checked),
            ("赎回份额", f"{checked.shares:,}份"),
            ("剩余份额", f"{checked.rest:,}份"),
            ("转入账户", shown(checked.to)),
        ]
        return Offer(text, lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        # The lock of the holding: what another order is redeeming of it is gone when we count.
        checked = _check(conn, draft.customer_id, asked(draft), now, lock=True)
        held = checked.holding.row
        cost_fen = wealth.cost_of_rest(held.cost_fen, checked.holding.shares, checked.rest)
        conn.execute(
            sa.update(wealth_holdings)
            .where(wealth_holdings.c.id == held.id)
            .values(shares=f"{checked.rest:.2f}", cost_fen=cost_fen)
        )
        receipt_no = _pay_back(conn, draft, checked, now)
        return Receipt(receipt_no, now, _arrival(checked))


def _pay_back(conn: Connection, draft: Row, checked: _Checked, now: datetime) -> str:
    name = str(checked.holding.product["name"])
    if checked.arrives_on is None:
        custody = bank_account(conn, draft.world_id, "wealth_custody")
        entry = ledger.Entry(draft.world_id, "wealth", f"撤回{name}", now, draft_id=draft.id)
        legs = (ledger.Leg(custody, -checked.paid_fen, name), ledger.Leg(checked.to.id, checked.paid_fen, name))
        ledger.lock_accounts(conn, [leg.account_id for leg in legs])
        return ledger.post(conn, entry, legs)
    conn.execute(
        sa.insert(wealth_redemptions).values(
            id=new_id("rd"),
            world_id=draft.world_id,
            customer_id=draft.customer_id,
            account_id=checked.to.id,
            product_name=name,
            amount_fen=checked.paid_fen,
            arrives_on=checked.arrives_on,
        )
    )
    return new_receipt_number("ZG", now)


def _check(conn: Connection, customer_id: str, fields: dict[str, Any], now: datetime, lock: bool = False) -> _Checked:
    """Raises amount_invalid, account_not_found, not_possible (no_such_holding, locked, above_holding, whole_only)."""
    amount_fen = paying.amount_of(fields["amount_fen"])
    holding = get_holding(conn, customer_id, fields["holding_id"], lock)
    to = own_account(conn, customer_id, fields["to_account_id"], "debit")
    if amount_fen > holding.value_fen:
        raise not_possible("above_holding", f"这笔持仓现在值 ¥{format_fen(holding.value_fen)}，请改小一点。")
    if holding.is_cooling(now):
        if amount_fen < holding.value_fen:
            raise not_possible("whole_only", "冷静期内只能全部撤回，请选全部。")
        return _Checked(holding, to, holding.shares, holding.row.cost_fen, None)
    if bank_day(now) < holding.free_on:
        raise not_possible(
            "locked", f"{holding.product['name']}{holding.product['term']}，{full_day(holding.free_on)}起可以赎回。"
        )
    shares = holding.shares
    if amount_fen < holding.value_fen:
        shares = min(shares, wealth.subscribe(amount_fen, holding.net_value).shares)
    paid = wealth.redeem(shares, holding.net_value).net
    return _Checked(holding, to, shares, paid, _next_working_day(bank_day(now)))


def _arrival(checked: _Checked) -> Lines:
    amount = f"¥{format_fen(checked.paid_fen)}"
    if checked.arrives_on is None:
        return [("退回金额", amount), ("到账时间", "马上到账")]
    return [("预计到账金额", amount), ("到账时间", f"T+1，{full_day(checked.arrives_on)}")]


def _next_working_day(day: date) -> date:
    """The sandbox knows weekends and no holidays."""
    following = day + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return following
