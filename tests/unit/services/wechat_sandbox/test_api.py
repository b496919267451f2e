"""The API as a connector calls it: tokens, customer-service messages, and the errors of both."""

import json
from typing import Any

import aiohttp
import pytest

from services.wechat_sandbox.acts import PICTURE
from tests.unit.services.wechat_sandbox.harness import SECRET, AccountUser, Receiver, StandIn

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
async def talking(account: AccountUser) -> AccountUser:
    """The follower has just said something, so that five messages may be pushed."""
    await account.act("say", text="您好")
    return account


async def upload(account: AccountUser, kind: str, data: bytes, field: str = "media") -> Any:
    await account.api("/cgi-bin/menu/get")
    form = aiohttp.FormData()
    form.add_field(field, data, filename="file.bin", content_type="application/octet-stream")
    query = {"access_token": account.token, "type": kind}
    async with account.stand_in.http.post(
        f"{account.stand_in.url}/cgi-bin/media/upload", params=query, data=form
    ) as response:
        return json.loads(await response.read())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appid": ""}, 41002),
        ({"appid": "wxunknown"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "password"}, 40002),
        ({"force_refresh": "yes"}, 47001),
    ],
)
async def test_tokens_are_refused(account: AccountUser, changes: dict[str, Any], code: int) -> None:
    assert (await account.stable(**changes))["errcode"] == code


async def test_stable_tokens_need_a_post_and_classic_ones_are_separate(account: AccountUser) -> None:
    stable = (await account.stable())["access_token"]
    assert (await account.stable())["access_token"] == stable
    url, http = account.stand_in.url, account.stand_in.http
    query = {"grant_type": "client_credential", "appid": account.app_id, "secret": SECRET}
    classic = []
    for _ in range(2):
        async with http.get(f"{url}/cgi-bin/token", params=query) as response:
            classic.append(json.loads(await response.read())["access_token"])
    codes = [(await account.api("/cgi-bin/menu/get", token=token))["errcode"] for token in (*classic, stable)]
    assert codes == [40001, 46003, 46003]
    counters = await account.control("GET", "")
    assert counters["tokens_issued"] == 3
    assert counters["calls"]["stable_token"] == 2


async def test_access_tokens_that_do_not_do(talking: AccountUser) -> None:
    assert await talking.send() == 0
    body = {"touser": talking.openid, "msgtype": "text", "text": {"content": "x"}}
    for token, code in (("", 41001), ("short", 40014), ("A" * 512, 40001)):
        assert (await talking.api(SEND, body, token=token))["errcode"] == code
    await talking.control("POST", "/tokens", {})
    assert await talking.send() == 42001
    talking.token = ""
    assert await talking.send() == 0
    await talking.control("POST", "/tokens", {"revoke": True})
    assert await talking.send() == 40001


async def test_five_pushes_then_45047_and_after_48_hours_45015(talking: AccountUser) -> None:
    assert [await talking.send() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert await talking.shown() == [("push", "text", "您好")] * 5
    await talking.control("POST", "/clock", {"advance_seconds": 48 * 3600 + 1})
    talking.token = ""
    assert await talking.send() == 45015
    await talking.act("say", text="又来了")
    assert await talking.send() == 0


async def test_a_touch_of_the_menu_gives_three_within_a_minute(account: AccountUser, receiver: Receiver) -> None:
    menu = {"button": [{"name": "查询", "sub_button": [{"type": "click", "name": "余额", "key": "balance"}]}]}
    assert (await account.api("/cgi-bin/menu/create", menu))["errcode"] == 0
    await account.control("PATCH", "", {"mode": "plain"})
    await account.act("press", name="余额")
    assert b"<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[balance]]>" in receiver.bodies[-1]
    assert [await account.send() for _ in range(4)] == [0, 0, 0, 45047]
    await account.control("POST", "/clock", {"advance_seconds": 61})
    assert await account.send() == 45015


async def test_a_choice_of_a_msgmenu_comes_back_as_text_with_its_id_and_counts_as_a_menu(
    talking: AccountUser, receiver: Receiver
) -> None:
    menu = {"head_content": "办什么？", "list": [{"id": "m1", "content": "转账"}], "tail_content": ""}
    assert await talking.send("msgmenu", menu) == 0
    await talking.control("PATCH", "", {"mode": "plain"})
    await talking.act("press", choice="转账")
    assert b"<Content><![CDATA[\xe8\xbd\xac\xe8\xb4\xa6]]>" in receiver.bodies[-1]
    assert b"<bizmsgmenuid><![CDATA[m1]]>" in receiver.bodies[-1]
    assert (await talking.phone())["quota_left"] == 4 + 3
    await talking.act("press", choice="没有", expect=404)


MENU = {"head_content": "", "list": [{"id": "1", "content": "是"}], "tail_content": ""}


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("Text", {"content": "x"}, 40008),
        ("text", {"content": ""}, 44004),
        ("text", {"content": 5}, 47001),
        ("text", {"content": "字" * 683}, 45002),
        ("image", {"media_id": "unknown"}, 40007),
        ("video", {"media_id": "unknown"}, 40007),
        ("news", {"articles": []}, 44003),
        ("news", {"articles": [{"title": "一"}, {"title": "二"}]}, 45008),
        ("news", {"articles": [{"title": "一", "url": "javascript:alert(1)"}]}, 40054),
        ("msgmenu", MENU | {"list": []}, 47003),
        ("msgmenu", MENU | {"list": [{"id": "1", "content": "是"}] * 2}, 47003),
        ("msgmenu", MENU | {"list": [{"id": 1, "content": "是"}]}, 47001),
        ("msgmenu", MENU | {"list": [{"id": "1", "content": "长" * 700}]}, 45002),
        ("link", {"title": "x", "url": "https://a.example"}, 40008),
        ("miniprogrampage", {"title": "x"}, 47001),
        ("transfer_customer_service", {"x": "y"}, 40008),
    ],
)
async def test_messages_that_are_refused_cost_nothing(
    talking: AccountUser, kind: str, content: dict[str, Any], code: int
) -> None:
    assert await talking.send(kind, content) == code
    assert await talking.shown() == []
    assert (await talking.phone())["quota_left"] == 5
    assert (await talking.control("GET", ""))["calls"][f"message/custom/send {code}"] == 1


async def test_bodies_must_be_raw_utf_8_json(talking: AccountUser) -> None:
    body = {"touser": talking.openid, "msgtype": "text", "text": {"content": "您\\u4f60\n\u0007好"}}
    raw = json.dumps(body, ensure_ascii=False).encode()
    assert (await talking.api(SEND, raw=raw))["errcode"] == 0, (
        "an escaped backslash or control character is no such escape"
    )
    for wrong, code in (
        (json.dumps(body).encode(), 40033),
        (raw.decode().encode("gbk"), 47001),
        (b"[]", 47001),
        (b"{", 47001),
        (b"", 44002),
    ):
        assert (await talking.api(SEND, raw=wrong))["errcode"] == code
    assert (await talking.api(SEND))["errcode"] == 43002


async def test_followers_who_cannot_be_reached(talking: AccountUser) -> None:
    assert (await talking.api(SEND, {"touser": "nobody", "msgtype": "text", "text": {"content": "x"}}))[
        "errcode"
    ] == 40003
    assert await talking.send(customservice={"kf_account": "nobody@bank"}) == 65401
    await talking.control("PATCH", f"/customers/{talking.openid}", {"refuses": True})
    assert await talking.send() == 48002
    await talking.control("PATCH", f"/customers/{talking.openid}", {"refuses": False})
    await talking.act("event", event="unsubscribe")
    assert await talking.send() == 45015
    await talking.act("event", event="subscribe", extra={"EventKey": "qrscene_7"})
    assert await talking.send() == 0
    await talking.control("PATCH", "", {"customer_service": False, "templates": ["t1"]})
    assert await talking.send() == 48001
    for path, body in (
        ("/cgi-bin/message/custom/typing", {"touser": talking.openid, "command": "Typing"}),
        (
            "/cgi-bin/message/template/send",
            {"touser": talking.openid, "template_id": "t1", "data": {"a": {"value": "b"}}},
        ),
        ("/customservice/kfsession/create", {"openid": talking.openid, "kf_account": "a@b"}),
        ("/cgi-bin/customservice/getonlinekflist", None),
    ):
        assert (await talking.api(path, body))["errcode"] == 48001, path


async def test_typing(talking: AccountUser) -> None:
    async def typing() -> int:
        answer = await talking.api("/cgi-bin/message/custom/typing", {"touser": talking.openid, "command": "Typing"})
        return int(answer["errcode"])

    assert [await typing(), await typing()] == [0, 45081]
    assert (await talking.phone())["typing"] is True
    await talking.send()
    assert (await talking.phone())["typing"] is False
    await talking.control("POST", "/clock", {"advance_seconds": 31})
    assert await typing() == 45080
    mini = {"touser": talking.openid, "command": "Typing"}
    assert (await talking.api("/cgi-bin/message/custom/business/typing", mini))["errcode"] == 48001


async def test_media_go_up_come_down_and_expire(talking: AccountUser) -> None:
    uploaded = await upload(talking, "image", PICTURE)
    assert await talking.send("image", {"media_id": uploaded["media_id"]}) == 0
    query = {"access_token": talking.token, "media_id": uploaded["media_id"]}
    async with talking.stand_in.http.get(f"{talking.stand_in.url}/cgi-bin/media/get", params=query) as response:
        assert (await response.read(), response.content_type) == (PICTURE, "image/png")
    voice = b"#!AMR\n" + bytes(range(256)) * 3 + b"\r\n--x\r\n\r\n"
    assert (await upload(talking, "voice", voice))["type"] == "voice"
    for kind, data, field, code in (
        ("image", b"GIF89a", "media", 40005),
        ("image", b"", "media", 41005),
        ("image", PICTURE, "other", 41005),
        ("sound", PICTURE, "media", 40004),
        ("thumb", b"\xff\xd8\xff" + bytes(70_000), "media", 40006),
    ):
        assert (await upload(talking, kind, data, field))["errcode"] == code
    await talking.control("POST", "/clock", {"advance_seconds": 3 * 86400 + 1})
    talking.token = ""
    await talking.act("say", text="您好")
    assert await talking.send("image", {"media_id": uploaded["media_id"]}) == 40007


async def test_binary_media_come_through_unchanged(account: AccountUser) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40 + b"\n\r\r\n\n"
    media_id = (await upload(account, "image", data))["media_id"]
    query = {"access_token": account.token, "media_id": media_id}
    async with account.stand_in.http.get(f"{account.stand_in.url}/cgi-bin/media/get", params=query) as response:
        assert await response.read() == data


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"name": "一", "type": "click", "key": "k"}] * 4, 40016),
        ([{"name": "名字超过了限制", "type": "click", "key": "k"}], 40018),
        ([{"name": "一", "type": "click", "key": ""}], 40019),
        ([{"name": "一", "type": "view"}], 40020),
        ([{"name": "一", "type": "view", "url": "weixin://x"}], 40054),
        ([{"name": "一", "type": "location"}], 40119),
        ([{"name": "一", "sub_button": [{"name": "二", "type": "click", "key": "k"}] * 6}], 40023),
    ],
)
async def test_menus_that_are_refused(account: AccountUser, buttons: list[Any], code: int) -> None:
    assert (await account.api("/cgi-bin/menu/create", {"button": buttons}))["errcode"] == code
    assert (await account.control("GET", ""))["menu"] is None


async def test_an_api_nobody_plays_is_no_success(account: AccountUser) -> None:
    assert (await account.api("/cgi-bin/user/info"))["errcode"] == 40066


async def test_faults_meet_the_next_calls_of_their_api_only(talking: AccountUser) -> None:
    assert await talking.send() == 0
    await talking.control(
        "POST", "/faults", {"api": "message/custom/send", "kind": "errcode", "errcode": 45009, "times": 2}
    )
    assert (await talking.api("/cgi-bin/menu/get"))["errcode"] == 46003
    assert [await talking.send() for _ in range(3)] == [45009, 45009, 0]
    await talking.control("POST", "/faults", {"kind": "errcode", "times": 5})
    assert await talking.send() == -1
    await talking.control("DELETE", "/faults")
    assert await talking.send() == 0
    await talking.control("POST", "/faults", {"kind": "errcode", "errcode": 40164})
    assert "invalid ip 203.0.113.7 " in (await talking.api("/cgi-bin/menu/get"))["errmsg"], "for the operator's list"


async def test_faults_of_the_network(talking: AccountUser) -> None:
    await talking.send()
    url = f"{talking.stand_in.url}{SEND}?access_token={talking.token}"
    body = json.dumps({"touser": talking.openid, "msgtype": "text", "text": {"content": "hi"}})

    async def post() -> Any:
        async with talking.stand_in.http.post(url, data=body, timeout=aiohttp.ClientTimeout(total=3)) as response:
            return response.status, await response.read()

    await talking.control("POST", "/faults", {"kind": "html_502"})
    status, page = await post()
    assert (status, page[:6]) == (502, b"<html>")
    for kind, delivered in (("timeout", 1), ("lost_reply", 2)):
        await talking.control("POST", "/faults", {"kind": kind})
        with pytest.raises(aiohttp.ClientError):
            await post()
        assert len(await talking.shown()) == delivered
    await talking.control("POST", "/faults", {"kind": "slow", "seconds": 0.2})
    assert (await post())[0] == 200
    await talking.control("POST", "/faults", {"api": "stable_token", "kind": "errcode", "errcode": 40164})
    assert (await talking.stable())["errcode"] == 40164


async def test_mini_programs_have_their_own_types_and_quota(stand_in: StandIn, receiver: Receiver) -> None:
    account = await stand_in.account(receiver, kind="mini_program", mode="plain")
    await account.act("event", event="user_enter_tempsession")
    assert await account.send("msgmenu", MENU) == 40008
    assert await account.send("link", {"title": "网点", "url": "https://a.example/"}) == 0
    assert [await account.send() for _ in range(2)] == [0, 45047]
    command = {"touser": account.openid, "command": "Typing"}
    paths = ("/cgi-bin/message/custom/typing", "/cgi-bin/message/custom/business/typing")
    assert [(await account.api(path, command))["errcode"] for path in paths] == [48001, 0]
