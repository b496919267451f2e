"""Template messages, WeChat's own desk, followers' messages of every kind, and the control routes themselves."""

import asyncio
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.unit.services.wechat_sandbox.harness import AccountUser, Receiver, StandIn, replying

TEMPLATE = "/cgi-bin/message/template/send"


@pytest.fixture
async def plain(stand_in: StandIn, receiver: Receiver) -> AccountUser:
    agents = {"one@bank": True, "two@bank": True, "away@bank": False}
    return await stand_in.account(receiver, mode="plain", templates=["T1"], desk_accounts=agents)


def xml(body: bytes) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(body)}


async def pushed(receiver: Receiver, count: int) -> dict[str, str]:
    """The last of `count` pushes, which come in the background."""
    for _ in range(200):
        if len(receiver.bodies) >= count:
            return xml(receiver.bodies[-1])
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(receiver.bodies)} pushes of {count}")


async def test_a_template_message_is_shown_and_its_end_is_pushed(plain: AccountUser, receiver: Receiver) -> None:
    body = {"touser": plain.openid, "template_id": "T1", "data": {"工单号": {"value": "T-1"}}}
    answer = await plain.api(TEMPLATE, body)
    event = await pushed(receiver, 1)
    assert (event["Event"], event["MsgID"], event["Status"]) == (
        "TEMPLATESENDJOBFINISH",
        str(answer["msgid"]),
        "success",
    )
    assert await plain.shown() == [("template", "template", "工单号：T-1")]
    await plain.control("PATCH", f"/customers/{plain.openid}", {"refuses": True})
    assert (await plain.api(TEMPLATE, body))["errcode"] == 0
    assert (await pushed(receiver, 2))["Status"] == "failed:user block"
    assert len(await plain.shown()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"touser": "nobody"}, 40003),
        ({"template_id": "T2"}, 40037),
        ({"data": {}}, 47001),
        ({"data": {"a": "b"}}, 47003),
        ({"data": {"a": {"value": ""}}}, 47003),
    ],
)
async def test_template_messages_that_are_refused(plain: AccountUser, changes: dict[str, Any], code: int) -> None:
    body = {"touser": plain.openid, "template_id": "T1", "data": {"a": {"value": "b"}}, **changes}
    assert (await plain.api(TEMPLATE, body))["errcode"] == code
    await plain.control("PATCH", "", {"templates": []})
    assert (await plain.api(TEMPLATE, body))["errcode"] == 48001


def transfer(account: AccountUser, kf_account: str = "") -> bytes:
    info = f"<TransInfo><KfAccount>{kf_account}</KfAccount></TransInfo>" if kf_account else ""
    return (
        f"<xml><ToUserName>{account.openid}</ToUserName><FromUserName>gh_zhanggui0001</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType>transfer_customer_service</MsgType>{info}</xml>"
    ).encode()


async def test_the_desk_holds_a_follower_after_the_queue_and_gives_him_back(
    plain: AccountUser, receiver: Receiver
) -> None:
    receiver.answer = replying(lambda body: transfer(plain))
    await plain.act("event", event="CLICK", extra={"EventKey": "person"})
    assert (await plain.phone())["desk"] == "nobody", "events are not forwarded"
    await plain.act("say", text="转人工")
    assert (await plain.phone())["desk"] == "queued"
    await plain.act("say", text="还在吗")
    assert len(receiver.bodies) == 3, "while queued, messages still come"
    await plain.act("desk", do="take", kf_account="one@bank")
    assert (await pushed(receiver, 4))["Event"] == "kf_create_session"
    assert (await plain.act("say", text="给客服的"))["delivery"] is None
    await plain.act("desk", do="say", text="您好，我是客服")
    await plain.act("desk", do="switch", kf_account="two@bank")
    assert (await pushed(receiver, 5))["ToKfAccount"] == "two@bank"
    await plain.act("desk", do="close")
    assert (await pushed(receiver, 6))["Event"] == "kf_close_session"
    await plain.act("say", text="给机器人的")
    assert len(receiver.bodies) == 7
    assert await plain.shown() == [("agent", "text", "您好，我是客服")]
    await plain.act("desk", do="say", text="没有会话", expect=409)


async def test_an_agent_who_does_not_close_loses_the_follower_after_half_an_hour(
    plain: AccountUser, receiver: Receiver
) -> None:
    await plain.act("desk", do="take", kf_account="one@bank")
    await pushed(receiver, 1)
    await plain.control("POST", "/clock", {"advance_seconds": 1801})
    assert (await plain.act("say", text="还在吗"))["delivery"]["attempts"]


async def test_sessions_are_opened_by_the_api(plain: AccountUser, receiver: Receiver) -> None:
    async def create(name: str) -> int:
        body = {"kf_account": name, "openid": plain.openid}
        return int((await plain.api("/customservice/kfsession/create", body))["errcode"])

    assert [await create(name) for name in ("nobody@bank", "away@bank", "one@bank", "one@bank", "two@bank")] == [
        65401,
        65415,
        0,
        0,
        65414,
    ]
    assert (await pushed(receiver, 1))["KfAccount"] == "one@bank"
    online = (await plain.api("/cgi-bin/customservice/getonlinekflist"))["kf_online_list"]
    assert [(one["kf_account"], one["accepted_case"]) for one in online] == [("one@bank", 1), ("two@bank", 0)]
    body = {"kf_account": "one@bank", "openid": plain.openid}
    assert [(await plain.api("/customservice/kfsession/close", body))["errcode"] for _ in range(2)] == [0, 65413]


@pytest.mark.parametrize(
    ("kind", "given", "names"),
    [
        ("image", {}, {"PicUrl", "MediaId"}),
        ("voice", {}, {"MediaId", "Format"}),
        ("voice", {"recognition": ""}, {"MediaId", "Format", "Recognition"}),
        ("voice", {"recognition": "查余额"}, {"MediaId", "Format", "Recognition"}),
        ("video", {}, {"MediaId", "ThumbMediaId"}),
        ("shortvideo", {}, {"MediaId", "ThumbMediaId"}),
        ("location", {}, {"Location_X", "Location_Y", "Scale", "Label"}),
        ("link", {}, {"Title", "Description", "Url"}),
        ("file", {}, {"Title", "Description", "FileKey", "FileMd5", "FileTotalLen"}),
    ],
)
async def test_messages_of_every_kind(
    plain: AccountUser, receiver: Receiver, kind: str, given: dict[str, str], names: set[str]
) -> None:
    await plain.act("say", kind=kind, **given)
    fields = xml(receiver.bodies[-1])
    common = {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId"}
    assert (set(fields) - common, fields["MsgType"]) == (names, kind)
    assert fields.get("Recognition") == given.get("recognition")
    if kind == "image":
        async with plain.stand_in.http.get(fields["PicUrl"]) as response:
            assert response.content_type == "image/png"


@pytest.mark.parametrize(
    ("event", "extra", "expected"),
    [
        ("subscribe", {"EventKey": "qrscene_12", "Ticket": "T"}, {"EventKey": "qrscene_12", "Ticket": "T"}),
        ("SCAN", {}, {"EventKey": "1", "Ticket": "TICKET"}),
        ("VIEW", {"EventKey": "https://a.example/"}, {"EventKey": "https://a.example/"}),
        ("LOCATION", {}, {"Latitude": "31.230416", "Longitude": "121.473701", "Precision": "65.000000"}),
        ("debut_of_tomorrow", {"What": "new"}, {"What": "new"}),
    ],
)
async def test_events(
    plain: AccountUser, receiver: Receiver, event: str, extra: dict[str, str], expected: dict[str, str]
) -> None:
    done = await plain.act("event", event=event, extra=extra)
    fields = xml(receiver.bodies[-1])
    assert {"MsgType": "event", "Event": event, **expected}.items() <= fields.items()
    assert "MsgId" not in fields
    assert done["key"].startswith(f"{plain.openid}|{fields['CreateTime']}|{event}|")


async def test_odd_message_ids(plain: AccountUser, receiver: Receiver) -> None:
    await plain.act("say", text="您好", message_id="49d72d67b16d115e_1555684067")
    assert xml(receiver.bodies[-1])["MsgId"] == "49d72d67b16d115e_1555684067"


async def test_accounts_know_nothing_of_each_other(stand_in: StandIn, receiver: Receiver) -> None:
    one = await stand_in.account(receiver, "wxone")
    two = await stand_in.account(receiver, "wxtwo")
    await one.act("say", text="您好")
    assert await one.send() == 0
    body = {"touser": one.openid, "msgtype": "text", "text": {"content": "x"}}
    await two.stable()
    assert (await two.api("/cgi-bin/message/custom/send", body))["errcode"] == 40003
    await one.control("POST", "/clock", {"advance_seconds": 7201})
    assert await one.send() == 42001
    assert (await two.api("/cgi-bin/menu/get"))["errcode"] == 46003
    await one.control("POST", "/reset")
    assert (await one.control("GET", ""))["customers"] == []
    assert (await two.control("GET", ""))["customers"] == [two.openid]
    await one.control("DELETE", "")
    await one.control("GET", "", expect=404)


async def test_the_control_routes_need_their_token_and_say_what_is_wrong(
    stand_in: StandIn, account: AccountUser, receiver: Receiver
) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "control-token-for-tests"}):
        async with stand_in.http.get(f"{stand_in.url}/control/accounts/wx0001", headers=header) as response:
            assert response.status == 401
    await stand_in.control("POST", "", account.body, expect=409)
    for wrong in ({"aes_keys": ["short"]}, {"callback_url": "ftp://x"}, {"unknown": 1}, {"mode": "secret"}):
        await stand_in.control("POST", "", account.body | {"app_id": "wx2"} | wrong, expect=422)
    await account.control("PATCH", "", {"aes_keys": ["short"]}, expect=422)
    for wrong in ({"push_key": 1, "aes_keys": account.body["aes_keys"][:1]}, {"kind": "wecom", "mode": "plain"}):
        await stand_in.control("POST", "", account.body | {"app_id": "wx2"} | wrong, expect=400)


async def test_the_phone_can_be_waited_for(plain: AccountUser, receiver: Receiver) -> None:
    waiting = asyncio.create_task(plain.phone(after=1, wait=20))
    await plain.act("say", text="您好")
    await plain.send()
    assert [one["how"] for one in (await waiting)["shown"]] == ["push"]
