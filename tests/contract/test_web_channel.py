"""The web channel over real sockets: talking, coming back, several tabs, being slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage

from addons.channels.turns import TurnQueue
from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio
CONFIRM = {
    "text": "确认转账吗？",
    "buttons": [{"title": "确认", "payload": "/affirm"}, {"title": "取消", "payload": "/deny"}],
}


@pytest.fixture
def site_store() -> SqliteStore:
    return SqliteStore()


@pytest_asyncio.fixture
async def site(site_store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page, serving(site_store, page, FakeRasa(), SigningCore()) as running:
        yield running


@pytest_asyncio.fixture
async def tab(site: Site) -> AsyncIterator[Page]:
    page = Page(site)
    yield page
    await page.close()


@pytest_asyncio.fixture
async def second_tab(tab: Page) -> AsyncIterator[Page]:
    """Of the same browser; open `tab` first."""
    page = Page(tab.site, beside=tab)
    yield page
    await page.close()


class Gate:
    """Holds Rasa back at a text until it is opened."""

    def __init__(self, rasa: FakeRasa, text: str) -> None:
        self._text, self._open, self.reached = text, asyncio.Event(), asyncio.Event()
        rasa.before = self._wait

    async def _wait(self, message: UserMessage) -> None:
        if message.text == self._text:
            self.reached.set()
            await self._open.wait()

    def open(self) -> None:
        self._open.set()


async def test_a_conversation(tab: Page) -> None:
    welcome = await tab.open()
    assert (welcome["customer"], welcome["items"], welcome["last"], welcome["pending"]) == (None, [], 0, [])
    (answer,) = await tab.say("你好", "m1")
    own = tab.items[0]
    assert (own["from"], own["id"], own["text"], own["seq"]) == ("customer", "m1", "你好", 1)
    assert (answer["from"], answer["reply_to"], answer["text"], answer["seq"]) == ("bot", "m1", "好的", 2)
    assert tab.names()[-6:] == ["welcome", "typing", "item", "item", "typing", "turn"]


async def test_a_conversation_by_polling(tab: Page, site: Site) -> None:
    """Where a proxy lets no WebSocket through."""
    await tab.open(transports=["polling"])
    assert [item["text"] for item in await tab.say("你好")] == ["好的"]
    assert tab.names()[-6:] == ["welcome", "typing", "item", "item", "typing", "turn"]
    await tab.connect(after=2, transports=["polling", "websocket"])
    assert [item["text"] for item in await tab.say("还在吗")] == ["好的"]


async def test_reload_shows_what_was_said(tab: Page) -> None:
    await tab.open()
    await tab.say("你好")
    said = tab.items
    welcome = await tab.connect(after=0)
    assert welcome["items"] == said and welcome["last"] == 2 and welcome["consent"] is True


async def test_offline_and_back_loses_and_doubles_nothing(tab: Page, site: Site, site_store: SqliteStore) -> None:
    await tab.open()
    await tab.say("你好")
    gate = Gate(site.rasa, "转账")
    assert await tab.call("say", {"id": "m2", "text": "转账"}) == {"ok": True}
    await gate.reached.wait()
    await tab.leave()  # the answer comes while nobody is there
    gate.open()
    await site.logged(site_store, 4)
    welcome = await tab.connect(after=2)
    assert [(item["seq"], item["text"]) for item in welcome["items"]] == [(3, "转账"), (4, "好的")]
    assert await tab.call("say", {"id": "m2", "text": "转账"}) == {"ok": True}  # the page was not sure and sends again
    await tab.answers("m2")
    assert tab.items == [] and site.rasa.texts == ["你好", "转账"]


async def test_a_message_in_work_is_pending_after_a_reload(tab: Page, site: Site) -> None:
    await tab.open()
    gate = Gate(site.rasa, "转账")
    await tab.call("say", {"id": "m1", "text": "转账"})
    await gate.reached.wait()
    welcome = await tab.connect(after=0)
    assert welcome["pending"] == ["m1"] and [item["id"] for item in welcome["items"]] == ["m1"]
    gate.open()
    (answer,) = await tab.answers("m1")
    assert answer["text"] == "好的"
    assert (await tab.connect(after=2))["pending"] == []


async def test_two_tabs_show_the_same(tab: Page, second_tab: Page, site: Site) -> None:
    site.rasa.answer = [CONFIRM]
    await tab.open()
    await second_tab.connect()
    await tab.say("转账")
    await second_tab.next("turn")
    assert second_tab.items == tab.items
    confirm, cancel = (button["id"] for button in tab.items[1]["buttons"])
    site.rasa.answer = [{"text": "转好了"}]
    await second_tab.press(confirm)
    await tab.wait(lambda: tab.names().count("turn") == 2)
    assert tab.items == second_tab.items and tab.items[2]["text"] == "确认"
    spent = {button for name, data in tab.events if name == "spent" for button in data["buttons"]}
    assert spent == {confirm, cancel}


async def test_a_button_acts_once(tab: Page, second_tab: Page, site: Site) -> None:
    site.rasa.answer = [CONFIRM]
    await tab.open()
    await second_tab.connect()
    await tab.say("转账")
    confirm, cancel = (button["id"] for button in tab.items[1]["buttons"])
    site.rasa.answer = [{"text": "转好了"}]
    answers = await asyncio.gather(tab.press(confirm), second_tab.press(confirm), tab.press(cancel))
    assert site.rasa.texts.count("/affirm") + site.rasa.texts.count("/deny") == 1
    assert sum("按钮已失效" in item["text"] for items in answers for item in items) == 2


async def test_history_holds_live_buttons_only(tab: Page, site: Site) -> None:
    site.rasa.answer = [CONFIRM]
    await tab.open()
    await tab.say("转账")
    before = (await tab.connect())["items"][-1]["buttons"]
    assert [button["title"] for button in before] == ["确认", "取消"]
    site.rasa.answer = [{"text": "好的", "buttons": [{"title": "官网", "url": "https://bank.example"}]}]
    await tab.press(before[0]["id"])
    items = (await tab.connect())["items"]
    assert items[1]["buttons"] == [] and [button["title"] for button in items[3]["buttons"]] == ["官网"]
    page = await tab.call("history", {"before": 2})
    assert [item["seq"] for item in page["items"]] == [1] and page["more"] is False


async def test_history_comes_in_pages(tab: Page, site: Site) -> None:
    await tab.open()
    for number in range(40):
        await tab.say(f"第{number}句")
    welcome = await tab.connect()
    assert [item["seq"] for item in welcome["items"]] == list(range(51, 81)) and welcome["more"] is True
    page = await tab.call("history", {"before": 51})
    assert [item["seq"] for item in page["items"]] == list(range(21, 51)) and page["more"] is True
    page = await tab.call("history", {"before": 21})
    assert [item["seq"] for item in page["items"]] == list(range(1, 21)) and page["more"] is False
    assert (await tab.connect(after=70))["items"][0]["seq"] == 71
    assert (await tab.connect(after=9000))["items"][0]["seq"] == 51  # of a log that is gone


async def test_messages_are_answered_in_order(tab: Page, site: Site) -> None:
    await tab.open()
    gate = Gate(site.rasa, "一")
    for number, text in enumerate("一二三"):
        assert await tab.call("say", {"id": f"m{number}", "text": text}) == {"ok": True}
    await gate.reached.wait()
    gate.open()
    await tab.answers("m2")
    assert [item["text"] for item in tab.items] == ["一", "好的", "二", "好的", "三", "好的"]


async def test_three_in_flight_and_no_more(tab: Page, site: Site) -> None:
    await tab.open()
    gate = Gate(site.rasa, "一")
    for number, text in enumerate("一二三"):
        assert (await tab.call("say", {"id": f"m{number}", "text": text}))["ok"]
    refused = await tab.call("say", {"id": "m3", "text": "四"})
    assert (refused["ok"], refused["code"]) == (False, "busy") and "请稍候" in refused["message"]
    gate.open()
    await tab.answers("m2")
    await tab.say("四", "m3")
    assert site.rasa.texts == ["一", "二", "三", "四"]


async def test_a_slow_turn_says_so(tab: Page, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addons.channels.web_turns.SLOW_SECONDS", 0.05)
    await tab.open()
    gate = Gate(site.rasa, "转账")
    await tab.call("say", {"id": "m1", "text": "转账"})
    slow = await tab.next("slow")
    assert slow["reply_to"] == "m1" and "请稍候" in slow["text"]
    gate.open()
    await tab.answers("m1")
    assert [item["text"] for item in (await tab.connect())["items"]] == ["转账", "好的"]


async def test_the_answer_of_a_turn_over_its_budget_still_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    monkeypatch.setattr("addons.channels.web.TurnQueue", partial(TurnQueue, budget=0.2))
    async with sign_in_page() as page, serving(SqliteStore(), page, FakeRasa(), SigningCore()) as site:
        tab = Page(site)
        await tab.open()
        gate = Gate(site.rasa, "转账")
        (apology,) = await tab.say("转账", "m1")
        assert "还在处理中" in apology["text"] and (await tab.next("turn"))["incident"] in apology["text"]
        gate.open()
        late = await tab.wait(lambda: tab.items[2] if len(tab.items) > 2 else None)
        assert (late["text"], late["reply_to"]) == ("好的", "m1")
        await tab.close()


async def test_cards_pictures_and_links_arrive(tab: Page, site: Site) -> None:
    card = {"type": "card", "title": "回单", "rows": []}
    site.rasa.answer = [
        {"text": "转好了", "custom": card},
        {"image": "https://bank.example/a.png"},
        {"buttons": [{"title": "查余额", "payload": "/ask_balance"}]},
        {"text": "", "quick_replies": [{"title": "网点", "payload": "/ask_branch"}]},
        {"elements": [{"title": "一年定期", "subtitle": "1.5%"}]},
    ]
    await tab.open()
    items = await tab.say("你好")
    assert items[0]["text"] == "转好了" and items[0]["custom"] == card
    assert items[1]["image"] == "https://bank.example/a.png"
    assert [button["title"] for item in items[2:4] for button in item["buttons"]] == ["查余额", "网点"]
    assert items[4]["text"] == "一年定期\n1.5%"


async def test_an_empty_answer_is_an_apology(tab: Page, site: Site) -> None:
    site.rasa.answer = []
    await tab.open()
    (apology,) = await tab.say("你好", "m1")
    assert (await tab.next("turn"))["incident"] in apology["text"]


async def test_nobody_talks_before_consent(tab: Page, site: Site) -> None:
    welcome = await tab.open(consent=False)
    assert welcome["consent"] is False
    for event, data in (("say", {"id": "m", "text": "你好"}), ("press", {"id": "m", "button": "x"})):
        refused = await tab.call(event, data)
        assert refused["code"] == "consent_needed" and refused["message"]
    assert (await tab.call("consent", {"version": "2020-01"}))["ok"] is False
    assert await tab.call("consent", {"version": "2026-11"}) == {"ok": True}
    await tab.say("你好")
    assert site.rasa.texts == ["你好"]


async def test_what_was_said_without_being_asked(tab: Page, site: Site) -> None:
    await tab.open()
    await tab.say("你好")
    output = site.channel.get_output_channel()
    assert output is not None
    conversation = site.rasa.seen[0].sender_id
    await output.send_response(conversation, {"text": "工单已办结", "buttons": [{"title": "好", "payload": "/thank"}]})
    await output.send_response(conversation, {"text": "我是小王", "from": "desk"})
    await output.send_response("cmdline-1", {"text": "谁？"})
    await tab.wait(lambda: len(tab.items) == 4)
    assert [(item["from"], item["text"]) for item in tab.items[2:]] == [("notice", "工单已办结"), ("desk", "我是小王")]
    await tab.press(tab.items[2]["buttons"][0]["id"])
    assert site.rasa.texts[-1] == "/thank"


async def test_a_restart_loses_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    path = f"{tmp_path}/channels.db"
    async with sign_in_page() as page:
        async with serving(SqliteStore(path), page, FakeRasa(), SigningCore()) as site:
            tab = Page(site)
            await tab.open()
            site.rasa.answer = [CONFIRM]
            await tab.sign_in()
            (answer,) = await tab.say("转账")
            await tab.close()
        async with serving(SqliteStore(path), page, FakeRasa(), SigningCore()) as again:
            back = Page(again, {cookie.key: cookie.value for cookie in tab.jar})
            welcome = await back.connect()
            assert welcome["items"][-1] == answer and welcome["customer"]["name"] == "*伟"
            await back.press(answer["buttons"][0]["id"])
            assert again.rasa.texts == ["/affirm"]
            await back.close()
