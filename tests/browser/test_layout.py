"""From 320 px to a desktop, in every look: nothing is cut off, nothing scrolls sideways, all can be reached."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.stage import NewCustomer, Site, World

# 640 × 400 is what a window of 1280 × 800 is at 200 %; 720 × 360 is a phone on its side.
SIZES = [(320, 568), (390, 844), (768, 1024), (1280, 800), (640, 400), (720, 360)]

_CUT_OFF = """() => {
  const drawn = ".unseen, .hidden-code, .code-cells, option";  // their text is not what one sees
  const seen = (at) => at.checkVisibility({ checkVisibilityCSS: true }) && !at.closest(drawn);
  const name = (at) => `${at.tagName}.${at.className} "${(at.innerText ?? "").slice(0, 30)}"`;
  const found = [];
  if (document.scrollingElement.scrollWidth > innerWidth) found.push(`the page scrolls sideways`);
  for (const at of document.querySelectorAll("body *")) {
    if (!seen(at)) continue;
    const box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const speaks = [...at.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (speaks && at.scrollWidth > at.clientWidth + 1 && style.display === "block") found.push(`spills: ${name(at)}`);
    if (box.width === 0 || box.height === 0) continue;
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`beside the window: ${name(at)}`);
    const cuts = style.overflowX !== "visible" && at.scrollWidth > at.clientWidth + 1 && at.clientWidth > 0;
    if (cuts && !["TEXTAREA", "INPUT"].includes(at.tagName)) found.push(`cut off: ${name(at)}`);
  }
  return found;
}"""

_OUT_OF_REACH = """() => [...document.querySelectorAll("header button, footer :is(button, textarea)")].filter((at) => {
  const box = at.getBoundingClientRect();
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
  return !inside || !(over && (at === over || at.contains(over)));
}).map((at) => at.ariaLabel ?? at.innerText)"""

_TOO_SMALL = """() => [...document.querySelectorAll(".app button, .app a.Btn")].filter((at) => at.checkVisibility())
  .filter((at) => Math.min(at.getBoundingClientRect().height, at.getBoundingClientRect().width) < 24)
  .map((at) => at.ariaLabel ?? at.innerText)"""


def assert_fits(page: Page, place: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        for question in (_CUT_OFF, _OUT_OF_REACH, _TOO_SMALL):
            assert page.evaluate(question) == [], f"{place} at {width} × {height}"


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["标准", "特大"])
def test_the_main_job_fits(new_customer: NewCustomer, world: World, look: dict[str, Any], size: str) -> None:
    chat = new_customer(**look).chat.open()
    chat.agree()
    chat.settings().get_by_role("radio", name=size, exact=True).check(force=True)
    chat.page.keyboard.press("Escape")
    assert_fits(chat.page, "welcome")
    chat.sign_in("zhangwei")
    chat.ask("余额", "52,318.66")
    chat.ask("给李娜转500", "确认")
    assert_fits(chat.page, "confirmation")
    chat.choice("确认").click()
    expect(chat.code).to_be_visible()
    assert_fits(chat.page, "code")
    chat.enter_code(world.code())
    expect(chat.newest).to_contain_text("回单")
    chat.say("很长的词" + "A" * 120 + " https://example.com/" + "b" * 80)
    expect(chat.typing).to_have_count(0)
    chat.ask("最近的交易明细", "500.00")
    assert_fits(chat.page, "conversation")


def test_elder_mode_fits(new_customer: NewCustomer) -> None:
    chat = new_customer().chat.open().agree().sign_in("wangfang")
    chat.ask("余额", "120.50")
    chat.ask("给陈晨转10", "10.00")
    assert_fits(chat.page, "elder mode")


def test_dialogs_fit(new_customer: NewCustomer) -> None:
    chat: ChatPage = new_customer().chat.open()
    for width, height in SIZES:
        chat.page.set_viewport_size({"width": width, "height": height})
        for button in (chat.agreement, chat.dialog.get_by_role("button", name="不同意，离开")):
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=1)
        assert chat.page.evaluate(_CUT_OFF) == [], f"privacy notice at {width} × {height}"
    chat.agree()
    chat.settings()
    for width, height in SIZES:
        chat.page.set_viewport_size({"width": width, "height": height})
        assert chat.page.evaluate(_CUT_OFF) == [], f"menu at {width} × {height}"


def test_pages_of_the_bank_fit(new_customer: NewCustomer, site: Site) -> None:
    customer = new_customer()
    chat = customer.chat.open().agree()
    chat.sign_in("zhangwei").up_to_code("给李娜转500")
    phone = customer.phone(site)
    expect(phone.get_by_role("listitem")).to_have_count(1)
    chat.header(re.compile("退出登录")).click()
    chat.agree()
    chat.header("登录").click()
    expect(chat.page.get_by_label("登录密码")).to_be_visible()
    for page in (phone, chat.page):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(_CUT_OFF) == [], f"{page.url} at {width} × {height}"
