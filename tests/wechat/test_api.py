"""Pushing: tokens, texts of any length and kind, every error. Acceptance tests 11-13 of channels.md §7."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis

from addons.channels.sealed_store import SealedStore
from addons.stores.redis_store import RedisStore
from tests.wechat.site import Site, eventually
from tools.console import ROOT
from tools.wechat_client import BOT, Phone, WeChatAccount, text_of

LARGEST = 2048
ASK = """
import asyncio, os
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_token import AccessTokens, stable_token
from addons.channels.sealed_store import open_sealed_store

async def main():
    store, http = open_sealed_store(os.environ["CONTEXT_KEY"]), WeChatHttp(os.environ["WECHAT_API_URL"])
    app_id = os.environ["WECHAT_APP_ID"]
    tokens = AccessTokens(store, app_id, stable_token(http, app_id, os.environ["WECHAT_APP_SECRET"]))
    print(len(await tokens.get()))
    await http.close()
    await store.close()

asyncio.run(main())
"""


async def kept_token(site: Site) -> str:
    env = site.stack.environment
    store = SealedStore(RedisStore(env["REDIS_URL"]), env["CONTEXT_KEY"])
    held = await store.get(f"wechat:{site.account.app_id}:token")
    await store.close()
    return str(json.loads(str(held))["token"])


@contextmanager
def another_account(site: Site) -> Iterator[WeChatAccount]:
    account = site.tencent.create(
        app_id="wx" + secrets.token_hex(8),
        secret="s3cr3t-of-another",
        token="token-of-another",
        aes_keys=["c" * 43],
        callback_url=site.webhook,
    )
    yield account
    account.call("DELETE")


def test_11_one_token_for_all(site: Site, phone: Phone) -> None:
    with another_account(site) as account:
        env = {
            **os.environ,
            **site.stack.environment,
            "WECHAT_APP_ID": account.app_id,
            "WECHAT_APP_SECRET": "s3cr3t-of-another",
        }
        # Each starts cold; none waits for another to start.
        asking = [
            subprocess.Popen([sys.executable, "-c", ASK], cwd=ROOT, env=env, stdout=subprocess.PIPE) for _ in range(8)
        ]
        assert {process.communicate(timeout=120)[0] for process in asking} == {b"512\n"}
        assert account.calls()["stable_token"] == 1

    phone.ask("你好")
    before = site.account.calls()
    site.account.call("POST", "/tokens", {"revoke": False})
    assert [shown.how for shown in phone.ask("你好")] == ["push"]
    after = site.account.calls()
    assert after["stable_token"] == before["stable_token"] + 1
    assert after["message/custom/send 42001"] == before.get("message/custom/send 42001", 0) + 1

    site.account.fault("message/custom/send", "errcode", errcode=40001, times=1000)
    shown = phone.ask("你好")
    assert [item.how for item in shown] == ["passive"], "a list in place of the menu that could not be pushed"
    tried = site.account.calls()
    assert tried["message/custom/send 40001"] - after.get("message/custom/send 40001", 0) <= 2
    assert tried["stable_token"] - after["stable_token"] <= 2
    token, logs = asyncio.run(kept_token(site)), site.logs()
    assert len(token) == 512 and token not in logs and "access_token" not in logs
    with Redis.from_url(site.stack.environment["REDIS_URL"]) as redis:
        values = [redis.get(key) for key in redis.scan_iter() if redis.type(key) == b"string"]
    assert len(values) > 5 and not any(token.encode() in value for value in values if value)
    assert site.stack.environment["WECHAT_APP_SECRET"] not in logs


def test_a_slow_api_holds_up_nobody(site: Site, phone: Phone) -> None:
    other = site.phone()
    site.account.call("POST", "/tokens", {"revoke": True})
    for api, kind, how in (("stable_token", "timeout", "passive"), ("message/custom/send", "slow", "push")):
        site.account.fault(api, kind, seconds=2.5, times=1)
        phone.seen = phone.shown()[-1].seq if phone.shown() else 0
        phone.send("你好", wait=False)  # an answer with choices: it takes a new token, and a push
        for number in range(3):
            (attempt,) = other.send(f"余额 快{api}{number}")["delivery"]["attempts"]
            assert attempt["outcome"] == "passive" and attempt["seconds"] < 2, attempt
        assert [shown.how for shown in phone.news()] == [how], "without a token nothing has left: a list in the reply"


def test_12_long_answers_and_everything_that_can_go_wrong(site: Site, phone: Phone) -> None:
    sentence = "掌柜银行提醒您，办理业务请认准官方渠道😀。"
    long = sentence * (3000 // len(sentence))
    with site.actions.saying("余额 长", {"text": long}):
        shown = phone.ask("余额 长")
    assert 1 < len(shown) <= 5 and {item.how for item in shown} == {"push"}
    assert all(len(item.text.encode()) <= LARGEST and item.text.endswith("。") for item in shown)
    assert "".join(item.text for item in shown) == long

    for number, fault in enumerate(
        (
            {"kind": "errcode", "errcode": 45047, "times": 9},
            {"kind": "errcode", "errcode": 45015, "times": 9},
            {"kind": "errcode", "errcode": 48001, "times": 9},
            {"kind": "errcode", "errcode": 45009, "times": 9},
            {"kind": "errcode", "errcode": 45011, "times": 9},
            {"kind": "errcode", "errcode": 48002, "times": 9},
            {"kind": "errcode", "errcode": 40164, "times": 9},
            {"kind": "errcode", "errcode": 40014, "times": 9},
            {"kind": "errcode", "errcode": 99999, "times": 9},
            {"kind": "errcode", "errcode": -1, "times": 9},
            {"kind": "html_502", "times": 9},
            {"kind": "timeout", "seconds": 7, "times": 9},
        )
    ):
        other, text = site.phone(), f"余额 错{number}"
        site.account.fault("message/custom/send", **fault)
        with site.actions.saying(text, {"text": f"{long[:1500]}结果{number}。"}):  # too long for a reply: pushed
            other.send(text)
            told = eventually(lambda other=other: [shown for shown in other.shown() if shown.how in BOT])
        site.account.call("DELETE", "/faults")
        assert [item.how for item in told] == ["template"] and "回复" in told[0].text, fault
        assert f"结果{number}" in text_of(other.ask("余额")), fault
    site.account.fault("message/custom/send", "errcode", errcode=-1, times=1)
    with site.actions.slow("余额 再", 4.7), site.actions.saying("余额 再", {"text": "第二次成了"}):
        assert text_of(phone.ask("余额 再")) == "第二次成了"


def test_13_text_of_any_kind(site: Site, phone: Phone) -> None:
    said = {
        "余额 甲": ("]]>&<b>&amp;]]]]><![CDATA[>", "]]>&<b>&amp;]]]]><![CDATA[>"),
        "余额 乙": ("零\u0000半\ud800个\ufffe完", "零半个完"),
        "余额 丙": ('<a href="http://evil.example">收款人</a>', '＜a href="http://evil.example">收款人＜/a>'),
    }
    for text, (answer, shown) in said.items():
        with site.actions.saying(text, {"text": answer}):
            assert [(item.how, item.text) for item in phone.ask(text)] == [("passive", shown)]
        button = {"title": "看看", "payload": "/help"}
        other = site.phone()
        with site.actions.saying(text, {"text": answer, "buttons": [button]}):
            assert [(item.how, item.text) for item in other.ask(text)] == [("push", shown)]
