"""Months of believable life for the demo customers, ending at given balances. Pure: dates and amounts only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.core_bank.clock import BANK_ZONE
from services.core_bank.credit_card.seed import last_bill

_OPENED_DAYS_AGO = 100


@dataclass(frozen=True)
class Planned:
    """One transaction to post: signed fen on `account`, the reverse on `other` (None: the clearing account).

    `payee` is (login, tail) of the saved payee a transfer went to.
    """

    account: str
    amount_fen: int
    counterparty: str
    summary: str
    kind: str
    posted_at: datetime
    other: str | None = None
    payee: tuple[str, str] | None = None


@dataclass(frozen=True)
class Habit:
    """Happens `ago` days before today (`billed`: before the last bill of the demo credit card), or on day `monthly_on`
    of the last `months` months; amounts are taken in turn.
    """

    account: str
    counterparty: str
    summary: str
    kind: str
    amounts_fen: tuple[int, ...]
    at: time
    ago: tuple[int, ...] = ()
    monthly_on: int | None = None
    months: int = 2
    other: str | None = None
    payee: tuple[str, str] | None = None
    billed: bool = False


def plan(targets_fen: dict[str, int], today: date) -> list[Planned]:
    """In order of time: opening balances first, nothing on or after `today`, each account ends at its target."""
    lived = sorted((one for habit in HABITS for one in _occurrences(habit, today)), key=lambda one: one.posted_at)
    opened_at = _moment(today - timedelta(days=_OPENED_DAYS_AGO), time(9, 0))
    openings = []
    for account, target_fen in targets_fen.items():
        opening_fen = target_fen - sum(_effect(one, account) for one in lived)
        if opening_fen:
            openings.append(Planned(account, opening_fen, "期初余额", "期初余额", "opening", opened_at, other="equity"))
    return openings + lived


def _effect(planned: Planned, account: str) -> int:
    if planned.account == account:
        return planned.amount_fen
    return -planned.amount_fen if planned.other == account else 0


def _occurrences(habit: Habit, today: date) -> list[Planned]:
    latest = last_bill(today) if habit.billed else today
    days = [latest - timedelta(days=days_ago) for days_ago in habit.ago]
    if habit.monthly_on is not None:
        days += _last(habit.months, habit.monthly_on, today)
    return [
        Planned(
            account=habit.account,
            amount_fen=habit.amounts_fen[number % len(habit.amounts_fen)],
            counterparty=habit.counterparty,
            summary=habit.summary,
            kind=habit.kind,
            posted_at=_moment(day, habit.at),
            other=habit.other,
            payee=habit.payee,
        )
        for number, day in enumerate(days)
    ]


def _last(months: int, day_of_month: int, today: date) -> Sequence[date]:
    """The last such days before today; always as many, so that the sums are the same on every day of the year."""
    first = today.replace(day=1)
    if today.day <= day_of_month:
        first = _month_before(first)
    found: list[date] = []
    for _ in range(months):
        found.insert(0, first.replace(day=day_of_month))
        first = _month_before(first)
    return found


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=BANK_ZONE)


def _income(account: str, source: str, summary: str, amount_fen: int, at: time, **when: object) -> Habit:
    return Habit(account, source, summary, "income", (amount_fen,), at, **when)  # type: ignore[arg-type]


def _payment(account: str, shop: str, summary: str, amounts_fen: tuple[int, ...], at: time, **when: object) -> Habit:
    spent = tuple(-amount for amount in amounts_fen)
    return Habit(account, shop, summary, "payment", spent, at, **when)  # type: ignore[arg-type]


def _transfer(account: str, name: str, summary: str, amounts_fen: tuple[int, ...], at: time, **more: object) -> Habit:
    sent = tuple(-amount for amount in amounts_fen)
    return Habit(account, name, summary, "transfer", sent, at, **more)  # type: ignore[arg-type]


_WEI, _WEI_II, _WEI_CREDIT = "zhangwei/6789", "zhangwei/1122", "zhangwei/8812"
_NA, _FANG, _LEI = "lina/3344", "wangfang/2255", "zhaolei/7070"
_XIUYING, _CHEN = "zhangxiuying/9900", "chenchen/4466"
_WEEKLY = (97, 90, 83, 76, 69, 62, 55, 48, 41, 34, 27, 20, 13, 6)
_LUNCHES = (95, 88, 80, 73, 66, 59, 52, 45, 37, 30, 22, 16, 9, 4, 2)

HABITS: tuple[Habit, ...] = (
    _income(_WEI, "上海云帆科技有限公司", "工资", 15_680_00, time(9, 30), monthly_on=10, months=3),
    _payment(_WEI, "国网上海市电力公司", "电费", (186_32, 203_75), time(10, 12), monthly_on=15, months=3),
    _payment(_WEI, "上海燃气有限公司", "燃气费", (74_10, 68_40), time(10, 15), monthly_on=18, months=3),
    _payment(_WEI, "中国移动", "话费充值", (99_00,), time(20, 5), monthly_on=5, months=3),
    _payment(_WEI, "万科物业", "物业费", (412_00,), time(11, 0), monthly_on=20, months=3),
    _payment(_WEI, "永辉超市", "超市购物", (132_75, 86_40, 164_20), time(18, 40), ago=_WEEKLY),
    _payment(_WEI, "美团", "外卖", (32_50, 28_80, 45_00), time(12, 20), ago=_LUNCHES),
    _payment(_WEI, "上海地铁", "交通出行", (50_00,), time(8, 10), ago=(86, 65, 44, 24, 3)),
    _transfer(_WEI, "李娜", "聚餐", (300_00, 260_00), time(21, 15), ago=(38, 8), other=_NA, payee=("zhangwei", "3344")),
    _transfer(
        _WEI,
        "张秀英",
        "生活费",
        (1_000_00,),
        time(9, 5),
        monthly_on=1,
        months=3,
        other=_XIUYING,
        payee=("zhangwei", "9900"),
    ),
    _transfer(_WEI, "王强", "球拍", (800_00,), time(19, 30), ago=(33,), payee=("zhangwei", "5566")),
    _payment(_WEI_II, "支付宝", "快捷支付", (45_90, 120_00, 68_00), time(16, 25), ago=(92, 78, 64, 50, 29, 11)),
    _payment(_WEI_CREDIT, "京东商城", "网上购物", (1_299_00,), time(20, 30), ago=(22,), billed=True),
    _payment(_WEI_CREDIT, "滴滴出行", "打车", (46_35,), time(22, 10), ago=(20,), billed=True),
    _payment(_WEI_CREDIT, "山姆会员商店", "超市购物", (786_00,), time(15, 45), ago=(16,), billed=True),
    _payment(_WEI_CREDIT, "携程旅行", "机票", (1_560_00,), time(21, 0), ago=(11,), billed=True),
    _payment(_WEI_CREDIT, "星巴克", "餐饮", (38_00,), time(14, 5), ago=(7,), billed=True),
    _payment(_WEI_CREDIT, "优衣库", "服饰", (557_00,), time(17, 20), ago=(3,), billed=True),
    Habit(_WEI_CREDIT, "招商银行", "信用卡还款", "repayment", (3_918_20,), time(9, 20), ago=(9,), billed=True),
    _income(_NA, "上海青禾文化传播有限公司", "工资", 4_800_00, time(9, 40), monthly_on=12),
    _payment(_NA, "自如", "房租", (2_350_00,), time(10, 30), monthly_on=3),
    _payment(_NA, "盒马鲜生", "超市购物", (98_60, 75_30), time(19, 10), ago=(94, 80, 73, 66, 53, 39, 25, 12, 5)),
    _transfer(_NA, "张伟", "电影票", (120_00, 88_00), time(20, 45), ago=(36, 7), other=_WEI, payee=("lina", "6789")),
    _income(_FANG, "上海市社会保险事业管理中心", "养老金", 3_128_00, time(8, 30), ago=(51, 21)),
    _payment(_FANG, "现金支取", "柜台取款", (3_000_00,), time(9, 50), ago=(50, 20)),
    _payment(_FANG, "国大药房", "药品", (168_50, 236_00), time(15, 15), ago=(43, 17)),
    _payment(_FANG, "曹家渡菜市场", "买菜", (46_20, 38_50), time(7, 40), ago=(40, 31, 14, 5)),
    _transfer(_CHEN, "王芳", "给妈妈", (500_00,), time(20, 20), ago=(46, 18), other=_FANG),
    _payment(_FANG, "静安区社区食堂", "餐费", (386_00,), time(11, 30), ago=(45, 10)),
    _income(_LEI, "零工工资", "劳务费", 380_00, time(18, 0), ago=(56, 28)),
    _payment(_LEI, "沙县小吃", "餐饮", (22_00,), time(12, 10), ago=(55, 49, 42)),
    _income(_XIUYING, "上海市社会保险事业管理中心", "养老金", 4_260_00, time(8, 30), monthly_on=15),
    _payment(_XIUYING, "联华超市", "超市购物", (156_80, 92_40), time(9, 20), ago=(47, 32, 19, 6)),
    _income(_CHEN, "杭州海川信息技术有限公司", "工资", 8_200_00, time(9, 35), monthly_on=8),
    _payment(_CHEN, "链家", "房租", (4_300_00,), time(10, 40), monthly_on=2),
    _payment(_CHEN, "美团", "外卖", (36_90, 52_10), time(12, 30), ago=(49, 35, 21, 8)),
)
