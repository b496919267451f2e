"""Redeeming wealth holdings of the in-memory bank, and the money that arrives a working day later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from banking import memory_catalogue as catalogue
from banking.memory_books import HoldingRecord, Redemption, bank_day
from banking.memory_orders import Lines, Offer, OrderRules, own_account, post, shown
from banking.memory_transfers import amount_of
from banking.memory_world import CustomerRecord
from banking.model import Account, Line
from banking.orders import Order
from banking.port import NotPossible
from banking.wealth import RedeemWealth, WealthProduct
from chinese.amounts_text import format_fen
from chinese.days_text import full_day
from finance import wealth

SATURDAY = 5


@dataclass(frozen=True)
class _Checked:
    """`paid_fen` comes for `shares`; `arrives_on` is None when it comes at once."""

    holding: HoldingRecord
    product: WealthProduct
    to: Account
    shares: Decimal
    paid_fen: int
    arrives_on: date | None


class RedemptionRules(OrderRules):
    """RedeemWealth."""

    order: ClassVar[type[Order]] = RedeemWealth

    def propose(self, customer: CustomerRecord, order: RedeemWealth, now: datetime) -> Offer:
        checked = _check(customer, order, now)
        verb = "赎回" if checked.arrives_on else "撤回购买"
        lines = (
            *_arrival(checked),
            Line("赎回份额", f"{checked.shares:,}份"),
            Line("剩余份额", f"{checked.holding.shares - checked.shares:,}份"),
            Line("转入账户", shown(checked.to)),
        )
        return Offer(f"{verb}{checked.product.name} ¥{format_fen(checked.paid_fen)}到{shown(checked.to)}", lines)

    def execute(self, customer: CustomerRecord, order: RedeemWealth, now: datetime) -> Lines:
        checked = _check(customer, order, now)
        held, name = checked.holding, checked.product.name
        rest = held.shares - checked.shares
        held.cost_fen, held.shares = wealth.cost_of_rest(held.cost_fen, held.shares, rest), rest
        if checked.arrives_on is None:
            post(customer, checked.to.id, checked.paid_fen, name, f"撤回{name}", "wealth", now)
        else:
            due = Redemption(checked.to.id, name, checked.paid_fen, checked.arrives_on)
            customer.books.redemptions.append(due)
        return _arrival(checked)


def settle(customer: CustomerRecord, now: datetime) -> None:
    """Redeemed money arrives on its day."""
    waiting, customer.books.redemptions = customer.books.redemptions, []
    for redemption in waiting:
        if redemption.arrives_on > bank_day(now):
            customer.books.redemptions.append(redemption)
            continue
        name = redemption.product_name
        post(customer, redemption.account_id, redemption.amount_fen, name, f"赎回{name}", "wealth", now)


def value_of(holding: HoldingRecord) -> int:
    """At today's net value, 分."""
    return wealth.redeem(holding.shares, Decimal(_product(holding).net_value)).gross


def free_on(holding: HoldingRecord) -> date:
    """The first day of redemption."""
    return bank_day(holding.bought_at) + timedelta(days=_product(holding).hold_days)


def is_cooling(holding: HoldingRecord, now: datetime) -> bool:
    """Whether it can still be taken back as if it had never been bought."""
    return holding.cooling_until is not None and now < holding.cooling_until


def _product(holding: HoldingRecord) -> WealthProduct:
    return next(product for product in catalogue.wealth_products() if product.code == holding.product_code)


def _check(customer: CustomerRecord, order: RedeemWealth, now: datetime) -> _Checked:
    amount_of(order.amount_fen)
    holding = customer.books.holdings.get(order.holding_id)
    if holding is None or not holding.shares:
        raise NotPossible("no_such_holding", "没有找到这笔持仓，请从您的持仓里选。")
    to, product, value_fen = own_account(customer, order.to_account_id, "debit"), _product(holding), value_of(holding)
    if order.amount_fen > value_fen:
        raise NotPossible("above_holding", f"这笔持仓现在值 ¥{format_fen(value_fen)}，请改小一点。")
    if is_cooling(holding, now):
        if order.amount_fen < value_fen:
            raise NotPossible("whole_only", "冷静期内只能全部撤回，请选全部。")
        return _Checked(holding, product, to, holding.shares, holding.cost_fen, None)
    if bank_day(now) < free_on(holding):
        reason = f"{product.name}{product.term}，{full_day(free_on(holding))}起可以赎回。"
        raise NotPossible("locked", reason)
    shares, net_value = holding.shares, Decimal(product.net_value)
    if order.amount_fen < value_fen:
        shares = min(shares, wealth.subscribe(order.amount_fen, net_value).shares)
    paid = wealth.redeem(shares, net_value).net
    return _Checked(holding, product, to, shares, paid, _next_working_day(bank_day(now)))


def _arrival(checked: _Checked) -> Lines:
    amount = f"¥{format_fen(checked.paid_fen)}"
    if checked.arrives_on is None:
        return (Line("退回金额", amount), Line("到账时间", "马上到账"))
    return (Line("预计到账金额", amount), Line("到账时间", f"T+1，{full_day(checked.arrives_on)}"))


def _next_working_day(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return following
