"""Reload, second tab, second device, no network, no server: nothing is lost and nothing happens twice."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Customer, NewCustomer, Site, World

HALF_A_MINUTE = 30_000  # ms
RESEND = re.compile("^重新发送：")


def test_reload_in_the_middle_of_a_transfer(zhangwei: Customer, world: World) -> None:
    chat, before = zhangwei.chat, world.ledger()
    chat.ask("给李娜转500", "确认")
    spoken = chat.log.locator("[data-seq]").count()
    chat.page.reload()
    expect(chat.choice("确认")).to_be_enabled()
    expect(chat.log.locator("[data-seq]")).to_have_count(spoken)
    expect(chat.own.filter(has_text="给李娜转500")).to_have_count(1)
    chat.choice("确认").click()
    expect(chat.code).to_be_visible()
    chat.page.reload()
    expect(chat.log.get_by_role("button", name="确认", exact=True)).to_have_count(0)  # pressed: not offered again
    chat.enter_code(world.code())
    expect(chat.newest).to_contain_text("回单")
    assert world.moved(before) == {"zhangwei/6789": -500_00, "lina/3344": 500_00}
    chat.page.reload()
    expect(chat.newest).to_contain_text("回单")
    expect(chat.code).to_have_count(0)
    assert len(world.bank.codes(world.name, "zhangwei")) == 1


def test_two_tabs(zhangwei: Customer, world: World) -> None:
    first, second = zhangwei.chat, zhangwei.another_tab().open()
    second.ask("余额", "52,318.66")
    expect(first.newest).to_contain_text("52,318.66")
    expect(first.own.filter(has_text="余额")).to_have_count(1)
    first.say("给李娜转500")
    expect(second.choice("确认")).to_be_enabled()
    first.choice("确认").click()
    expect(second.choice("确认")).to_be_disabled()
    expect(second.code).to_be_visible()
    second.header(re.compile("退出登录")).click()
    for tab in (second, first):
        expect(tab.header("登录")).to_be_visible()
        expect(tab.agreement).to_be_visible()
        expect(tab.log).not_to_contain_text("52,318.66")
    first.agree()
    first.ask("余额", "登录")


def test_offline_for_half_a_minute(new_customer: NewCustomer, zhangwei: Customer) -> None:
    away, at_home = new_customer(), zhangwei.chat
    away.chat.page.clock.install()
    chat = away.chat.open().agree().sign_in("zhangwei")
    away.context.set_offline(True)
    expect(chat.banner).to_contain_text("正在重新连接")
    at_home.ask("余额", "52,318.66")  # this answer is pushed while the first device hears nothing

    chat.say("我的收款人有哪些")
    expect(chat.own.last).to_contain_text("发送中")
    chat.page.clock.fast_forward(HALF_A_MINUTE)
    expect(chat.own.last).to_contain_text("没有发出")
    chat.say("转人工")
    chat.composer.fill("还没写完")
    away.context.set_offline(False)

    expect(chat.banner).to_be_empty()
    expect(chat.log.get_by_text("¥52,318.66")).to_have_count(1)
    expect(chat.composer).to_have_value("还没写完")
    expect(chat.own.filter(has_text="转人工").filter(has_text="发送中")).to_have_count(0)
    chat.log.get_by_role("button", name=RESEND).click()
    expect(chat.newest).to_contain_text("李娜")
    for tab in (chat, at_home):
        for text in ("我的收款人有哪些", "转人工"):
            expect(tab.own.filter(has_text=text)).to_have_count(1)
    expect(chat.log.get_by_role("button", name=RESEND)).to_have_count(0)


def test_rasa_is_killed_and_started_again(new_customer: NewCustomer, site: Site, world: World) -> None:
    customer, before = new_customer(), world.ledger()
    customer.chat.page.clock.install()
    chat = customer.chat.open().agree().sign_in("zhangwei")
    chat.ask("给李娜转500", "确认")
    site.stack.kill("rasa")
    expect(chat.banner).to_contain_text("正在重新连接")
    chat.say("余额")
    chat.page.clock.fast_forward(HALF_A_MINUTE)
    expect(chat.own.last).to_contain_text("没有发出")
    chat.composer.fill("还没写完")
    site.stack.restart("rasa")
    chat.page.clock.run_for(HALF_A_MINUTE)  # it tries again every few seconds
    expect(chat.banner).to_be_empty()
    expect(chat.composer).to_have_value("还没写完")
    expect(chat.own.filter(has_text="给李娜转500")).to_have_count(1)
    chat.choice("确认").click()
    expect(chat.code).to_be_visible()
    chat.enter_code(world.code())
    expect(chat.newest).to_contain_text("回单")
    assert world.moved(before) == {"zhangwei/6789": -500_00, "lina/3344": 500_00}
    chat.log.get_by_role("button", name=RESEND).click()
    expect(chat.newest).to_contain_text("51,818.66")
    expect(chat.own.filter(has_text="余额")).to_have_count(1)
