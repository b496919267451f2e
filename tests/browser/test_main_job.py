"""The main job, by clicking and typing: from a visitor's question to a receipt, a person, and a rating."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stage import Customer, NewCustomer, Site, World
from tools.converse_stored import StoredText


def test_from_consent_to_receipt(new_customer: NewCustomer, site: Site, world: World) -> None:
    before, stored = world.ledger(), StoredText(site.var, site.stack.environment["CORE_BANK_DATABASE_URL"])
    chat = new_customer().chat.open()
    expect(chat.dialog).to_contain_text("开始对话前，请您知晓")
    chat.agree()

    chat.ask("余额", "登录")
    chat.log.get_by_role("button", name="登录", exact=True).click()
    chat.choose_customer("zhangwei")
    expect(chat.own.first).to_contain_text("余额")
    expect(chat.newest).to_contain_text("张伟，您好")

    chat.choice("余额").click()
    expect(chat.newest).to_contain_text("¥52,318.66")
    expect(chat.newest).to_contain_text("6789")
    expect(chat.newest.get_by_role("listitem").first).to_be_visible()

    chat.say("给李娜转500")
    card = chat.log.get_by_text("¥500.00").last
    expect(card).to_be_visible()
    expect(chat.newest).to_contain_text("李娜")
    assert world.moved(before) == {}
    chat.choice("确认").click()

    expect(chat.code).to_be_focused()
    phone = chat.page.frame_locator("iframe[title='演示手机上的短信']")
    sms = phone.get_by_role("listitem").first
    expect(sms).to_contain_text("500.00")
    code = sms.locator(".code").inner_text()
    assert re.fullmatch(r"\d{6}", code) and code == world.code()
    chat.enter_code(code)

    expect(chat.newest).to_contain_text(re.compile("成功|已完成"))
    expect(chat.newest).to_contain_text("回单")
    assert world.moved(before) == {"zhangwei/6789": -500_00, "lina/3344": 500_00}
    assert_code_is_nowhere(chat.page, code)
    assert stored.find([code]) == []


def assert_code_is_nowhere(page: Page, code: str) -> None:
    """Neither on the page nor in what the browser keeps; the frame of the demo phone is another page."""
    kept = page.evaluate(
        """() => [document.documentElement.outerHTML, location.href,
        JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}),
        ...[...document.querySelectorAll("input, textarea")].map((at) => at.value)]"""
    )
    assert [text for text in kept if code in text] == []


def test_a_person_and_a_rating(zhangwei: Customer) -> None:
    chat = zhangwei.chat
    chat.header("转人工").click()
    expect(chat.own.last).to_contain_text("转人工")
    expect(chat.newest).to_contain_text("人工")
    chat.settings().get_by_role("button", name="评价服务").click()
    chat.dialog.get_by_role("radio", name="4 星，满意").check(force=True)
    chat.dialog.get_by_role("textbox").fill("很快")
    chat.dialog.get_by_role("button", name="提交评价").click()
    expect(chat.dialog).to_contain_text("谢谢您的评价")
    expect(chat.dialog).to_be_hidden()
