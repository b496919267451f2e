"""Wealth products of the in-memory bank: what is read, buying, the questionnaire. Redeeming: memory_redemption."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from banking import memory_catalogue as catalogue
from banking.memory_base import MemoryBase
from banking.memory_books import BANK_ZONE, Assessment, HoldingRecord, bank_day
from banking.memory_orders import Lines, Offer, OrderRules, post, shown
from banking.memory_redemption import RedemptionRules, free_on, is_cooling, value_of
from banking.memory_transfers import amount_of, paying_account
from banking.memory_world import CustomerRecord
from banking.model import Account, Line, Risk
from banking.orders import Order
from banking.port import InsufficientFunds, NotPossible
from banking.wealth import AssessRisk, BuyWealth, Holding, RiskProfile, RiskQuestion, RiskResult, WealthProduct
from chinese.amounts_text import format_fen, upper
from chinese.days_text import full_day
from chinese.rates_text import percent
from finance.interest import add_months
from finance.wealth import subscribe

LETTERS = "ABCD"
CAREFUL_RISK = 3
COOLING = timedelta(hours=24)
WARNING = "理财非存款，产品有风险，可能亏损本金；业绩比较基准不是收益承诺"


class MemoryWealth(MemoryBase):
    """A `banking.wealth.WealthBank`."""

    def wealth_products(self, session: str | None) -> tuple[WealthProduct, ...]:
        return self.publish(session, catalogue.wealth_products)

    def risk_questions(self, session: str | None) -> tuple[RiskQuestion, ...]:
        return self.publish(session, catalogue.risk_questions)

    def risk_profile(self, session: str) -> RiskProfile:
        return self.read(session, lambda customer: _profile(customer, bank_day(self.clock())))

    def holdings(self, session: str) -> tuple[Holding, ...]:
        return self.read(session, lambda customer: _holdings(customer, self.clock()))


def _profile(customer: CustomerRecord, today: date) -> RiskProfile:
    found = customer.books.assessment
    if found is None:
        return RiskProfile(None)
    name = catalogue.level_name(found.level)
    return RiskProfile(RiskResult(found.level, name, found.valid_until, today <= found.valid_until))


def _holdings(customer: CustomerRecord, now: datetime) -> tuple[Holding, ...]:
    return tuple(_holding(record, now) for record in customer.books.holdings.values() if record.shares)


def _holding(record: HoldingRecord, now: datetime) -> Holding:
    product, value_fen = catalogue.wealth_product(record.product_code), value_of(record)
    assert product is not None
    return Holding(
        id=record.id,
        product_code=product.code,
        product_name=product.name,
        risk=product.risk,
        shares=str(record.shares),
        net_value=product.net_value,
        cost_fen=record.cost_fen,
        value_fen=value_fen,
        profit_fen=value_fen - record.cost_fen,
        bought_on=bank_day(record.bought_at),
        redeemable_on=free_on(record),
        cooling_until=record.cooling_until if is_cooling(record, now) else None,
    )


class AssessmentRules(OrderRules):
    """AssessRisk."""

    order: ClassVar[type[Order]] = AssessRisk

    def propose(self, customer: CustomerRecord, order: AssessRisk, now: datetime) -> Offer:
        found = _assessed(order, now)
        text = f"提交风险测评，结果为C{found.level}（{catalogue.level_name(found.level)}）"
        answers = "、".join(f"{number}{answer}" for number, answer in enumerate(order.answers, 1))
        return Offer(text, (Line("您的答案", answers), *_result(found)))

    def execute(self, customer: CustomerRecord, order: AssessRisk, now: datetime) -> Lines:
        customer.books.assessment = _assessed(order, now)
        return _result(customer.books.assessment)


def _assessed(order: AssessRisk, now: datetime) -> Assessment:
    count = len(catalogue.risk_questions())
    if len(order.answers) != count or any(answer not in LETTERS for answer in order.answers):
        raise NotPossible("answers_incomplete", f"测评共{count}题，每题选一个答案，请重新作答。")
    points = sum(LETTERS.index(answer) + 1 for answer in order.answers)
    return Assessment(catalogue.risk_level(points), add_months(bank_day(now), 12))


def _result(found: Assessment) -> Lines:
    return (
        Line("风险等级", f"C{found.level} {catalogue.level_name(found.level)}"),
        Line("可以购买", "R1" if found.level == 1 else f"R1至R{found.level}的产品"),
        Line("有效期至", full_day(found.valid_until)),
    )


class PurchaseRules(OrderRules):
    """BuyWealth."""

    order: ClassVar[type[Order]] = BuyWealth

    def propose(self, customer: CustomerRecord, order: BuyWealth, now: datetime) -> Offer:
        product, account = _purchase(customer, order, now)
        amount, careful = format_fen(order.amount_fen), product.risk >= CAREFUL_RISK
        lines = [
            Line("购买金额", f"¥{amount}（{upper(order.amount_fen)}）"),
            Line("风险等级", f"R{product.risk}"),
            Line("期限", product.term),
            Line("业绩比较基准", f"{percent(product.benchmark_low)}至{percent(product.benchmark_high)}"),
            Line("付款账户", shown(account)),
            Line("风险提示", WARNING),
        ]
        if careful:
            lines.append(Line("冷静期", "购买后24小时内可以全额撤回"))
        text = f"从{shown(account)}购买{product.name}（R{product.risk}）¥{amount}"
        risk: Risk = "yellow" if careful else "blue"
        return Offer(text, tuple(lines), risk, ("risky_product",) if careful else ())

    def execute(self, customer: CustomerRecord, order: BuyWealth, now: datetime) -> Lines:
        product, account = _purchase(customer, order, now)
        post(customer, account.id, -order.amount_fen, product.name, f"购买{product.name}", "wealth", now)
        shares = subscribe(order.amount_fen, Decimal(product.net_value)).shares
        cooling = now + COOLING if product.risk >= CAREFUL_RISK else None
        number = f"wh_{len(customer.books.holdings)}"
        customer.books.holdings[number] = HoldingRecord(number, product.code, shares, order.amount_fen, now, cooling)
        lines = [Line("确认份额", f"{shares:,}份"), Line("单位净值", product.net_value)]
        if cooling:
            until = f"{cooling.astimezone(BANK_ZONE):%Y年%-m月%-d日%H:%M}"
            lines.append(Line("冷静期至", f"{until}，之前可以全额撤回"))
        return tuple(lines)


def _purchase(customer: CustomerRecord, order: BuyWealth, now: datetime) -> tuple[WealthProduct, Account]:
    amount_of(order.amount_fen)
    product = catalogue.wealth_product(order.product_code)
    if product is None:
        raise NotPossible("no_such_product", "没有这款产品，请从在售的产品里选。")
    _check_suitability(customer, product, bank_day(now))
    if order.amount_fen < product.least_fen:
        raise NotPossible("below_minimum", f"{product.name} ¥{format_fen(product.least_fen)} 起购，请改大一点。")
    account = paying_account(customer, order.from_account_id)
    if order.amount_fen > account.available_fen:
        raise InsufficientFunds(account.available_fen)
    return product, account


def _check_suitability(customer: CustomerRecord, product: WealthProduct, today: date) -> None:
    found = customer.books.assessment
    if found is None:
        raise NotPossible("not_assessed", "购买前要先做一次风险测评，几道选择题，两分钟就好。")
    if today > found.valid_until:
        reason = f"您的风险测评已在{full_day(found.valid_until)}到期，请先重新测评。"
        raise NotPossible("assessment_expired", reason)
    if product.risk > found.level:
        reason = (
            f"{product.name}是R{product.risk}，您的测评结果是C{found.level}（{catalogue.level_name(found.level)}），"
            f"只能买R{found.level}及以下的产品，这一款不能卖给您。"
        )
        raise NotPossible("above_risk_level", reason)


RULES: tuple[OrderRules, ...] = (AssessmentRules(), PurchaseRules(), RedemptionRules())
