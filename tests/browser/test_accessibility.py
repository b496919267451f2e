"""For everybody: axe, the keyboard alone, what a screen reader is told, input methods."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import grave_findings
from tests.browser.chat_page import ChatPage
from tests.browser.stage import PHONE, Customer, NewCustomer, Site, World

LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"color_scheme": "dark", **PHONE}, id="dark phone"),
    pytest.param({"forced_colors": "active"}, id="high contrast"),
]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_grave(new_customer: NewCustomer, world: World, look: dict[str, object]) -> None:
    chat = new_customer(**look).chat.open()
    page, found = chat.page, dict[str, list[str]]()
    found["privacy"] = grave_findings(page)
    chat.agree()
    found["welcome"] = grave_findings(page)
    chat.header("登录").click()
    expect(page.get_by_role("button", name=re.compile("^张伟"))).to_be_visible()
    found["sign-in page"] = grave_findings(page)
    chat.choose_customer("zhangwei")
    chat.ask("余额", "52,318.66")
    chat.ask("给李娜转500", "确认")
    found["confirmation"] = grave_findings(page)
    chat.choice("确认").click()
    expect(chat.code).to_be_visible()
    found["code"] = grave_findings(page)
    chat.enter_code(world.code())
    expect(chat.newest).to_contain_text("回单")
    found["receipt"] = grave_findings(page)
    chat.settings()
    found["menu"] = grave_findings(page)
    chat.dialog.get_by_role("button", name="评价服务").click()
    found["rating"] = grave_findings(page)
    assert {place: findings for place, findings in found.items() if findings} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_on_elder_mode_and_the_phone(new_customer: NewCustomer, site: Site, scheme: str) -> None:
    customer = new_customer(color_scheme=scheme)
    chat = customer.chat.open().agree().sign_in("wangfang")
    chat.ask("余额", "120.50")
    expect(chat.page.locator("html")).to_have_attribute("data-elder", "")
    assert grave_findings(chat.page) == []
    chat.up_to_code("给陈晨转10", "对，转吧")
    assert grave_findings(customer.phone(site, "wangfang")) == []


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        if wanted.evaluate("(at) => at === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_the_main_job_by_keyboard_alone(new_customer: NewCustomer, world: World) -> None:
    chat, before = new_customer().chat.open(), world.ledger()
    page, keyboard = chat.page, chat.page.keyboard
    tab_to(page, chat.agreement)
    keyboard.press("Enter")
    expect(chat.agreement).to_be_hidden()
    tab_to(page, chat.header("登录"))
    keyboard.press("Enter")
    somebody = page.get_by_role("button", name=re.compile("^张伟"))
    expect(somebody).to_be_visible()
    tab_to(page, somebody)
    keyboard.press("Space")
    expect(chat.online).to_be_visible()
    tab_to(page, chat.composer)
    keyboard.type("给李娜转500")
    keyboard.press("Enter")
    expect(chat.composer).to_have_value("")
    expect(chat.composer).to_be_focused()
    expect(chat.choice("确认")).to_be_visible()
    expect(chat.composer).to_be_focused()  # the answer does not take the focus away
    page.keyboard.press("Shift+Tab")
    for _ in range(5):
        if chat.choice("确认").evaluate("(at) => at === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    assert outlined(chat.choice("确认"))
    keyboard.press("Enter")
    expect(chat.code).to_be_visible()
    tab_to(page, chat.code)
    keyboard.type(world.code())
    keyboard.press("Enter")
    expect(chat.newest).to_contain_text("回单")
    assert world.moved(before) == {"zhangwei/6789": -500_00, "lina/3344": 500_00}


def outlined(at: Locator) -> bool:
    """Whether one sees that the focus is there."""
    style = at.evaluate("(at) => [getComputedStyle(at).outlineStyle, getComputedStyle(at).boxShadow]")
    return bool(style != ["none", "none"])


def test_a_screen_reader_hears_the_answer(customer: Customer) -> None:
    chat = customer.chat
    expect(chat.log).to_have_attribute("aria-live", "polite")
    chat.ask("你好", re.compile("."))
    expect(chat.newest).to_contain_text("掌柜：")
    expect(chat.own.last).to_contain_text("我：")
    chat.page.reload()
    expect(chat.own).to_have_count(1)
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.page.get_by_role("heading", level=1)).to_have_count(1)
    expect(chat.page.locator("html")).to_have_attribute("lang", "zh-CN")
    chat.settings().get_by_role("radio", name="English").check(force=True)
    expect(chat.page.locator("html")).to_have_attribute("lang", "en")
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.header("Menu")).to_be_focused()


def test_an_input_method_keeps_its_enter(customer: Customer) -> None:
    chat: ChatPage = customer.chat
    devtools = customer.context.new_cdp_session(chat.page)
    chat.composer.focus()
    devtools.send("Input.imeSetComposition", {"text": "yu'e", "selectionStart": 4, "selectionEnd": 4})
    expect(chat.composer).to_have_value("yu'e")
    chat.page.keyboard.press("Enter")
    expect(chat.composer).to_have_value(re.compile("yu'e"))
    expect(chat.own).to_have_count(0)
    devtools.send("Input.insertText", {"text": "余额"})
    expect(chat.composer).to_have_value(re.compile("余额"))
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("谢谢")
    expect(chat.composer).to_have_value(re.compile("余额\n谢谢"))
    expect(chat.own).to_have_count(0)
    chat.page.keyboard.press("Enter")
    expect(chat.own).to_have_count(1)
    expect(chat.own).to_contain_text("谢谢")
    expect(chat.composer).to_be_focused()


def test_pasted_codes(zhangwei: Customer, world: World) -> None:
    chat = zhangwei.chat
    chat.up_to_code("给李娜转500")
    expect(chat.code).to_have_attribute("inputmode", "numeric")
    expect(chat.code).to_have_attribute("autocomplete", "one-time-code")
    confirm = chat.page.get_by_role("button", name="确认提交")
    chat.code.fill("【掌柜银行】12")
    expect(confirm).to_be_disabled()
    chat.code.fill(f"验证码：{world.code()}。")
    expect(confirm).to_be_enabled()
    expect(chat.newest).not_to_contain_text("回单")  # nothing is sent before the customer says so
    confirm.click()
    expect(chat.newest).to_contain_text("回单")
