"""Categories of postings, and the period before a period."""

from datetime import date

import pytest

from finance.spending import CATEGORIES, category_of, period_before


@pytest.mark.parametrize(
    ("kind", "summary", "counterparty", "incoming", "category"),
    [
        ("payment", "外卖", "美团", False, "dining"),
        ("payment", "超市购物", "永辉超市", False, "groceries"),
        ("payment", "网上购物", "京东商城", False, "shopping"),
        ("payment", "电费", "国网上海市电力公司", False, "housing"),
        ("payment", "话费充值", "中国移动", False, "phone"),
        ("payment", "药品", "国大药房", False, "health"),
        ("payment", "机票", "携程旅行", False, "travel"),
        ("payment", "打车", "滴滴出行", False, "transport"),
        ("payment", "柜台取款", "现金支取", False, "cash"),
        ("payment", "服务", "某某公司", False, "other"),
        ("transfer", "聚餐", "李娜", False, "transfer"),
        ("transfer", "工资", "张伟", True, "transfer_in"),
        ("income", "工资", "上海云帆科技有限公司", True, "wage"),
        ("income", "养老金", "上海市社会保险事业管理中心", True, "pension"),
        ("income", "货款", "某某公司", True, "other_in"),
    ],
)
def test_the_category_of_a_posting(kind: str, summary: str, counterparty: str, incoming: bool, category: str) -> None:
    assert category_of(kind, summary, counterparty, incoming) == category
    assert category in CATEGORIES


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), (date(2026, 9, 1), date(2026, 10, 1))),  # a month: the month before
        (date(2026, 11, 1), date(2026, 11, 23), (date(2026, 10, 1), date(2026, 10, 23))),  # so far: the same days
        (date(2026, 3, 1), date(2026, 3, 31), (date(2026, 2, 1), date(2026, 3, 1))),  # February is shorter
        (date(2026, 1, 1), date(2026, 2, 1), (date(2025, 12, 1), date(2026, 1, 1))),
        (date(2026, 11, 10), date(2026, 11, 17), (date(2026, 11, 3), date(2026, 11, 10))),  # a week: the week before
        (date(2026, 1, 1), date(2026, 4, 1), (date(2025, 10, 3), date(2026, 1, 1))),  # longer: as many days
    ],
)
def test_the_period_before(start: date, end: date, before: tuple[date, date]) -> None:
    assert period_before(start, end) == before
