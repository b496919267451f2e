"""The menu that operators are given: everything on it is understood, by somebody whom the bank does not know yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wechat.site import Site
from tools.wechat_client import Phone, text_of
from tools.wechat_menu import publish, read

ANSWERS = {
    "账户余额": "先绑定本人",
    "交易明细": "先绑定本人",
    "信用卡账单": "先绑定本人",
    "附近网点": "哪个城市",
    "转账": "先绑定本人",
    "还信用卡": "先绑定本人",
    "挂失": "客服热线",
    "全部业务": "给李娜转500",
    "绑定": "确认您的身份",
    "解绑": "绑定",
    "人工客服": "人工",
}


@pytest.fixture
def menu(site: Site) -> Iterator[list[str]]:
    """The names on the delivered menu, which the account has."""
    publish(site.stack.environment, read())
    yield [item["name"] for group in read() for item in group.get("sub_button", [group])]


def test_every_item_of_the_menu_is_answered(site: Site, phone: Phone, menu: list[str]) -> None:
    assert set(menu) == set(ANSWERS)
    for name in menu:
        phone.call("POST", "/press", {"name": name})
        told = text_of(phone.news())
        assert ANSWERS[name] in told, name
