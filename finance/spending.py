"""Which category a posting is of, and which period a period is compared with.

The categories are those of Chinese retail banks' 收支分析; a word of the summary or of the other side decides, then the
kind of the transaction.
"""

from datetime import date, timedelta

CATEGORIES: dict[str, str] = {
    "dining": "餐饮",
    "groceries": "超市买菜",
    "shopping": "购物",
    "transport": "交通出行",
    "housing": "居住缴费",
    "phone": "通讯",
    "health": "医疗健康",
    "travel": "旅行",
    "education": "教育",
    "cash": "取现",
    "transfer": "转账",
    "other": "其他支出",
    "wage": "工资",
    "pension": "养老金",
    "interest": "利息",
    "transfer_in": "转入",
    "other_in": "其他收入",
}
"""Key and Chinese name."""

_OUT_WORDS: dict[str, tuple[str, ...]] = {
    "dining": ("外卖", "餐", "美团", "饿了么", "星巴克", "奶茶", "小吃", "咖啡"),
    "groceries": ("超市", "买菜", "菜市场", "生鲜"),
    "housing": ("房租", "电费", "水费", "燃气", "物业", "暖气", "取暖", "房贷"),
    "phone": ("话费", "宽带", "中国移动", "中国联通", "中国电信"),
    "health": ("药", "医院", "诊所", "挂号", "体检"),
    "travel": ("机票", "酒店", "火车票", "携程", "旅行", "门票"),
    "transport": ("交通", "地铁", "公交", "打车", "加油", "停车", "ETC", "滴滴"),
    "education": ("学费", "培训", "教育", "学校"),
    "shopping": ("购物", "服饰", "京东", "淘宝", "拼多多", "快捷支付"),
    "cash": ("取款", "支取", "取现"),
}
_IN_WORDS: dict[str, tuple[str, ...]] = {
    "wage": ("工资", "代发", "奖金", "劳务费", "薪"),
    "pension": ("养老金", "退休金"),
    "interest": ("利息", "结息"),
}


def category_of(kind: str, summary: str, counterparty: str, incoming: bool) -> str:
    """A key of CATEGORIES. A transfer is a transfer, whatever its note says."""
    if kind == "transfer":
        return "transfer_in" if incoming else "transfer"
    words = _IN_WORDS if incoming else _OUT_WORDS
    for text in (summary, counterparty):
        found = next((key for key, group in words.items() if any(word in text for word in group)), None)
        if found:
            return found
    return "other_in" if incoming else "other"


def period_before(start: date, end: date) -> tuple[date, date]:
    """The period to compare [start, end) with: the same days of the month before, else as many days just before.

    A stretch that begins on the first of a month and is at most a month long is compared with the month before.
    """
    days = end - start
    if start.day != 1 or end > _next_month(start):
        return start - days, start
    before = (start - timedelta(days=1)).replace(day=1)
    return before, start if end == _next_month(start) else min(before + days, start)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
