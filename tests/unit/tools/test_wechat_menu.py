"""The account's menu: the file that is delivered, files that WeChat would not show as they are, and publishing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.unit.services.wechat_sandbox.harness import SECRET, receiving, running
from tools.console import CommandError
from tools.run import give_menu
from tools.wechat_menu import publish, read

GOOD = """
查询: {账户余额: 查余额, 官网: 'https://bank.example/'}
绑定: 绑定
"""


def test_a_file_becomes_buttons(tmp_path: Path) -> None:
    (tmp_path / "menu.yml").write_text(GOOD, encoding="utf-8")
    assert read(tmp_path / "menu.yml") == [
        {
            "name": "查询",
            "sub_button": [
                {"type": "click", "name": "账户余额", "key": "查余额"},
                {"type": "view", "name": "官网", "url": "https://bank.example/"},
            ],
        },
        {"type": "click", "name": "绑定", "key": "绑定"},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the menu: 1 to 3"),
        ("[a, b]", "the menu: 1 to 3"),
        ("{a: a, b: b, c: c, d: d}", "the menu: 1 to 3"),
        ("查询: {a: a, b: b, c: c, d: d, e: e, f: f}", "查询: 1 to 5"),
        ("查询: {}", "查询: 1 to 5"),
        ("查询: {余额: {a: b}}", "余额: write what"),
        ("查询: {余额: }", "余额: write what"),
        ("五个字的名: 余额", "五个字的名: a name here has 1 to 4"),
        ("查询: {这里有九个字的名字吧: 余额}", "a name here has 1 to 8"),
        ("查询: " + "余" * 43, "查询: what stands behind it is too long"),
        ("查询: {a: [", "cannot be read"),
    ],
)
def test_a_menu_that_phones_would_not_show(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "menu.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=said) as refused:
        read(tmp_path / "menu.yml")
    assert "\n" not in str(refused.value)


@pytest.mark.asyncio
async def test_the_delivered_menu_is_taken() -> None:
    async with receiving() as receiver, running() as stand_in:
        account = await stand_in.account(receiver, "wxmenu")
        token = (await account.stable())["access_token"]
        env = {"WECHAT_APP_ID": "wxmenu", "WECHAT_APP_SECRET": SECRET, "WECHAT_API_URL": stand_in.url}
        await asyncio.to_thread(publish, env, read())
        assert (await account.control("GET", ""))["menu"] == {"button": read()}
        assert (await account.stable())["access_token"] == token, "the connector's token stays good"
        for changed, said in ({"WECHAT_APP_SECRET": "other"}, "40125"), ({"WECHAT_APP_ID": ""}, "must be set"):
            with pytest.raises(CommandError, match=said) as refused:
                await asyncio.to_thread(publish, env | changed, read())
            assert SECRET not in str(refused.value)


@pytest.mark.asyncio
async def test_the_sandbox_gives_it_to_its_own_account_only() -> None:
    async with receiving() as receiver, running() as stand_in:
        account = await stand_in.account(receiver, "wxmenu")
        env = {"WECHAT_APP_ID": "wxmenu", "WECHAT_APP_SECRET": SECRET, "WECHAT_API_URL": stand_in.url}
        tencent = {**env, "ZHANGGUI_SANDBOX": "1", "WECHAT_SANDBOX_URL": "http://127.0.0.1:1"}
        await asyncio.to_thread(give_menu, tencent)
        assert (await account.control("GET", ""))["menu"] is None
        await asyncio.to_thread(give_menu, {**tencent, "WECHAT_SANDBOX_URL": stand_in.url})
        assert (await account.control("GET", ""))["menu"] == {"button": read()}
