"""Binding, and one customer over WeChat and web."""

from __future__ import annotations

import html
import re

import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.debian import program
from tests.wechat.site import Site, eventually
from tools.web_client import WebClient
from tools.wechat_client import Phone, text_of
from tools.wechat_converse import LINK, BindBrowser, bind

# A profile of nobody, without Chromium's own traffic.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]


def link_of(phone: Phone, text: str = "绑定") -> str:
    found = LINK.search(text_of(phone.ask(text)))
    assert found is not None
    return found[1]


def test_an_openid_is_nobody_until_it_is_bound(site: Site, phone: Phone, world: str) -> None:
    assert "存款年利率" in text_of(phone.ask("存款利率是多少")), "public answers"
    refused = phone.ask("余额")
    assert "绑定" in text_of(refused) and LINK.search(text_of(refused))
    browser = BindBrowser(link_of(phone))
    page = browser.sign_in("zhangwei", world)
    assert "*伟" in page and "138****0001" in page and "张伟" not in browser.page
    code = site.bank.codes(world, "zhangwei")[-1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "还可以再试 4 次" in text_of(phone.ask(wrong))
    assert "登录" in text_of(phone.ask("余额")), "not bound before the right code"
    done = text_of(phone.ask(f"验证码{code[:3]} {code[3:]}"))
    assert "绑定成功" in done and "*伟" in done
    assert "52,318.66" in text_of(phone.ask("余额"))
    assert "已经绑定" in text_of(phone.ask("绑定"))
    for typed in (code, wrong, f"验证码{code[:3]} {code[3:]}"):
        assert site.user_events(typed) == 0, "no code goes to Rasa"
    assert code not in site.logs()
    senders = {call.sender for call in site.actions.calls}
    assert not any(phone.openid in sender for sender in senders) and phone.openid not in site.logs()


def test_a_link_is_good_once_and_for_its_follower_only(site: Site, phone: Phone, world: str) -> None:
    link = link_of(phone)
    first, second = BindBrowser(link), BindBrowser(link)
    assert "*伟" in first.sign_in("zhangwei", world)
    assert "已经用过" in second.sign_in("lina", world)
    assert "登录没有成功" in second.post(token="e30.e30.e30")
    assert "不是从本行的页面" in first.post(origin="https://evil.example", state="x", code="123456")
    code = site.bank.codes(world, "zhangwei")[-1]
    for typed in [f"{number:06d}" for number in range(6) if f"{number:06d}" != code][:5]:
        said = text_of(phone.ask(typed))
    assert "次数过多" in said and "再发一次" in said
    assert "绑定成功" not in text_of(phone.ask(code)) and "登录" in text_of(phone.ask("余额"))


def test_who_is_lured_into_signing_in_under_a_strangers_link_binds_nothing(
    site: Site, phone: Phone, world: str
) -> None:
    victims = site.phone()
    page = BindBrowser(link_of(phone)).sign_in("zhangwei", world)
    assert "链接是别人发给您的" in page and "不要告诉任何人" in page
    (code,) = site.bank.codes(world, "zhangwei")
    assert "绑定成功" not in text_of(victims.ask(code)), "their own chat has asked for nothing"
    for each in (phone, victims):
        assert "52,318.66" not in text_of(each.ask("余额"))
    browser = BindBrowser(link_of(victims))
    browser.sign_in("lina", world)
    assert "还可以再试" in text_of(victims.ask(code)), "the code of another attempt"
    assert "绑定成功" in text_of(victims.ask(site.bank.codes(world, "lina")[-1]))
    assert "8,000.00" in text_of(victims.ask("余额"))


def test_a_second_binding_ends_the_first(site: Site, phone: Phone, world: str) -> None:
    other = site.phone()
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "52,318.66" in text_of(phone.ask("余额"))
    bind(other, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "52,318.66" in text_of(other.ask("余额"))
    refused = text_of(phone.ask("余额"))
    assert "52,318.66" not in refused and "绑定" in refused
    assert any("绑定了另一个微信" in sms["text"] for sms in site.bank.sms(world, "zhangwei"))


def test_a_wechat_that_changes_hands_takes_nothing_along(site: Site, phone: Phone, world: str) -> None:
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    before, offered = site.bank.ledger(world), phone.ask("给李娜转500")[-1].data["list"]
    assert [choice["content"] for choice in offered] == ["确认", "取消"]
    bind(phone, "lina", world, lambda: site.bank.codes(world, "lina")[-1])
    assert "失效" in text_of(phone.ask("确认", menu_id=offered[0]["id"]))
    assert "验证码" not in text_of(phone.ask("确认"))
    balance = text_of(phone.ask("余额"))
    assert "8,000.00" in balance and "52,318.66" not in balance
    assert site.bank.ledger(world) == before
    assert any("改绑了另一位客户" in sms["text"] for sms in site.bank.sms(world, "zhangwei"))


def test_what_was_kept_is_for_its_owner_only(site: Site, phone: Phone, world: str) -> None:
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    site.account.fault("message/custom/send", "errcode", errcode=45047, times=9)
    with site.actions.slow("余额", 5.0):
        phone.send("余额")
        eventually(lambda: phone.shown()[-1].how == "template")
    site.account.call("DELETE", "/faults")
    another = site.phone()
    bind(another, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])  # ends the first binding
    assert "52,318.66" not in text_of(phone.ask("存款利率是多少"))
    bind(phone, "lina", world, lambda: site.bank.codes(world, "lina")[-1])
    assert "52,318.66" not in text_of(phone.ask("存款利率是多少"))
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "52,318.66" in text_of(phone.ask("存款利率是多少")), "nothing is lost"


def test_binding_in_the_language_of_the_customer(site: Site, phone: Phone, world: str) -> None:
    asked = text_of(phone.ask("Bind"))
    assert "sign in on the bank's page" in asked and "Link my customer record" in asked
    found = LINK.search(asked)
    assert found is not None
    BindBrowser(found[1]).sign_in("lina", world)
    wrong, code = "000001", site.bank.codes(world, "lina")[-1]
    assert "4 more times" in text_of(phone.ask(wrong if wrong != code else "000002"))
    asked = text_of(site.phone().ask("我要綁定"))
    assert "請點下面的鏈接" in asked and "綁定本人身份" in asked


def test_unbinding_in_one_sentence(site: Site, phone: Phone, world: str) -> None:
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "解绑微信" in text_of(phone.ask("解绑"))
    phone.pick("确认")
    assert "已解绑" in text_of(phone.ask(site.bank.codes(world, "zhangwei")[-1]))
    refused = text_of(phone.ask("余额"))
    assert "绑定已经解除" in refused and LINK.search(refused)
    assert "52,318.66" not in refused and "过期" not in refused
    assert "存款年利率" in text_of(phone.ask("存款利率是多少"))


@pytest.mark.parametrize("far", ["confirmation", "code"])
def test_begun_on_the_web_continued_on_wechat(site: Site, phone: Phone, world: str, far: str) -> None:
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    before = site.bank.ledger(world)
    web = WebClient(site.stack.rasa_url)
    web.open("zhangwei", world=world)
    asked = web.say("给李娜转300")
    assert "¥300.00" in asked.text
    if far == "code":
        confirm = next(str(button.id) for button in asked.buttons if button.title == "确认")
        assert "验证码" in web.press(confirm).text
        old = site.bank.codes(world, "zhangwei")[-1]
        assert "作废" in text_of(phone.ask(old)), "a code is of the sign-in it was asked for in"
        assert site.user_events(old) == 0, "and no code goes into a tracker"
        phone.ask("重新发送")
    else:
        assert "验证码" in text_of(phone.ask("确认"))
    assert site.bank.ledger(world) == before, "no money without a new code"
    done = text_of(phone.ask(site.bank.codes(world, "zhangwei")[-1]))
    assert "转账成功" in done and "¥300.00" in done
    after = site.bank.ledger(world)
    assert after.orders == ["transfer"] and after.accounts["zhangwei/6789"] == before.accounts["zhangwei/6789"] - 30000
    assert "转账" not in web.say("确认").text or site.bank.ledger(world) == after
    web.close()


def test_begun_on_wechat_continued_on_the_web(site: Site, phone: Phone, world: str) -> None:
    bind(phone, "zhangwei", world, lambda: site.bank.codes(world, "zhangwei")[-1])
    assert "¥200.00" in text_of(phone.ask("给李娜转200"))
    web = WebClient(site.stack.rasa_url)
    web.open("zhangwei", world=world)
    assert "验证码" in web.say("确认").text
    assert "转账成功" in web.say(site.bank.codes(world, "zhangwei")[-1]).text
    assert site.bank.ledger(world).orders == ["transfer"]
    web.close()


def test_the_page_is_locked_down(site: Site) -> None:
    with requests.Session() as http:
        http.trust_env = False
        page = http.get(f"{site.stack.rasa_url}/wechat/bind", timeout=20)
        files = [f"{site.stack.rasa_url}{path}" for path in re.findall(r'(?:src|href)="([^"]+)"', page.text)]
        assert len(files) == 2 and all(http.get(url, timeout=20).status_code == 200 for url in files)
        assert http.get(f"{site.stack.rasa_url}/wechat/..%2fwechat_words.yml", timeout=20).status_code == 404
        unasked = http.post(f"{site.stack.rasa_url}/wechat/bind", data={"token": "x"}, timeout=20)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store" and "token=" not in html.unescape(page.text)
    assert unasked.status_code == 400 and "不是从本行的页面" in unasked.text


def test_in_a_browser(site: Site, phone: Phone, world: str) -> None:
    link = html.unescape(link_of(phone))
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 320, "height": 640})
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(f"{link}&world={world}")
        page.fill("input[name=login]", "zhangwei")
        page.fill("input[name=password]", "demo")
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".warning")
        assert page.url == f"{site.stack.rasa_url}/wechat/bind" and "*伟" in page.inner_text("main")
        assert page.locator("input").count() == 0, "a code typed into a page could bind a stranger's WeChat"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        browser.close()
    assert problems == []
    assert "绑定成功" in text_of(phone.ask(site.bank.codes(world, "zhangwei")[-1]))
    assert "52,318.66" in text_of(phone.ask("余额"))
