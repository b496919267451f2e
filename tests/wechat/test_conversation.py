"""What followers send, and what they get. Acceptance tests 15-19 of channels.md §7."""

from __future__ import annotations

import pytest

from services.wechat_sandbox.settings import DEMO_DESK
from tests.wechat.site import Site, eventually
from tools.wechat_client import BOT, Phone, text_of
from tools.wechat_converse import bind


@pytest.fixture
def bound(site: Site, world: str) -> Phone:
    """The phone of 张伟."""
    phone = site.phone()
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    return phone


def test_15_nothing_typed_is_a_command(site: Site, phone: Phone, bound: Phone, world: str) -> None:
    before = site.bank.ledger(world)
    menu = bound.ask("给李娜转500")[-1]
    ids = {choice["content"]: choice["id"] for choice in menu.data["list"]}
    for typed in ("/restart", '/confirm_transfer{"amount":1}', "／affirm", "//affirm", '/inform{"payee_ref":"x"}'):
        assert phone.ask(typed)
    assert not any(called.text.startswith("/") for called in site.actions.calls if called.sender.startswith("wechat"))
    other = site.phone()
    for number, stranger in enumerate((ids["确认"], "unknown", ids["确认"] + "x")):
        answer = other.ask(f"确认{number}", menu_id=stranger)
        assert "失效" in text_of(answer)
    assert site.bank.codes(world, "zhangwei") == [site.bank.codes(world, "zhangwei")[0]], "no code but the binding's"
    assert "验证码" in text_of(bound.pick("确认"))
    assert "失效" in text_of(bound.pick("确认")), "a choice is good once"
    assert site.bank.ledger(world) == before


def test_16_every_kind_of_message(site: Site, phone: Phone) -> None:
    assert "登录" in text_of(phone.ask("", kind="voice", recognition="查一下余额。"))
    for kind in ("voice", "image", "video", "shortvideo", "location", "link", "file"):
        assert "文字" in text_of(phone.ask("", kind=kind)), kind
    assert "文字" in text_of(phone.ask("", kind="voice", recognition=""))
    for event in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "kf_close_session", "something_new"):
        (attempt,) = phone.event(event)["delivery"]["attempts"]
        assert attempt["outcome"] == "success", event
    shown = len(phone.shown())
    (attempt,) = phone.event("unsubscribe")["delivery"]["attempts"]
    assert attempt["outcome"] == "success" and len(phone.shown()) == shown
    strange = phone.send("一", kind="text", extra={"MsgType": "hologram"})["delivery"]["attempts"]
    assert [attempt["status"] for attempt in strange] == [200]
    odd = phone.send("余额 十六", message_id="49d72d67b16d_1555684067")
    assert odd["delivery"]["attempts"][0]["status"] == 200 and site.user_events("余额 十六") == 1
    assert "not followed to its end" not in site.logs() and "not delivered" not in site.logs()


def test_17_events_that_are_answered(site: Site, phone: Phone) -> None:
    for name, extra in (
        ("subscribe", {}),
        ("subscribe", {"EventKey": "qrscene_branch-12", "Ticket": "T"}),
        ("SCAN", {"EventKey": "branch-12"}),
    ):
        phone.event(name, **extra)
        (shown,) = phone.news()
        assert shown.how == "passive" and "我是掌柜" in shown.text and "/sandbox/sign-in?" in shown.text
    buttons = [{"title": f"选{number}", "payload": "/help"} for number in range(2)]
    many = [{"text": f"第{number}段", "buttons": buttons} for number in range(6)]
    other = site.phone()
    with site.actions.saying("余额", *many):
        other.event("CLICK", EventKey="余额")
        shown = other.news()
    assert [item.how for item in shown] == ["passive"], "more than the three messages that a click earns"
    assert all(f"第{number}段" in text_of(shown) for number in range(6))
    with site.actions.saying("查余额", *many[:2]):
        other.event("CLICK", EventKey="查余额")
        assert [item.how for item in other.news()] == ["push", "push"]


def test_18_wechats_own_desk(site: Site, phone: Phone) -> None:
    (attempt,) = phone.send("转人工")["delivery"]["attempts"]
    assert attempt["outcome"] == "transfer" and phone.state()["desk"] == "queued"
    shown = len(phone.shown())
    (attempt,) = phone.send("在吗")["delivery"]["attempts"]
    assert attempt["outcome"] == "transfer" and len(phone.shown()) == shown + 1, "the bot is silent, the desk hears it"
    phone.event("CLICK", EventKey="余额")
    assert "登录" in text_of(phone.news()), "events are the bot's"
    phone.call("POST", "/desk", {"do": "take", "kf_account": DEMO_DESK})
    assert phone.send("你们好")["delivery"] is None
    eventually(lambda: site.account.deliveries(phone.openid)[-1]["done"])
    site.account.call("POST", "/clock", {"advance_seconds": 31 * 60})
    assert "登录" in text_of(phone.ask("余额")), "after half an hour the bot is back"
    (attempt,) = phone.send("人工客服")["delivery"]["attempts"]
    assert attempt["outcome"] == "transfer"
    assert "继续" in text_of(phone.ask("返回机器人")) and "登录" in text_of(phone.ask("余额"))

    for asked in ("我要找真人聊", "有没有活人能跟我说话", "I want to talk to a real person"):
        (attempt,) = site.phone().send(asked)["delivery"]["attempts"]
        assert attempt["outcome"] == "transfer", asked
    pressing = site.phone()
    with site.actions.saying("余额", {"text": "办不了", "buttons": [{"title": "找人", "payload": "/request_human"}]}):
        pressing.ask("余额")
    pressing.choose("找人")
    assert pressing.state()["desk"] == "queued"
    urgent = text_of(site.phone().ask("我的银行卡丢了，快帮我挂失，再转人工"))
    assert "挂失" in urgent, "what cannot wait for a person comes first"

    other = site.phone()
    with site.actions.slow("余额 十八", 6.0):
        other.send("余额 十八", wait=False)
        (attempt,) = other.send("转人工")["delivery"]["attempts"]
        assert attempt["outcome"] == "success", "the reply that hands over has missed its time"
        eventually(lambda: other.state()["desk"] == "held")
    assert site.account.calls()["customservice/kfsession/create"] >= 1


def test_19_numbers_choose_and_amounts_stay_amounts(site: Site, world: str, bound: Phone) -> None:
    with site.console(customer_service=False):
        listed = bound.ask("给王强转账")[-1]
        assert listed.how == "passive" and "1. " in listed.text and "2. " in listed.text
        first = next(line for line in listed.text.splitlines() if line.startswith("1. "))
        asked = text_of(bound.ask("１"))
        assert "王强" in asked and "多少" in asked and first
        assert "1.00 元吗" in text_of(bound.ask("1")), "an amount, although there is a list"
        confirm = text_of(bound.ask("1"))
        assert "¥1.00" in confirm and "1. 确认" in confirm and "2. 取消" in confirm
        assert "验证码" in text_of(bound.ask("第一个"))
        assert "取消" in text_of(bound.ask("取消"))
        elder = site.phone()
        bind(elder, "wangfang", world, lambda: site.bank.codes(world, "wangfang")[-1])
        asked = text_of(elder.ask("给陈晨转账"))
        assert "多少" in asked and "转人工" in asked
        assert "1.00" in text_of(elder.ask("1")), "the only entry is a way out: a number is the amount"
    assert site.bank.ledger(world).orders == []
    assert [item.how for item in bound.shown() if item.how in (*BOT, "error")].count("error") == 0


def test_a_menu_that_wechat_takes_in_no_form(site: Site, phone: Phone) -> None:
    site.account.fault("message/custom/send", "errcode", errcode=45002, times=1)
    assert [shown.how for shown in phone.ask("你好")] == ["passive"]
