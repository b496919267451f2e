"""What somebody writes into texts, names, links and addresses stays text, and breaks no policy."""

import json
import re
import sqlite3
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.chat_page import ChatPage
from tests.browser.stage import Customer, NewCustomer, Site, World

ATTACKS = [
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "<script>window.pwned=1</script>",
    "[余额](javascript:window.pwned=1)",
    '"><iframe srcdoc="<script>parent.pwned=1</script>">',
    "data:text/html,<script>window.pwned=1</script>",
    "{{constructor.constructor('window.pwned=1')()}}",
]


def inert(page: Page) -> None:
    """Nothing ran, and nothing of it became an element or a link that could."""
    found = page.evaluate(
        """() => [window.pwned, ...[...document.querySelectorAll("a, img, iframe, object, embed, form, script")]
        .flatMap((at) => [at.getAttribute("href"), at.getAttribute("src"), at.getAttribute("srcdoc")])
        .filter((at) => at && /^\\s*(javascript|vbscript|data:text|data:image\\/svg)|evil|^x$/i.test(at))]"""
    )
    assert [one for one in found if one is not None] == []


def test_texts(customer: Customer) -> None:
    chat = customer.chat
    for attack in ATTACKS:
        answers = chat.log.locator("[data-from]").count()
        chat.say(attack)
        expect(chat.own.last).to_contain_text(attack)
        expect(chat.log.locator("[data-from]").nth(answers)).to_be_visible()
        expect(chat.typing).to_have_count(0)
    inert(chat.page)
    chat.page.reload()
    expect(chat.own).to_have_count(len(ATTACKS))
    expect(chat.own).to_contain_text(ATTACKS)
    inert(chat.page)


def test_names_of_payees(zhangwei: Customer, site: Site, world: World) -> None:
    database = site.stack.environment["CORE_BANK_DATABASE_URL"].partition("///")[2]
    with sqlite3.connect(database, timeout=30) as bank:
        changed = bank.execute(
            "UPDATE payees SET name = ?, alias = ? WHERE name = '王强' AND customer_id IN (SELECT c.id FROM customers c"
            " JOIN world_names w ON w.world_id = c.world_id WHERE w.name = ? AND c.login = 'zhangwei')",
            (ATTACKS[0], ATTACKS[1], world.name),
        )
        assert changed.rowcount == 2
    chat = zhangwei.chat
    chat.ask("我的收款人有哪些", "<svg/onload")
    chat.say(f"转账给{ATTACKS[0]}500元")
    expect(chat.own.last).to_contain_text(ATTACKS[0])
    expect(chat.typing).to_have_count(0)
    inert(chat.page)


HOSTILE: list[dict[str, Any]] = [
    {"text": " ".join(ATTACKS), "image": "data:image/svg+xml,<svg onload='window.pwned=1'/>"},
    {"text": "https://evil.example/a javascript:alert(1)", "image": "https://evil.example/a.png"},
    {"text": "链接", "attachment": "javascript:window.pwned=1"},
    {
        "text": "按钮",
        "buttons": [
            {"title": ATTACKS[0], "url": "javascript:window.pwned=1"},
            {"title": "b", "url": " java\nscript:window.pwned=1"},
            {"title": "c", "url": "data:text/html,<script>opener.pwned=1</script>"},
            {"title": "d", "url": "https://bank@evil.example/"},
            {"title": ATTACKS[1], "id": ATTACKS[2]},
        ],
    },
    {"text": "卡片", "custom": {"type": "card", "title": ATTACKS[0], "amount": ATTACKS[1], "rows": [
        {"label": ATTACKS[2], "value": ATTACKS[3]}, {"label": 1, "value": {"__html": ATTACKS[0]}}, None]}},
    {"text": "列表", "custom": {"type": "list", "title": ATTACKS[0], "items": [
        {"title": ATTACKS[1], "value": ATTACKS[2], "tone": ATTACKS[0]}, 7, {"title": {}}]}},
    {"text": "没见过的", "custom": {"type": "html", "html": ATTACKS[0]}},
    {"text": "奇怪的", "custom": {"type": "__proto__", "toString": 1}, "buttons": "no", "from": "bot"},
]  # fmt: skip


def test_answers_of_a_server_that_was_taken_over(new_customer: NewCustomer) -> None:
    customer, sockets = new_customer(), list[WebSocketRoute]()

    def take(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    customer.context.route_web_socket(re.compile(r"/chat/socket\.io/"), take)
    chat = customer.chat.open().agree()
    chat.ask("你好", re.compile("."))
    last = int(chat.log.locator("[data-seq]").last.get_attribute("data-seq") or 0)
    common = {"at": "2026-11-22T10:00:00Z", "from": "bot", "reply_to": None, "buttons": []}
    for number, item in enumerate(HOSTILE, last + 1):
        sockets[-1].send("42" + json.dumps(["item", {**common, **item, "seq": number}]))
    expect(chat.newest).to_contain_text("奇怪的")
    expect(chat.log).to_contain_text("没见过的")
    inert(chat.page)
    for link in chat.log.get_by_role("link").all():
        assert set((link.get_attribute("rel") or "").split()) >= {"noopener", "noreferrer"}
        assert str(link.get_attribute("href")).startswith((f"{chat.origin}/", "https://", "tel:"))
    sockets[-1].send("42" + json.dumps(["slow", {"reply_to": "x", "text": ATTACKS[0]}]))
    sockets[-1].send("42" + json.dumps(["signed_out", {"text": ATTACKS[0]}]))
    expect(chat.banner).to_contain_text(ATTACKS[0])
    inert(chat.page)


@pytest.mark.parametrize("attack", ATTACKS[:4])
def test_the_address(new_customer: NewCustomer, attack: str) -> None:
    page = new_customer().chat
    page.open(f"?lang={quote(attack)}&embed={quote(attack)}&host=javascript:window.pwned=1#token={attack}")
    page.agree()
    inert(page.page)
    assert "token" not in page.page.evaluate("location.href")


def test_a_forged_token_in_the_address(new_customer: NewCustomer) -> None:
    chat = new_customer().chat
    chat.open("#token=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ6aGFuZ3dlaSJ9.").agree()
    expect(chat.banner).to_contain_text("登录没有成功")
    expect(chat.header("登录")).to_be_visible()
    assert "token" not in chat.page.evaluate("location.href + JSON.stringify(history.state)")


def test_the_sign_in_page(customer: Customer) -> None:
    page: Page = customer.chat.page
    customer.chat.header("登录").click()
    page.get_by_label("登录名").fill('"><img src=x onerror=window.pwned=1>')
    page.get_by_label("登录密码").fill("<script>window.pwned=1</script>")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
    inert(page)
    address = page.url
    for name in ("return", "lang", "binding", "channel"):
        page.goto(
            re.sub(f"([?&]){name}=[^&]*", "", address)
            + f"&{name}="
            + quote("javascript:window.pwned=1//<svg/onload=pwned=1>")
        )
        inert(page)
    page.goto(address.replace("return=", "return=https://evil.example/&x="))
    expect(page.get_by_role("heading", level=1)).to_have_text("不能从这里登录")
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_the_witness_sees_what_it_must(new_customer: NewCustomer, site: Site) -> None:
    """The other tests rest on it: a script in the page and a stranger's picture are noticed, also by the bank."""
    customer = new_customer()
    chat: ChatPage = customer.chat.open().agree()
    customer.witness.forgive("Content Security Policy")
    customer.witness.forgive("evil.example")
    with chat.page.expect_response(re.compile("/chat/csp-report$")) as report:
        chat.page.evaluate(
            """() => {
              const at = document.body.appendChild(document.createElement("div"));
              at.innerHTML = "<img src='https://evil.example/x.png' onerror='window.pwned=1'>";
            }"""
        )
    assert report.value.status == 204
    expect(chat.log).to_be_visible()
    assert any("img-src" in fault for fault in customer.witness.faults)
    assert any("script-src" in fault for fault in customer.witness.faults)
    assert chat.page.evaluate("window.pwned") is None
    assert "broke its content security policy" in site.stack.log("rasa").read_text(encoding="utf-8")
