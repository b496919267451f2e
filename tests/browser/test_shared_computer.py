"""A computer that several people use: after a sign-out, nothing of the customer is shown or fetched any more."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Customer

BALANCE = "52,318.66"


def test_a_tab_that_slept_through_the_sign_out(zhangwei: Customer) -> None:
    asleep, awake = zhangwei.chat, zhangwei.another_tab().open()
    asleep.ask("余额", BALANCE)
    line = zhangwei.context.new_cdp_session(asleep.page)
    line.send("Network.enable")
    cut = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {"offline": True, **cut})
    expect(asleep.banner).to_contain_text("正在重新连接")
    asleep.say("给李娜转500")  # waits for the line
    awake.header(re.compile("退出登录")).click()
    awake.agree()
    for _ in range(4):  # the visitor's log is longer than what the other tab shows
        awake.ask("几点开门", re.compile(".+"))
    line.send("Network.emulateNetworkConditions", {"offline": False, **cut})
    expect(asleep.header("登录")).to_be_visible()
    expect(asleep.own).to_have_count(4)
    expect(asleep.log).not_to_contain_text(BALANCE)
    expect(asleep.log).not_to_contain_text("给李娜转500")
    expect(awake.log).not_to_contain_text("给李娜转500")


def test_back_and_reload_after_signing_out(zhangwei: Customer) -> None:
    chat = zhangwei.chat
    chat.ask("余额", BALANCE)
    chat.header(re.compile("退出登录")).click()
    expect(chat.agreement).to_be_visible()
    for step in (chat.page.reload, chat.page.go_back, chat.page.go_forward):
        step()
        expect(chat.page.locator("body")).not_to_contain_text(BALANCE)
    chat.open().agree()
    expect(chat.log).not_to_contain_text(BALANCE)
    chat.sign_in("lina")
    expect(chat.log).not_to_contain_text(BALANCE)
    chat.ask("余额", re.compile("尾号3344"))
