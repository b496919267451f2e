"""WeCom: what entries say, how messages look there, and which settings are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.exceptions import RasaException

from addons.channels.answers import Button, Message
from addons.channels.wechat_compose import Words, pushes
from addons.channels.wechat_menu import Menu
from addons.channels.wechat_parse import File, Image, Link, Location, Text, Video, Voice
from addons.channels.wechat_reply import TextReply
from addons.channels.wechat_text import link, size
from addons.channels.wecom import WeComChannel
from addons.channels.wecom_content import MENU, content
from addons.channels.wecom_messages import Bounced, Changed, Entered, understood
from addons.channels.wecom_settings import read_settings

WHO = {"open_kfid": "wk1", "external_userid": "wmA", "send_time": 1_700_000_000, "msgid": "m1"}
ENVIRON = {
    "ZHANGGUI_SANDBOX": "0",
    "WECOM_CORP_ID": "ww1",
    "WECOM_SECRET": "s3cr3t-of-wecom",
    "WECOM_TOKEN": "t0ken",
    "WECOM_AES_KEY": "e" * 43,
    "WECOM_KFID": "wk1, wk2",
    "WECHAT_ORIGIN": "https://chat.bank.example",
    "WEB_SIGN_IN_URL": "https://bank.example/sign-in",
    "WEB_SIGN_IN_KEYS_URL": "https://bank.example/keys.json",
    "WEB_SIGN_IN_ISSUER": "https://bank.example",
}


def message(kind: str, **held: Any) -> dict[str, Any]:
    return {**WHO, "origin": 3, "msgtype": kind, kind: held}


def event(kind: str, **held: Any) -> dict[str, Any]:
    who = {"open_kfid": "wk1", "external_userid": "wmA"}
    return {"origin": 4, "msgtype": "event", "send_time": 5, "event": {"event_type": kind, **who, **held}}


def test_messages_of_customers() -> None:
    said = understood(message("text", content="余额\x00"))
    assert isinstance(said, Text) and (said.content, said.menu_id) == ("余额", None)
    assert (said.openid, said.account, said.created) == ("wmA", "wk1", 1_700_000_000)
    tapped = understood(message("text", content="转账", menu_id="id-1"))
    assert isinstance(tapped, Text) and tapped.menu_id == "id-1"
    kinds = {"image": Image, "video": Video, "location": Location, "link": Link, "voice": Voice, "file": File}
    for kind, expected in {**kinds, "business_card": File, "hologram": File}.items():
        assert type(understood(message(kind, media_id="x"))) is expected
    assert understood({**message("text", content="x"), "origin": 5}) is None, "a servicer's words"


def test_the_key_is_the_messages_own() -> None:
    entries = [{**message("text", content="x"), **other} for other in ({}, {"msgid": "m2"}, {"open_kfid": "wk2"})]
    keys = [said.key for entry in entries if isinstance(said := understood(entry), Text)]
    assert len(set(keys)) == 3 and all(len(key) == 32 for key in keys)
    again = understood({**entries[0], "text": {"content": "y"}})
    assert isinstance(again, Text) and again.key == keys[0]


def test_events() -> None:
    assert understood(event("enter_session", welcome_code="W")) == Entered("wmA", "wk1", 5, "W")
    assert understood(event("enter_session")) == Entered("wmA", "wk1", 5, "")
    assert understood(event("msg_send_fail", fail_msgid="f", fail_type=10)) == Bounced("wmA", "f", "10")
    changes = [understood(event("session_status_change", change_type=kind)) for kind in (1, 2, 3, 4)]
    assert [what.change for what in changes if isinstance(what, Changed)] == ["create", "switch", "close", "create"]
    assert understood(event("session_status_change", change_type=9)) is None
    assert understood(event("servicer_status_change", status=1)) is None


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@given(st.sampled_from(["send_time", "msgid", "open_kfid", "external_userid", "msgtype", "text", "origin"]), junk)
def test_anything_may_be_odd(field: str, value: Any) -> None:
    understood({**message("text", content="x"), field: value})
    odd = event("msg_send_fail", fail_msgid="f")
    understood({**odd, "event": {**odd["event"], field: value}})
    understood({**odd, "event": value})


def test_links_are_entries_of_a_menu() -> None:
    (bare,) = pushes([Message("没有链接")], Words("zh", True), MENU, False, 5)
    assert content(bare) == {"msgtype": "text", "text": {"content": "没有链接"}}
    linked = [Message("请看：", (Button("收费标准", url="https://bank.example/fees"), Button("转账", id="b1")))]
    (made,) = pushes(linked, Words("zh", True), MENU, False, 5)
    assert content(made)["msgmenu"]["list"] == [
        {"type": "view", "view": {"url": "https://bank.example/fees", "content": "收费标准"}},
        {"type": "click", "click": {"id": "b1", "content": "转账"}},
    ]
    assert content(made)["msgmenu"]["head_content"] == "请看："
    forged = [Message('<a href="https://evil.example">点我</a>')]
    (made,) = pushes(forged, Words("zh", True), MENU, False, 5)
    assert content(made)["msgtype"] == "text" and "<a " not in content(made)["text"]["content"]


def test_links_without_room_are_lines() -> None:
    many = "\n".join(link(f"第{number}个", f"https://bank.example/{number}") for number in range(11))
    sent = content(TextReply("请看：\n" + many))
    assert sent["msgtype"] == "text" and "第3个：https://bank.example/3\n" in sent["text"]["content"]
    long = content(TextReply("看" * 400 + link("标准", "https://b.example/")))
    assert long["text"]["content"].endswith("看标准：https://b.example/"), "more words than a menu holds"
    full = Menu("看" * 300 + link("标准", "https://b.example/"), tuple((f"b{number}", "选") for number in range(10)))
    assert content(full)["msgmenu"]["head_content"].endswith("标准：https://b.example/")


@given(
    st.lists(st.tuples(st.text("您好。账户 12\n", max_size=900), st.integers(0, 12), st.integers(1, 80)), max_size=4)
)
def test_every_message_keeps_to_wecoms_sizes(parts: list[tuple[str, int, int]]) -> None:
    messages = [
        Message(text, tuple(Button("签" * length, id=f"b{at}-{number}") for number in range(buttons)))
        for at, (text, buttons, length) in enumerate(parts)
    ]
    for made in pushes(messages, Words("zh", True), MENU, False, 5):
        sent = content(made)
        if sent["msgtype"] == "text":
            assert size(sent["text"]["content"]) <= 2048
            continue
        menu = sent["msgmenu"]
        assert size(menu["head_content"]) <= 1024 and 1 <= len(menu["list"]) <= 10
        assert all(1 <= size(entry["click"]["content"]) <= 128 for entry in menu["list"])


def test_settings() -> None:
    settings = read_settings(ENVIRON)
    assert settings is not None
    assert (settings.desks, settings.servicers) == (("wk1", "wk2"), ())
    assert settings.sign_in.returns == "https://chat.bank.example/wecom/bind"
    assert settings.api_url == "https://qyapi.weixin.qq.com"
    assert "s3cr3t" not in repr(settings) and "t0ken" not in repr(settings) and "eee" not in repr(settings)
    named = read_settings({**ENVIRON, "WECOM_SERVICERS": "zhang, li,*"})
    assert named is not None and named.servicers == ("zhang", "li", "*")
    off = {name: value for name, value in ENVIRON.items() if not name.startswith("WECOM_")}
    assert read_settings(off) is None and read_settings({**off, "ZHANGGUI_SANDBOX": "1"}) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"WECOM_CORP_ID": ""}, "WECOM_SECRET is set without WECOM_CORP_ID"),
        ({"WECOM_SECRET": ""}, "WECOM_SECRET is not set"),
        ({"WECOM_TOKEN": ""}, "WECOM_TOKEN is not set"),
        ({"WECOM_AES_KEY": ""}, "WECOM_AES_KEY is not set"),
        ({"WECOM_KFID": ""}, "WECOM_KFID is not set"),
        ({"WECOM_KFID": " , "}, "WECOM_KFID names no account"),
        ({"WECOM_KFID": "wk1;wk2"}, "WECOM_KFID holds"),
        ({"WECOM_SERVICERS": "张三"}, "WECOM_SERVICERS holds"),
        ({"WECHAT_ORIGIN": "https://bank.example/path"}, "not an origin"),
        ({"WECHAT_ORIGIN": "http://chat.bank.example"}, "must be https"),
        ({"WECOM_API_URL": "http://qyapi.example"}, "WECOM_API_URL is http://qyapi.example"),
    ],
)
def test_settings_that_cannot_be_right(changed: dict[str, str], said: str) -> None:
    with pytest.raises(RasaException, match=said) as refused:
        read_settings({**ENVIRON, **changed})
    assert "\n" not in str(refused.value) and "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("missing", ["WECOM_SECRET", "WECHAT_ORIGIN", "WEB_SIGN_IN_URL", "CORE_BANK_URL"])
def test_the_channel_that_cannot_start_is_wecoms(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WECHAT_APP_ID", "CORE_BANK_URL", "CORE_BANK_TOKEN_CHANNEL", "CONTEXT_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**ENVIRON, missing: ""}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RasaException, match=f"^{missing} is not set: the WeCom channel cannot start") as refused:
        WeComChannel.from_credentials(None)
    assert "WeChat channel" not in str(refused.value)
