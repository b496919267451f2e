"""What the bank's credit card contract and price list say; changes here change the bank, not the code."""

from dataclasses import dataclass
from decimal import Decimal

FEE_RATES: dict[int, Decimal] = {
    3: Decimal("0.0090"),
    6: Decimal("0.0075"),
    12: Decimal("0.0060"),
    24: Decimal("0.0055"),
}
"""Periods of an instalment plan -> fee of a period on the original amount."""

LEAST_INSTALMENT_FEN = 500_00
LIMIT_STEP_FEN = 1_000_00
PERMANENT_PERCENT, TEMPORARY_PERCENT = 150, 200
"""The most that a limit can be raised to, of the present permanent limit."""

MONTHS_BETWEEN_RAISES = 6
TEMPORARY_DAYS = 60
MONTHS_BETWEEN_BILL_DAYS = 6
FIRST_BILL_DAY, LAST_BILL_DAY = 1, 28
DAYS_TO_DUE = 20
DELIVERY_DAYS, PHONE_HOURS = 7, 24
REVIEW_DAYS = 5
CLOSING_DAYS = 45


@dataclass(frozen=True)
class Product:
    """A credit card on offer."""

    id: str
    name: str
    annual_fee: str
    benefits: str
    suits: str


PRODUCTS: tuple[Product, ...] = (
    Product("standard", "标准金卡", "首年免收，一年刷满 5 次免次年", "消费每 ¥1 积 1 分", "日常消费"),
    Product("youth", "青年卡", "免收", "线上消费双倍积分", "年轻人（18 至 30 周岁）"),
    Product("auto", "车主卡", "首年免收，一年刷满 5 次免次年", "加油返现 1%，每月最多 ¥50", "经常开车的人"),
    Product("travel", "航空联名白金卡", "¥600", "消费换里程，每年 4 次机场贵宾厅", "经常出差和旅行的人"),
)


@dataclass(frozen=True)
class Reward:
    """What points buy; `value_fen` is the money in it, 0 for things."""

    id: str
    kind: str
    name: str
    points: int
    stock: int
    value_fen: int = 0


REWARDS: tuple[Reward, ...] = (
    Reward("coffee", "phone", "咖啡券一张", 3_000, 200),
    Reward("phone_credit", "phone", "话费 ¥30", 6_000, 500),
    Reward("cup", "post", "不锈钢保温杯", 8_800, 36),
    Reward("fryer", "post", "空气炸锅", 9_900, 0),
    Reward("annual_fee", "annual_fee", "抵扣信用卡年费", 10_000, 9_999),
    Reward("cash_back", "cash_back", "抵扣信用卡欠款 ¥20", 10_000, 9_999, 20_00),
    Reward("gift_card", "phone", "超市购物卡 ¥50", 12_000, 80),
    Reward("cooker", "post", "智能电饭煲", 39_800, 12),
)
