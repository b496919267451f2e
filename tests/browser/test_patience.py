"""Slow answers, floods, and what cannot be sent."""

import threading
import time
from contextlib import ExitStack
from secrets import token_hex

from playwright.sync_api import expect

from tests.browser.raw_page import RawPage
from tests.browser.stage import Customer, Site, World

FLOOD, A_MINUTE = 160, 120  # messages; as many as one customer may send in a minute (Rates.messages_of_sender)
SLOW = "还在处理，请稍候"


def test_a_slow_bank(zhangwei: Customer, world: World) -> None:
    chat = zhangwei.chat
    world.fault("core_slow")
    asked = time.monotonic()
    chat.say("余额")
    expect(chat.typing).to_be_visible()
    expect(chat.log).not_to_contain_text(SLOW)
    expect(chat.log).to_contain_text(SLOW)
    assert time.monotonic() - asked >= 3
    expect(chat.typing).to_be_visible()
    expect(chat.typing).to_have_count(0)
    expect(chat.log).not_to_contain_text(SLOW)
    expect(chat.newest).to_contain_text("银行系统")  # an honest sentence, for the bank did not answer
    world.fault("none")
    chat.ask("余额", "52,318.66")
    expect(chat.own.filter(has_text="余额")).to_have_count(2)


def test_a_flood_leaves_others_alone(zhangwei: Customer, site: Site) -> None:
    acks = []
    with ExitStack() as stack:
        flooders = [stack.enter_context(RawPage(site.origin)) for _ in range(2)]
        for flooder in flooders:
            flooder.session()
            flooder.connect()

        def flood(page: RawPage) -> None:
            acks.extend(page.call("say", {"id": token_hex(8), "text": "营业时间"}) for _ in range(FLOOD))

        started = time.monotonic()
        threads = [threading.Thread(target=flood, args=(page,)) for page in flooders]
        for thread in threads:
            thread.start()
        zhangwei.chat.ask("余额", "52,318.66")
        for thread in threads:
            thread.join()
    minutes = 1 + int((time.monotonic() - started) / 60)  # on a busy machine a flood takes longer than one
    refused = [ack for ack in acks if not ack["ok"]]
    assert len(acks) == 2 * FLOOD and refused and len(refused) >= 2 * (FLOOD - A_MINUTE * minutes)
    assert {ack["code"] for ack in refused} <= {"busy", "rate_limited"}
    assert all("请稍候" in ack["message"] for ack in refused)


def test_too_fast_by_hand(zhangwei: Customer, world: World) -> None:
    chat = zhangwei.chat
    refused = chat.own.filter(has_text="请稍候")
    world.fault("core_slow")
    for text in ("余额", "余额", "余额", "营业时间"):  # three may wait for answers
        chat.composer.fill(text)
        chat.composer.press("Enter")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("营业时间")
    world.fault("none")
    expect(chat.typing).to_have_count(0)
    refused.get_by_role("button", name="重新发送").click()
    expect(refused).to_have_count(0)
    expect(chat.own.filter(has_text="营业时间")).to_have_count(1)


def test_files_are_refused_politely(customer: Customer) -> None:
    chat = customer.chat
    for event in ("paste", "drop"):
        chat.composer.evaluate(
            """(at, event) => {
              const data = new DataTransfer();
              data.items.add(new File(["GIF89a"], "invoice.pdf.exe", { type: "image/png" }));
              const options = { bubbles: true, cancelable: true, composed: true };
              at.dispatchEvent(event === "paste"
                ? new ClipboardEvent("paste", { ...options, clipboardData: data })
                : new DragEvent("drop", { ...options, dataTransfer: data }));
            }""",
            event,
        )
        expect(chat.page.get_by_role("alert").filter(has_text="暂不支持发送图片和文件")).to_be_visible()
        expect(chat.composer).to_have_value("")
        chat.page.reload()
        expect(chat.online).to_be_visible()
    expect(chat.own).to_have_count(0)
    assert chat.page.locator("input[type=file]").count() == 0


def test_the_longest_text(customer: Customer) -> None:
    chat = customer.chat
    chat.composer.fill("长" * 501)
    expect(chat.page.get_by_role("status").filter(has_text="超出 1 个字")).to_be_visible()
    expect(chat.send).to_be_disabled()
    chat.composer.press("Enter")
    chat.composer.fill("长" * 500)
    chat.composer.press("Enter")
    expect(chat.own).to_have_count(1)
