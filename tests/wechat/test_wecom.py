"""WeCom 微信客服 over HTTP: doorbell, cursor, message ids, people who take over, and everything that can go wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests

from services.wechat_sandbox.crypto import Sealer, signature
from tests.wechat.site import Site, answers, eventually
from tools.stack import START_LIMIT
from tools.stack import answers as alive
from tools.wechat_client import WeChatAccount, text_of
from tools.wechat_converse import bind


@pytest.fixture(scope="module")
def desk(site: Site) -> Iterator[WeChatAccount]:
    env = site.stack.environment
    account = site.tencent.create(
        kind="wecom",
        app_id=env["WECOM_CORP_ID"],
        secret=env["WECOM_SECRET"],
        token=env["WECOM_TOKEN"],
        aes_keys=[env["WECOM_AES_KEY"]],
        open_kfid=env["WECOM_KFID"],
        callback_url=f"{site.stack.rasa_url}/wecom/webhook",
        page_size=2,
        desk_accounts={"agent": True},
    )
    yield account
    account.call("DELETE")


def ring(site: Site, fields: str, corp_id: str | None = None, **changed: str) -> requests.Response:
    """A doorbell of one's own, as WeCom signs it."""
    env = site.stack.environment
    sealed = Sealer(env["WECOM_AES_KEY"], corp_id or env["WECOM_CORP_ID"]).seal(f"<xml>{fields}</xml>".encode())
    stamp, nonce = str(int(time.time())), "415670741"
    query = {"msg_signature": signature(env["WECOM_TOKEN"], stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
    body = f"<xml><ToUserName>x</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    with requests.Session() as http:
        http.trust_env = False
        return http.post(
            f"{site.stack.rasa_url}/wecom/webhook",
            params={**query, **changed},
            data=changed.get("body", body).encode(),
            headers={"Content-Type": "text/xml"},
            timeout=30,
        )


BELL = "<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>T</Token><OpenKfId>{desk}</OpenKfId>"


def test_wecom(site: Site, desk: WeChatAccount, world: str) -> None:
    assert desk.call("POST", "/verify") == {"ok": True, "problem": None}
    phone = desk.follower()
    (greeting,) = phone.ask("你好")
    assert (greeting.how, greeting.kind) == ("push", "msgmenu") and "转账" in greeting.choices
    assert "登录" in text_of(phone.ask("余额"))
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "52,318.66" in text_of(phone.ask("余额"))
    assert "¥500.00" in text_of(phone.ask("给李娜转500")) and "验证码" in text_of(phone.pick("确认"))
    assert "转账成功" in text_of(phone.ask(site.bank.codes(world, "zhangwei")[-1]))
    assert site.bank.ledger(world).orders == ["transfer"]


def test_wecom_fetches_each_message_once(site: Site, desk: WeChatAccount) -> None:
    phones = [desk.follower() for _ in range(3)]
    for number, phone in enumerate(phones):
        for text in ("余额", f"余额 客服{number}"):
            phone.send(text, wait=False)
    for phone in phones:
        eventually(lambda phone=phone: len(answers(phone)) == 2)
    again = desk.call("POST", f"/deliveries/{desk.deliveries(phones[0].openid)[0]['id']}/repeat", {"times": 3})
    assert all(delivery["done"] for delivery in again["deliveries"])
    desk.fault("kf/send_msg", "lost_reply")
    assert len(phones[0].ask("余额")) == 1, "sent, and sent again under the same id: shown once"
    assert [len(answers(phone)) for phone in phones] == [3, 2, 2]
    assert [site.user_events(f"余额 客服{number}") for number in range(3)] == [1, 1, 1]


def test_wecom_is_silent_while_a_servicer_talks(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    phone.ask("余额")
    phone.call("POST", "/desk", {"do": "take", "kf_account": "agent"})
    before = len(answers(phone))
    phone.send("余额 坐席", wait=True)
    phone.call("POST", "/desk", {"do": "close", "kf_account": "agent"})
    assert "登录" in text_of(phone.ask("余额"))
    assert site.user_events("余额 坐席") == 0 and len(answers(phone)) == before + 1
    # A person whose end WeCom never told of silences nobody.
    phone.call("POST", "/desk", {"do": "take", "kf_account": "agent"})
    state = {"open_kfid": site.stack.environment["WECOM_KFID"], "external_userid": phone.openid, "service_state": 4}
    assert api(site, desk, "kf/service_state/trans", state)["errcode"] == 0
    assert "登录" in text_of(phone.ask("余额"))


def api(site: Site, desk: WeChatAccount, name: str, body: dict[str, object]) -> dict[str, object]:
    env = site.stack.environment
    with requests.Session() as http:
        http.trust_env = False
        query = {"corpid": env["WECOM_CORP_ID"], "corpsecret": env["WECOM_SECRET"]}
        token = http.get(f"{desk.tencent.url}/cgi-bin/gettoken", params=query, timeout=30).json()["access_token"]
        url = f"{desk.tencent.url}/cgi-bin/{name}"
        return dict(http.post(url, params={"access_token": token}, json=body, timeout=30).json())


def test_wecom_hands_over_and_takes_back(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    assert "转接人工客服" in text_of(phone.ask("转人工")) and phone.state()["kf_state"] == 3
    before = len(answers(phone))
    for text in ("你好", "余额 人工"):
        phone.send(text)
    phone.send("", kind="image")
    phone.call("POST", "/desk", {"do": "say", "text": "您好，我是客服"})
    phone.call("POST", "/desk", {"do": "close"})
    assert "登录" in text_of(phone.ask("余额"))
    assert site.user_events("余额 人工") == 0 and len(answers(phone)) == before + 1

    desk.call("PATCH", body={"desk_accounts": {"agent": False}})
    assert "没有人工客服" in text_of(phone.ask("转人工")) and phone.state()["kf_state"] in (0, 1)
    assert "登录" in text_of(phone.ask("余额")), "the bot goes on"


def test_wecom_refuses_what_is_not_authentic(site: Site, desk: WeChatAccount) -> None:
    bell = BELL.format(desk=site.stack.environment["WECOM_KFID"])
    before = desk.calls().get("kf/sync_msg", 0)
    wrong = {
        "another signature": ring(site, bell, msg_signature="0" * 40),
        "another time": ring(site, bell, timestamp="1"),
        "another corporation": ring(site, bell, corp_id="ww000000000000000f"),
        "not encrypted": ring(site, bell, body=f"<xml>{bell}</xml>"),
    }
    assert {name: answer.status_code for name, answer in wrong.items()} == dict.fromkeys(wrong, 403)
    assert ring(site, bell, body="x" * 70_000).status_code == 413
    assert {ring(site, bell, body=bad).status_code for bad in ("<!DOCTYPE x><xml/>", "<xml></xml>", "?")} == {400}
    with requests.Session() as http:
        http.trust_env = False
        query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "2", "echostr": "abc"}
        answer = http.get(f"{site.stack.rasa_url}/wecom/webhook", params=query, timeout=30)
        assert answer.status_code == 403 and "abc" not in answer.text
    assert desk.calls().get("kf/sync_msg", 0) == before
    for harmless in (BELL.format(desk="wkOther"), "<MsgType>event</MsgType><Event>other</Event>", bell):
        assert ring(site, harmless).status_code in (200, 400)
    eventually(lambda: desk.calls().get("kf/sync_msg", 0) > before)


def test_wecom_every_kind_of_message(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    for kind in ("voice", "image", "video", "location", "link", "file"):
        assert "文字" in text_of(phone.ask("", kind=kind)), kind
    assert phone.ask("/restart") and "失效" in text_of(phone.ask("确认", menu_id="unknown"))
    assert not any(called.text.startswith("/") for called in site.actions.calls if called.sender.startswith("wecom"))


def test_wecom_welcomes_who_may_be_welcomed(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    phone.event("enter_session")
    (welcome,) = phone.news()
    assert "我是掌柜" in welcome.text and welcome.choices == ["绑定本人身份"], "the link is an entry of the menu"
    phone.event("enter_session")
    assert len(phone.ask("余额")) == 1 and len(answers(phone)) == 2, "not twice within two days"


def test_wecom_keeps_what_cannot_be_sent(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    faults = (
        {"kind": "errcode", "errcode": 95001, "times": 1},
        {"kind": "errcode", "errcode": 45009, "times": 1},
        {"kind": "errcode", "errcode": 40001, "times": 9},
        {"kind": "html_502", "times": 9},
    )
    for number, fault in enumerate(faults):
        desk.fault("kf/send_msg", **fault)
        calls = desk.calls().get("kf/send_msg", 0)
        with site.actions.saying(f"余额 留{number}", {"text": f"结果{number}"}):
            phone.send(f"余额 留{number}")
            eventually(lambda calls=calls, number=number: site.user_events(f"余额 留{number}") == 1)
            eventually(lambda calls=calls: desk.calls().get("kf/send_msg", 0) > calls)
        time.sleep(2)
        desk.call("DELETE", "/faults")
        told = text_of(phone.ask("余额"))
        assert "没能送达" in told and f"结果{number}" in told and "登录" in told
    phone.call("PATCH", body={"refuses": True})
    with site.actions.saying("余额 退", {"text": "退回的话"}):
        phone.send("余额 退")
        eventually(lambda: any(d["fields"]["Event"] == "kf_msg_or_event" for d in desk.deliveries(phone.openid)))
        eventually(lambda: len(site.actions.of("余额 退")) > 0)
    time.sleep(2)
    phone.call("PATCH", body={"refuses": False})
    told = text_of(phone.ask("余额"))
    assert told.count("退回的话") == 1 and "没能送达" in told


def test_wecom_comes_through_a_bad_day(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    faults = (
        {"kind": "errcode", "errcode": 42001, "times": 1},
        {"kind": "errcode", "errcode": -1, "times": 2},
        {"kind": "errcode", "errcode": 95007, "times": 1},
        {"kind": "html_502", "times": 4},
        {"kind": "timeout", "seconds": 6, "times": 1},
        {"kind": "lost_reply", "times": 1},
    )
    for number, fault in enumerate(faults):
        desk.fault("kf/sync_msg", **fault)
        assert len(phone.ask(f"余额 坏{number}")) == 1, fault
        assert site.user_events(f"余额 坏{number}") == 1
        desk.call("DELETE", "/faults")
    desk.call("POST", "/tokens", {"revoke": True})
    assert len(phone.ask("余额")) == 1
    logs = site.logs()
    env = site.stack.environment
    assert all(secret not in logs for secret in (env["WECOM_SECRET"], env["WECOM_TOKEN"], phone.openid, "access_token"))


def test_wecom_two_servers_fetch_once(site: Site, desk: WeChatAccount) -> None:
    phones = [desk.follower() for _ in range(4)]
    hooks = (f"{site.stack.rasa_url}/wecom/webhook", f"{site.other_url}/wecom/webhook")
    for number in range(8):
        desk.call("PATCH", body={"callback_url": hooks[number % 2]})
        phones[number % 4].send(f"余额 两台{number}", wait=False)
    for phone in phones:
        eventually(lambda phone=phone: len(answers(phone)) == 2)
    for hook in hooks:
        desk.call("PATCH", body={"callback_url": hook})
        number = desk.deliveries(phones[0].openid)[0]["id"]
        desk.call("POST", f"/deliveries/{number}/repeat", {"times": 5, "together": True})
    time.sleep(1)
    assert [len(answers(phone)) for phone in phones] == [2] * 4
    assert [site.user_events(f"余额 两台{number}") for number in range(8)] == [1] * 8


def test_wecom_a_server_dies_before_the_fetch_and_before_the_answer(site: Site, desk: WeChatAccount) -> None:
    phone, other = desk.follower(), desk.follower()
    desk.call("PATCH", body={"callback_url": f"{site.other_url}/wecom/webhook"})
    with site.actions.slow("余额 中断", 12.0):
        phone.send("余额 中断")
        eventually(lambda: site.actions.of("余额 中断"))
        desk.fault("kf/sync_msg", "timeout", seconds=4, times=9)
        other.send("余额 没取")
        site.stack.kill("rasa_2")
    desk.call("DELETE", "/faults")
    try:
        (told,) = phone.news()
        assert "不要重复操作" in told.text and len(site.actions.of("余额 中断")) == 1
        assert "登录" in text_of(other.news()), "the other server fetches what was rung for"
        desk.call("PATCH", body={"callback_url": f"{site.stack.rasa_url}/wecom/webhook"})
        assert len(phone.ask("余额")) == 1 and len(answers(phone)) == 2 and len(answers(other)) == 1
    finally:
        site.stack.restart("rasa_2")
    eventually(lambda: alive(f"{site.other_url}/wecom/"), START_LIMIT)
    time.sleep(2)
    assert (len(answers(phone)), len(answers(other)), site.user_events("余额 没取")) == (2, 1, 1)
