"""Credit cards of the demo bank, as plain records for the in-memory adapter; the same figures as the sandbox's seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from banking.credit_card import Autopay, CardApplication, CardProduct, CreditEntry, PointLot, Reward
from finance.interest import add_months

BANK_ZONE = ZoneInfo("Asia/Shanghai")
BILL_DAY, DUE_DAY = 5, 25
DAYS_TO_DUE = 20
FEE_RATES: dict[int, Decimal] = {
    3: Decimal("0.0090"),
    6: Decimal("0.0075"),
    12: Decimal("0.0060"),
    24: Decimal("0.0055"),
}
REVIEW_DAYS = 5
PRODUCTS = (
    CardProduct("standard", "标准金卡", "首年免收，一年刷满 5 次免次年", "消费每 ¥1 积 1 分", "日常消费"),
    CardProduct("youth", "青年卡", "免收", "线上消费双倍积分", "年轻人（18 至 30 周岁）"),
    CardProduct("auto", "车主卡", "首年免收，一年刷满 5 次免次年", "加油返现 1%，每月最多 ¥50", "经常开车的人"),
    CardProduct("travel", "航空联名白金卡", "¥600", "消费换里程，每年 4 次机场贵宾厅", "经常出差和旅行的人"),
)
REWARDS = (
    Reward("coffee", "咖啡券一张", 3_000, True),
    Reward("phone_credit", "话费 ¥30", 6_000, True),
    Reward("cup", "不锈钢保温杯", 8_800, True),
    Reward("fryer", "空气炸锅", 9_900, False),
    Reward("annual_fee", "抵扣信用卡年费", 10_000, True),
    Reward("cash_back", "抵扣信用卡欠款 ¥20", 10_000, True),
    Reward("gift_card", "超市购物卡 ¥50", 12_000, True),
    Reward("cooker", "智能电饭煲", 39_800, True),
)


@dataclass
class PlanRecord:
    """An instalment plan of the bill of `billed_on`."""

    plan_no: str
    billed_on: date
    amount_fen: int
    periods: int
    first_due: date


@dataclass
class CardRecord:
    """What the bank knows of one credit card beside its account."""

    account_id: str
    bill_day: int
    due_day: int
    billed_on: date
    due_on: date
    limit_fen: int
    bill_fen: int
    purchases: tuple[CreditEntry, ...]
    repayments: tuple[CreditEntry, ...]
    bill_day_changed_on: date | None = None
    limit_raised_on: date | None = None
    temporary_fen: int = 0
    temporary_until: date | None = None
    autopay: Autopay | None = None
    autopaid_bill: date | None = None
    fee_waived_on: date | None = None
    closing_no: str | None = None
    plans: list[PlanRecord] = field(default_factory=list)


@dataclass
class CreditRecord:
    """Everything about credit cards that belongs to one customer."""

    cards: dict[str, CardRecord] = field(default_factory=dict)
    lots: list[PointLot] = field(default_factory=list)
    applications: list[CardApplication] = field(default_factory=list)


def zhangwei(now: datetime) -> CreditRecord:
    """The 8812 of 张伟."""
    today = now.astimezone(BANK_ZONE).date()
    billed_on = last_bill(today)
    purchases = tuple(
        CreditEntry(billed_on - timedelta(days=days), amount_fen, shop, summary)
        for days, amount_fen, shop, summary in (
            (3, 557_00, "优衣库", "服饰"),
            (7, 38_00, "星巴克", "餐饮"),
            (11, 1_560_00, "携程旅行", "机票"),
            (16, 786_00, "山姆会员商店", "超市购物"),
            (20, 46_35, "滴滴出行", "打车"),
            (22, 1_299_00, "京东商城", "网上购物"),
        )
    )
    repayments = (CreditEntry(billed_on - timedelta(days=9), 3_918_20, "招商银行", "信用卡还款"),)
    this_month = today.replace(day=DUE_DAY)
    due_on = this_month if this_month >= today else add_months(this_month, 1)
    card = CardRecord(
        "ac_zhangwei_8812",
        BILL_DAY,
        DUE_DAY,
        billed_on,
        due_on,
        30_000_00,
        4_286_35,
        purchases,
        repayments,
    )
    lots = [PointLot(2_860, _year_end(today, 0)), PointLot(10_000, _year_end(today, 1))]
    return CreditRecord({card.account_id: card}, lots)


def lina(now: datetime) -> CreditRecord:
    """No credit card yet: an application."""
    applied_on = now.astimezone(BANK_ZONE).date() - timedelta(days=3)
    answer_by = applied_on + timedelta(days=REVIEW_DAYS)
    return CreditRecord(
        applications=[CardApplication(f"SQ{applied_on:%y%m%d}-LINA", "青年卡", "reviewing", applied_on, answer_by)]
    )


def last_bill(today: date) -> date:
    """The newest bill of the demo card."""
    this_month = today.replace(day=BILL_DAY)
    return this_month if this_month <= today else (today.replace(day=1) - timedelta(days=1)).replace(day=BILL_DAY)


def _year_end(today: date, years: int) -> date:
    return date((today + timedelta(days=16)).year + years, 12, 31)
