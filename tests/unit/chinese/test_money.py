"""Amounts of money in sentences. Amounts in fen; `A` marks what needs asking, with the reason."""

import pytest

from .conftest import Read

PLAIN = [
    ("500", 50000),
    ("五百", 50000),
    ("500块", 50000),
    ("两千五", 250000),
    ("1.5w", 1500000),
    ("就三百吧", 30000),
    ("300可以吗", 30000),
    ("给小雨转八百块", 80000),
    ("转四万五给我爸", 4500000),
    ("汇 3 万到工商银行", 3000000),
    ("转账１２００元", 120000),
    ("帮我转两百六给赵敏", 26000),
    ("请付人民币叁仟元整", 300000),
    ("人民币大写壹万零伍佰元零伍分", 1050005),
    ("提现十二万七", 12700000),
    ("转半个w过去", 500000),
    ("一个亿", 10000000000),
    ("¥88.8", 8880),
    ("￥500.5", 50050),
    ("RMB600", 60000),
    ("600rmb", 60000),
    ("50元整", 5000),
    ("九十九块九", 9990),
    ("三块二毛五", 325),
    ("十块零五分", 1005),
    ("5元3角2分", 532),
    ("五毛钱", 50),
    ("七毛五", 75),
    ("一分钱", 1),
    ("3块50", 350),
    ("一块半", 150),
    ("转一块给他", 100),
    ("转1,234,567.89元", 123456789),
    ("123456789012元", 12345678901200),
    ("五百二", 52000),
    ("转五零零", 50000),
    ("20w", 20000000),
    ("3w5", 3500000),
    ("贷款30万分24期", 30000000),
    ("存8万一年定期", 8000000),
    ("每周给小杰打三百零花钱", 30000),
    ("给女儿转两百零用钱", 20000),
    ("贷5万24个月还清", 5000000),
    ("贷一百万三十年", 100000000),
    ("存五万三年", 5000000),
    ("存三万五", 3500000),
    ("给他转个二百五", 25000),
    ("转三千给王十一", 300000),
    ("给李四500", 50000),
    ("转五千一下", 500000),
    ("妈妈1500", 150000),
    ("转给李娜，800", 80000),
    ("房租3500", 350000),
    ("金额改成一千二", 120000),
    ("200给妈妈", 20000),
    ("信用卡8812还款4286.35", 428635),
    ("轉賬伍佰塊給李娜", 50000),
    ("兩萬三", 2300000),
    ("发666红包", 66600),
    ("限额调到5000", 500000),
    ("那笔3200的", 320000),
    ("给我转100，手续费多少", 10000),
    ("转50给10086", 5000),
    ("给138 0001 0001转100", 10000),
    ("尾号6789转500", 50000),
    ("转500到1122", 50000),
    ("柒佰捌拾玖元伍角", 78950),
    ("转二十五给王十一", 2500),
    ("一万零五十", 1005000),
]

UNSAFE = [
    ("五千左右", "approximate"),
    ("大概三百", "approximate"),
    ("一千来块", "approximate"),
    ("两万多", "approximate"),
    ("二十几块", "approximate"),
    ("三五千", "interval"),
    ("三千到五千", "interval"),
    ("5-10万", "interval"),
    ("转200-300", "interval"),
    ("1万-1.5万", "interval"),
    ("最多两千", "interval"),
    ("五百以内", "interval"),
    ("不到一千", "interval"),
    ("500以上的支出", "interval"),
    ("两三万到五万", "interval"),
    ("零", "zero"),
    ("0元", "zero"),
    ("0", "zero"),
    ("-50", "negative"),
    ("-200元", "negative"),
    ("转负三十", "negative"),
    ("-¥20", "negative"),
    ("5，000元", "ambiguous"),
    ("500.555元", "ambiguous"),
    ("500.555", "ambiguous"),
    ("1,50元", "ambiguous"),
    ("1 000元", "ambiguous"),
    ("2万50", "ambiguous"),
    ("两元五", "ambiguous"),
    ("十块零五", "ambiguous"),
    ("转5千万别转错", "ambiguous"),
    ("五百万一失败怎么办", "ambiguous"),
    ("123456789012", "ambiguous"),
    ("不是500", "ambiguous"),
    ("5", "single_digit_implied"),
    ("五", "single_digit_implied"),
    ("1.5", "single_digit_implied"),
    ("500美元", "foreign_currency"),
    ("港幣五百", "foreign_currency"),
    ("100刀", "foreign_currency"),
    ("8万日元", "foreign_currency"),
]

NOT_MONEY = [
    "NaN",
    "1e5",
    "1e5元",
    "0x10",
    "万一转错了",
    "千万别转",
    "我们一块去",
    "一点都不懂",
    "等一下",
    "第三方支付",
    "百八十块",
    "几万块",
    "上千元",
    "7日年化多少",
    "9点开门吗",
    "T+1到账",
    "5G套餐",
    "三百五百",
    "007",
    "人民路500号",
    "192.168.1.1",
    "拨打95588",
    "第2张卡",
    "最近10笔交易",
    "打开二维码",
    "一类卡",
    "abc123@qq.com",
    "订了12期",
    "你真是个二百五",
    "你这个二百五",
    "一点一点攒",
    "有3张卡",
    "近30天",
    "2026年",
    "验证码 482913",
    "密码123456",
    "6789那张卡",
    "用尾号7070的",
    "全部",
    "",
    "。",
    "晚上好",
]

INTERVALS = [
    ("三五千", 300000, 500000),
    ("三千到五千块", 300000, 500000),
    ("5-10万", 5000000, 10000000),
    ("三到五百万", 300000000, 500000000),
    ("5000到1万", 500000, 1000000),
    ("最多转两千元", None, 200000),
    ("两千以上", 200000, None),
    ("至少五百", 50000, None),
    ("三五块", 300, 500),
    ("十几块", 1100, 1900),
    ("2~3万", 2000000, 3000000),
]

BODIES = [
    ("给张伟转 1,200 元吧", "1,200 元"),
    ("请付人民币叁佰元整谢谢", "人民币叁佰元整"),
    ("转５００元", "５００元"),
    ("要-200元的", "-200元"),
    ("收了3块5毛", "3块5毛"),
    ("单笔最多转五万元", "最多转五万元"),
    ("500以上的", "500以上"),
]


@pytest.mark.parametrize(("text", "fen"), PLAIN)
def test_plain_amount(read: Read, text: str, fen: int) -> None:
    (amount,) = read(text, "amount-of-money")
    assert (amount.value["minor"], amount.value["unit"], amount.value["unsafe"]) == (fen, "CNY", [])


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_amount_that_must_be_asked_about(read: Read, text: str, reason: str) -> None:
    amounts = read(text, "amount-of-money")
    assert amounts
    assert all(reason in amount.value["unsafe"] for amount in amounts)


@pytest.mark.parametrize("text", NOT_MONEY)
def test_no_amount(read: Read, text: str) -> None:
    assert read(text, "amount-of-money") == []


@pytest.mark.parametrize(("text", "low", "high"), INTERVALS)
def test_interval(read: Read, text: str, low: int | None, high: int | None) -> None:
    (amount,) = read(text, "amount-of-money")
    assert amount.value["type"] == "interval"
    assert (amount.value.get("from", {}).get("minor"), amount.value.get("to", {}).get("minor")) == (low, high)


@pytest.mark.parametrize(("text", "body"), BODIES)
def test_body(read: Read, text: str, body: str) -> None:
    (amount,) = read(text, "amount-of-money")
    assert amount.body == body == text[amount.start : amount.end]


def test_implied_unit_is_marked_only_where_no_currency_is_named(read: Read) -> None:
    assert read("转800")[0].value["implied_unit"] is True
    assert "implied_unit" not in read("转800元")[0].value


def test_correction_marks_the_refused_amount(read: Read) -> None:
    refused, wanted = read("不是500，是300", "amount-of-money")
    assert refused.value["negated"] and refused.value["unsafe"] == ["ambiguous"]
    assert (wanted.value["minor"], wanted.value["unsafe"]) == (30000, [])


def test_list_separated_by_commas_is_never_one_safe_amount(read: Read) -> None:
    assert all(q.value["unsafe"] for q in read("转1,50元", "amount-of-money"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("余额全部转走", {"value": "all"}),
        ("全部", {"value": "all"}),
        ("剩下的钱都转给李娜", {"value": "all"}),
        ("转一半给妈妈", {"value": "ratio", "ratio": 0.5}),
        ("三分之一", {"value": "ratio", "ratio": 0.333333}),
        ("转余额的30%", {"value": "ratio", "ratio": 0.3}),
        ("转百分之二十", {"value": "ratio", "ratio": 0.2}),
        ("取三成", {"value": "ratio", "ratio": 0.3}),
        ("赎六成", {"value": "ratio", "ratio": 0.6}),
    ],
)
def test_share_of_the_balance(read: Read, text: str, value: dict[str, object]) -> None:
    assert [q.value for q in read(text)] == [value]


@pytest.mark.parametrize("text", ["查全部流水", "所有账户", "全部交易明细", "一半的人"])
def test_no_share(read: Read, text: str) -> None:
    assert read(text, "amount-scope") == []


def test_rate_is_a_percentage(read: Read) -> None:
    (rate,) = read("利率3.85%是多少")
    assert (rate.dim, rate.body, rate.value["value"]) == ("percent", "3.85%", 3.85)


@pytest.mark.parametrize(
    ("text", "dim", "value"), [("第二个", "ordinal", 2), ("最近10笔", "number", 10), ("分24期", "number", 24)]
)
def test_numbers_that_are_no_money(read: Read, text: str, dim: str, value: int) -> None:
    (found,) = read(text)
    assert (found.dim, found.value["value"]) == (dim, value)
