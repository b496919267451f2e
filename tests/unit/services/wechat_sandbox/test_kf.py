"""WeCom 微信客服: the doorbell, syncing with a cursor, sending with an id, and who has the conversation."""

from typing import Any
from xml.etree import ElementTree

import pytest
from aiohttp import web
from wechatpy.work.crypto import WeChatCrypto

from tests.unit.services.wechat_sandbox.harness import (
    AES_KEY,
    PUSH_TOKEN,
    SECRET,
    AccountUser,
    Receiver,
    StandIn,
)

CORP_ID, KF_ID = "ww0001", "wkZhangguiKf0001"


class Kf:
    """The account as a connector of WeCom uses it."""

    def __init__(self, account: AccountUser, token: str) -> None:
        self.account, self.token = account, token

    async def call(self, what: str, **body: Any) -> Any:
        return await self.account.api(f"/cgi-bin/kf/{what}", body, token=self.token)

    async def send(self, text: str = "您好", **more: Any) -> int:
        body = {"touser": self.account.openid, "open_kfid": KF_ID, "msgtype": "text", "text": {"content": text}, **more}
        return int((await self.call("send_msg", **body))["errcode"])

    async def trans(self, state: int, **more: Any) -> int:
        body = {"external_userid": self.account.openid, "open_kfid": KF_ID, "service_state": state, **more}
        return int((await self.call("service_state/trans", **body))["errcode"])


@pytest.fixture
async def kf(stand_in: StandIn, receiver: Receiver) -> Kf:
    agents = {"zhang": True, "li": False}
    account = await stand_in.account(receiver, CORP_ID, kind="wecom", page_size=2, desk_accounts=agents)
    query = {"corpid": CORP_ID, "corpsecret": SECRET}
    tokens = []
    for _ in range(2):
        async with stand_in.http.get(f"{stand_in.url}/cgi-bin/gettoken", params=query) as response:
            tokens.append((await response.json(content_type=None))["access_token"])
    assert tokens[0] == tokens[1]
    return Kf(account, tokens[0])


def doorbell(receiver: Receiver) -> dict[str, str]:
    query = receiver.queries[-1]
    assert set(query) == {"msg_signature", "timestamp", "nonce"}
    crypto = WeChatCrypto(PUSH_TOKEN, AES_KEY, CORP_ID)
    plain = crypto.decrypt_message(receiver.bodies[-1], query["msg_signature"], query["timestamp"], query["nonce"])
    return {child.tag: child.text or "" for child in ElementTree.fromstring(plain)}


async def test_the_doorbell_rings_and_the_messages_are_fetched_page_by_page(kf: Kf, receiver: Receiver) -> None:
    for text in ("一", "二", "三"):
        await kf.account.act("say", text=text)
    ring = doorbell(receiver)
    assert (ring["Event"], ring["OpenKfId"]) == ("kf_msg_or_event", KF_ID)
    first = await kf.call("sync_msg", token=ring["Token"], cursor="", limit=1000)
    assert (first["has_more"], [one["text"]["content"] for one in first["msg_list"]]) == (1, ["一", "二"])
    again = await kf.call("sync_msg", cursor=first["next_cursor"])
    assert (again["has_more"], [one["text"]["content"] for one in again["msg_list"]]) == (0, ["三"])
    assert again["msg_list"][0]["external_userid"] == kf.account.openid
    rest = await kf.call("sync_msg", cursor=again["next_cursor"])
    assert (rest["has_more"], rest["msg_list"]) == (0, [])
    assert (await kf.call("sync_msg", cursor="unknown"))["errcode"] == 40058
    assert (await kf.call("sync_msg", token="unknown"))["errcode"] == 95007
    assert await kf.account.shown() == []


async def test_tokens_of_the_doorbell_last_ten_minutes_and_messages_three_days(kf: Kf, receiver: Receiver) -> None:
    await kf.account.act("say", text="旧")
    token = doorbell(receiver)["Token"]
    await kf.account.control("POST", "/clock", {"advance_seconds": 601})
    assert (await kf.call("sync_msg", token=token))["errcode"] == 95007
    assert len((await kf.call("sync_msg"))["msg_list"]) == 1
    await kf.account.control("POST", "/clock", {"advance_seconds": 3 * 86400})
    kf.token = (await gettoken(kf))["access_token"]
    assert (await kf.call("sync_msg"))["msg_list"] == []


async def gettoken(kf: Kf, **changes: str) -> Any:
    query = {"corpid": CORP_ID, "corpsecret": SECRET, **changes}
    async with kf.account.stand_in.http.get(f"{kf.account.stand_in.url}/cgi-bin/gettoken", params=query) as response:
        return await response.json(content_type=None)


async def test_five_messages_and_an_id_is_used_once(kf: Kf) -> None:
    assert await kf.send() == 95018, "before the customer has said anything"
    await kf.account.act("say", text="您好")
    assert [await kf.send("一", msgid="turn-1"), await kf.send("一", msgid="turn-1")] == [0, 40058]
    assert [await kf.send("二", msgid=bad) for bad in ("x" * 33, "有", "")] == [40058] * 3
    assert [await kf.send() for _ in range(5)] == [0, 0, 0, 0, 95001]
    assert len(await kf.account.shown()) == 5
    assert await kf.send(open_kfid="wkOther") == 95000
    assert await kf.send(touser="nobody") == 40096
    await kf.account.control("POST", "/clock", {"advance_seconds": 49 * 3600})
    kf.token = (await gettoken(kf))["access_token"]
    assert await kf.send() == 95002


async def test_a_menu_is_chosen_from(kf: Kf) -> None:
    await kf.account.act("say", text="您好")
    menu = {"head_content": "办什么？", "list": [{"type": "click", "click": {"id": "m1", "content": "转账"}}]}
    assert await kf.send(msgtype="msgmenu", msgmenu=menu) == 0
    await kf.account.act("press", choice="转账")
    page = await kf.call("sync_msg")
    assert page["msg_list"][-1]["text"] == {"content": "转账", "menu_id": "m1"}
    wrong = {"head_content": "", "list": [{"type": "click", "view": {}}]}
    assert await kf.send(msgtype="msgmenu", msgmenu=wrong) == 40058


async def test_an_agent_takes_over_speaks_and_ends(kf: Kf, receiver: Receiver) -> None:
    await kf.account.act("say", text="转人工")
    assert [await kf.trans(1), await kf.trans(0), await kf.trans(2)] == [0, 95016, 0]
    assert await kf.send() == 95018
    assert [await kf.trans(3, servicer_userid=name) for name in ("li", "zhang")] == [95014, 0]
    rings = len(receiver.bodies)
    await kf.account.act("desk", do="say", text="我是客服")
    await kf.account.act("desk", do="close")
    assert await kf.trans(1) == 95016
    await kf.account.act("say", text="再问一句")
    assert len(receiver.bodies) >= rings + 2
    await kf.account.control("PATCH", "", {"page_size": 100})
    entries = (await kf.call("sync_msg"))["msg_list"]
    assert [one.get("event", {}).get("change_type", one["msgtype"]) for one in entries] == [
        "text",
        1,
        "text",
        3,
        "text",
    ]
    assert await kf.send() == 0


async def test_an_accepted_message_may_fail_later(kf: Kf) -> None:
    await kf.account.act("say", text="您好")
    await kf.account.control("PATCH", f"/customers/{kf.account.openid}", {"refuses": True})
    assert await kf.send(msgid="turn-9") == 0
    assert await kf.account.shown() == []
    event = (await kf.call("sync_msg"))["msg_list"][-1]["event"]
    assert (event["event_type"], event["fail_msgid"]) == ("msg_send_fail", "turn-9")


async def test_a_welcome_needs_the_code_of_the_event(kf: Kf) -> None:
    async def welcome(code: str, **more: Any) -> int:
        body = {"code": code, "msgtype": "text", "text": {"content": "您好"}, **more}
        return int((await kf.call("send_msg_on_event", **body))["errcode"])

    await kf.account.act("event", event="enter_session")
    code = (await kf.call("sync_msg"))["msg_list"][-1]["event"]["welcome_code"]
    assert [await welcome("unknown"), await welcome(code, msgid="w1"), await welcome(code)] == [40058, 0, 40058]
    assert len(await kf.account.shown()) == 1
    await kf.account.act("event", event="enter_session")
    await kf.account.control("PATCH", "", {"page_size": 100})
    assert "welcome_code" not in (await kf.call("sync_msg"))["msg_list"][-1]["event"], "welcomed within two days"


async def test_a_change_of_state_brings_a_code_for_one_text(kf: Kf) -> None:
    async def change(state: int, **more: Any) -> str:
        body = {"external_userid": kf.account.openid, "open_kfid": KF_ID, "service_state": state, **more}
        return str((await kf.call("service_state/trans", **body))["msg_code"])

    async def tell(code: str, kind: str = "text") -> int:
        content = {"text": {"content": "请稍候"}, "msgmenu": {"list": [{"type": "click", "click": {"content": "好"}}]}}
        body = {"code": code, "msgtype": kind, kind: content[kind]}
        return int((await kf.call("send_msg_on_event", **body))["errcode"])

    await kf.account.act("say", text="转人工")
    pool = await change(2)
    assert [await tell(pool), await tell(pool)] == [0, 40058]
    person = await change(3, servicer_userid="zhang")
    assert await tell(person, "msgmenu") == 40008
    over = await change(4)
    assert await tell(over, "msgmenu") == 0
    assert len(await kf.account.shown()) == 2


async def test_the_sizes_of_a_menu(kf: Kf) -> None:
    await kf.account.act("say", text="您好")

    def menu(head: str, label: str = "好", items: int = 1) -> dict[str, Any]:
        listed = [{"type": "click", "click": {"id": f"m{number}", "content": label}} for number in range(items)]
        return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": listed}}

    large = (menu("头" * 342), menu("头", "签" * 43), menu("头", items=11))
    assert [await kf.send(**one) for one in large] == [45002, 45002, 40058]
    assert await kf.send(**menu("头" * 341, "签" * 42, 10)) == 0


async def test_the_address_is_verified_with_a_sealed_text(kf: Kf, receiver: Receiver) -> None:
    async def echo(request: web.Request, body: bytes) -> web.Response:
        crypto = WeChatCrypto(PUSH_TOKEN, AES_KEY, CORP_ID)
        names = ("msg_signature", "timestamp", "nonce", "echostr")
        return web.Response(body=crypto.check_signature(*(request.query[name] for name in names)))

    receiver.answer = echo
    assert (await kf.account.control("POST", "/verify"))["ok"] is True


async def test_other_accounts_have_no_kf(stand_in: StandIn, receiver: Receiver) -> None:
    account = await stand_in.account(receiver, "wxoa")
    assert (await account.api("/cgi-bin/kf/sync_msg", {"cursor": ""}))["errcode"] == 48001


async def test_wrong_secrets(kf: Kf) -> None:
    assert [(await gettoken(kf, **wrong))["errcode"] for wrong in ({"corpid": "x"}, {"corpsecret": "x"})] == [
        40013,
        40001,
    ]
