"""WeCom 微信客服 on the same core: doorbell, cursor, message ids."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wechat.site import Site, eventually
from tools.wechat_client import BOT, Phone, WeChatAccount, text_of
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


def bot(phone: Phone) -> list[str]:
    return [shown.text for shown in phone.shown() if shown.how in BOT]


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
        eventually(lambda phone=phone: len(bot(phone)) == 2)
    again = desk.call("POST", f"/deliveries/{desk.deliveries(phones[0].openid)[0]['id']}/repeat", {"times": 3})
    assert all(delivery["done"] for delivery in again["deliveries"])
    desk.fault("kf/send_msg", "lost_reply")
    assert len(phones[0].ask("余额")) == 1, "sent, and sent again under the same id: shown once"
    assert [len(bot(phone)) for phone in phones] == [3, 2, 2]
    assert [site.user_events(f"余额 客服{number}") for number in range(3)] == [1, 1, 1]


def test_wecom_is_silent_while_an_agent_talks(site: Site, desk: WeChatAccount) -> None:
    phone = desk.follower()
    phone.ask("余额")
    phone.call("POST", "/desk", {"do": "take", "kf_account": "agent"})
    before = len(bot(phone))
    phone.send("余额 坐席", wait=True)
    phone.call("POST", "/desk", {"do": "close", "kf_account": "agent"})
    assert "登录" in text_of(phone.ask("余额"))
    assert site.user_events("余额 坐席") == 0 and len(bot(phone)) == before + 1
