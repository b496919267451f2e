"""Buttons as a WeChat menu or a numbered list, and the numbers customers answer with."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.channels.answers import Button
from addons.channels.wechat_menu import Menu, chosen, numbered, pushed
from addons.channels.wechat_reply import TextReply
from addons.channels.wechat_text import LARGEST, size

YES, NO = Button("确认转账", "id-yes"), Button("取消", "id-no")
HELP = Button("收费标准", url="https://bank.example/fees")
REQUEST = "回复数字即可选择。"


def test_menu() -> None:
    assert pushed("转给张伟 1,234.00 元？", [YES, NO]) == [
        Menu("转给张伟 1,234.00 元？", (("id-yes", "确认转账"), ("id-no", "取消")))
    ]


def test_menu_with_a_link_and_a_title_that_would_be_one() -> None:
    (menu,) = pushed("选哪个？", [HELP, Button('<a href="http://evil">张伟</a>', "id")])
    assert isinstance(menu, Menu)
    assert menu.head == '选哪个？\n<a href="https://bank.example/fees">收费标准</a>'
    assert menu.entries == (("id", '＜a href="http://evil">张伟＜/a>'),)


def test_links_alone_are_text() -> None:
    assert pushed("见：", [HELP]) == [TextReply('见：\n<a href="https://bank.example/fees">收费标准</a>')]
    assert pushed("好。", []) == [TextReply("好。")]
    assert pushed("", []) == []


def test_buttons_without_words_are_a_menu() -> None:
    assert pushed("", [YES]) == [Menu("", (("id-yes", "确认转账"),))]


@given(st.integers(0, 4000), st.integers(1, 12), st.integers(1, 60))
def test_long_words_go_before_the_menu(words: int, buttons: int, title: int) -> None:
    text = "请您仔细阅读。" * (words // 7)
    *before, menu = pushed(text, [Button("选" * title, f"id-{number}") for number in range(buttons)])
    assert isinstance(menu, Menu) and len(menu.entries) == buttons
    labels = sum(size(label) for _, label in menu.entries)
    assert size(menu.head) <= max(LARGEST - labels, LARGEST // 4)
    assert "".join(message.content for message in before if isinstance(message, TextReply)) + menu.head == text


def test_numbered() -> None:
    assert numbered("请选择。", [YES, HELP, NO], REQUEST) == (
        '请选择。\n\n<a href="https://bank.example/fees">收费标准</a>\n\n1. 确认转账\n2. 取消\n\n回复数字即可选择。'
    )
    assert numbered("好。", [HELP], REQUEST) == '好。\n\n<a href="https://bank.example/fees">收费标准</a>'
    assert numbered("好。", [], REQUEST) == "好。"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1", 0),
        ("１", 0),
        ("一", 0),
        ("①", 0),
        (" 2 ", 1),
        ("2.", 1),
        ("２．", 1),
        ("2、", 1),
        ("第二个", 1),
        ("第3项", 2),
        ("第一", 0),
        ("十", 9),
        ("十二", 11),
        ("12", 11),
    ],
)
def test_answers(text: str, position: int) -> None:
    assert chosen(text, 12) == position


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "13", "十三", "01", "+1", "-1", "1.0", "1.5", "1元", "1块", "一百", "一千", "100", "1万", "两", "几",
        "二三", "一二", "1 2", "1,2", "12345678", "1号卡", "转1", "第", "个", "是", "/1", "1/2", "3号", "١",
    ],
)  # fmt: skip
def test_other_words_are_no_answers(text: str) -> None:
    assert chosen(text, 12) is None


@given(st.integers(0, 10**7), st.sampled_from(["", "元", "块", ".00", "万"]), st.integers(1, 9))
def test_no_amount_is_taken_for_a_position(amount: int, unit: str, count: int) -> None:
    position = chosen(f"{amount}{unit}", count)
    assert position == (amount - 1 if not unit and 1 <= amount <= count else None)


@given(st.text(max_size=12), st.integers(0, 20))
def test_any_text_is_survived(text: str, count: int) -> None:
    position = chosen(text, count)
    assert position is None or 0 <= position < count


def test_what_the_list_shows_can_be_answered() -> None:
    buttons = [Button(f"第{letter}种", f"id-{letter}") for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    for number, title in re.findall(r"^(\d+)\. (.*)$", numbered("", buttons, REQUEST), re.MULTILINE):
        position = chosen(number, len(buttons))
        assert position is not None and buttons[position].title == title
