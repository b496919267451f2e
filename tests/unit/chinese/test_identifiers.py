"""Phones, cards, identity numbers and tails; made-up digits, and the specimen identity number of GB 11643."""

import pytest

from .conftest import Read

CARD = "6222021234567890128"
ID = "11010519491231002X"

FOUND = [
    ("我的手机是13800010001", "phone-number", "13800010001", "13800010001"),
    ("给138 0001 0001充值", "phone-number", "138 0001 0001", "13800010001"),
    ("138-0001-0001", "phone-number", "138-0001-0001", "13800010001"),
    ("+86 13800010001", "phone-number", "+86 13800010001", "13800010001"),
    ("+8613800010001", "phone-number", "+8613800010001", "13800010001"),
    ("一三八零零零一零零零一", "phone-number", "一三八零零零一零零零一", "13800010001"),
    ("幺三八零零零幺零零零幺", "phone-number", "幺三八零零零幺零零零幺", "13800010001"),
    (f"卡号{CARD}", "card-number", CARD, CARD),
    ("6222 0212 3456 7890 128余额", "card-number", "6222 0212 3456 7890 128", CARD),
    ("６２２２０２１２３４５６７８９０１２８", "card-number", "６２２２０２１２３４５６７８９０１２８", CARD),
    (f"身份证{ID.lower()}", "id-number", ID.lower(), ID),
    ("110105 19491231 002X", "id-number", "110105 19491231 002X", ID),
    ("尾号6789的卡", "card-tail", "尾号6789", "6789"),
    ("尾号是６７８９", "card-tail", "尾号是６７８９", "6789"),
    ("尾号六七八九", "card-tail", "尾号六七八九", "6789"),
    ("手机尾号0001", "phone-tail", "尾号0001", "0001"),
    ("6789那张卡", "card-tail", "6789", "6789"),
    ("借记卡6789", "card-tail", "6789", "6789"),
    ("信用卡（8812）", "card-tail", "8812", "8812"),
    ("挂失6789", "card-tail", "6789", "6789"),
    ("查6789余额", "card-tail", "6789", "6789"),
    ("从6789转", "card-tail", "6789", "6789"),
]


@pytest.mark.parametrize(("text", "dim", "body", "value"), FOUND)
def test_identifier(read: Read, text: str, dim: str, body: str, value: str) -> None:
    (found,) = read(text)
    assert (found.dim, found.body, found.value["value"]) == (dim, body, value)


@pytest.mark.parametrize(
    "text",
    [
        "转到6222021234567890129",
        "身份证110105194912310023",
        "6222 0212 3456 7890 129",
        "密码123456",
        "验证码是482913",
        "打95588",
        "12306",
        "110105194912310020 ",
    ],
)
def test_figures_that_fail_their_check_are_nothing(read: Read, text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "tails", "fen"),
    [
        ("尾号6789转500", ["6789"], 50000),
        ("从6789转500到1122", ["6789", "1122"], 50000),
        ("1122转500到6789", ["1122", "6789"], 50000),
        ("用6789付500", ["6789"], 50000),
        ("从1122挪两千到6789", ["1122", "6789"], 200000),
        ("从6789划300到1122", ["6789", "1122"], 30000),
        ("转3000到王强5566", ["5566"], 300000),
        ("转5000元给张秀英9900", ["9900"], 500000),
        ("还1000到8812", ["8812"], 100000),
        ("尾号6789和1122都转500", ["6789", "1122"], 50000),
        ("给尾号6688的卡转三千五", ["6688"], 350000),
    ],
)
def test_tail_and_amount_in_one_sentence(read: Read, text: str, tails: list[str], fen: int) -> None:
    assert [q.value["value"] for q in read(text, "card-tail")] == tails
    assert [q.value["minor"] for q in read(text, "amount-of-money")] == [fen]


@pytest.mark.parametrize("text", ["扣了5000的卡", "限额改到5000", "余额5000的卡", "2000元的卡"])
def test_amount_beside_a_card_is_no_tail(read: Read, text: str) -> None:
    assert read(text, "card-tail") == []


def test_two_dates_are_no_card(read: Read) -> None:
    assert {q.dim for q in read("2026-01-01 2026-02-28")} == {"time"}
