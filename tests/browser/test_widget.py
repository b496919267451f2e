"""The chat's button on a page of the bank's own site."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.stage import PHONE, Customer, NewCustomer, Site

BUTTON = re.compile("在线客服")


def framed(page: Page, site: Site) -> ChatPage:
    return ChatPage(page, site.origin, page.frame_locator("iframe[title='在线客服']"))


@pytest.fixture
def reader(new_customer: NewCustomer, site: Site) -> Customer:
    """Somebody who reads the bank's page."""
    customer = new_customer()
    customer.chat.page.goto(site.listed.origin)
    return customer


def test_open_talk_close(reader: Customer, site: Site) -> None:
    page, chat = reader.chat.page, framed(reader.chat.page, site)
    button = page.get_by_role("button", name=BUTTON)
    expect(button).to_have_count(1)  # the script is on the page twice
    expect(button).to_have_attribute("aria-expanded", "false")
    assert page.locator("iframe").count() == 0  # nothing is loaded for those who do not ask
    button.focus()
    page.keyboard.press("Enter")
    chat.agree()
    chat.ask("你好", re.compile("."))
    expect(button).to_have_accessible_name("收起在线客服")
    chat.composer.press("Escape")
    expect(chat.composer).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(chat.own).to_contain_text(["你好"])
    expect(page.locator("iframe")).to_be_focused()
    button.click()
    expect(chat.composer).to_be_hidden()
    button.press("Enter")
    expect(chat.composer).to_be_visible()
    page.get_by_label("站内搜索").press("Escape")
    expect(chat.composer).to_be_hidden()


def test_unread_messages_are_counted(reader: Customer, site: Site) -> None:
    page, chat = reader.chat.page, framed(reader.chat.page, site)
    page.get_by_role("button", name=BUTTON).click()
    chat.agree()
    page.get_by_role("button", name="收起在线客服").click()
    beside = reader.another_tab().open()
    beside.ask("你好", re.compile("."))
    button = page.get_by_role("button", name=re.compile(r"打开在线客服，\d 条未读消息"))
    expect(button).to_be_visible()
    button.click()
    expect(chat.newest).to_be_visible()
    page.get_by_role("button", name="收起在线客服").click()
    expect(page.get_by_role("button", name="打开在线客服", exact=True)).to_be_visible()


def test_sign_in_from_the_widget(reader: Customer, site: Site) -> None:
    page, chat = reader.chat.page, framed(reader.chat.page, site)
    page.get_by_role("button", name=BUTTON).click()
    chat.agree()
    with reader.context.expect_page() as opened:
        chat.header("登录").click()
    ChatPage(opened.value, site.origin).choose_customer("zhangwei")
    expect(chat.header(re.compile("退出登录"))).to_be_visible()
    chat.ask("余额", "52,318.66")
    assert page.url == f"{site.listed.origin}/"


def test_on_a_phone_it_fills_the_screen(new_customer: NewCustomer, site: Site) -> None:
    page = new_customer(**PHONE).chat.page
    page.goto(site.listed.origin)
    page.get_by_role("button", name=BUTTON).tap()
    chat = framed(page, site)
    chat.agree()
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    chat.header("关闭").tap()
    expect(chat.composer).to_be_hidden()
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()


def test_another_site_may_not_frame_the_chat(new_customer: NewCustomer, site: Site) -> None:
    customer = new_customer()
    customer.witness.forgive("frame-ancestors")
    page = customer.chat.page
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(site.unlisted.origin)
        page.get_by_role("button", name=BUTTON).click()
    assert [frame.url for frame in page.frames if frame.url.startswith(site.origin)] == []
    expect(framed(page, site).agreement).to_have_count(0)
