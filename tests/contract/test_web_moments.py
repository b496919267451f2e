"""Bad moments on the web channel: a sign-in or sign-out in the middle of a turn, a store that is away, a code taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from addons.stores.store import StoreUnavailable
from tests.contract.web_site import SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.stores import ShakyStore
from tests.unit.addons.channels.fakes import FakeRasa, Held

pytestmark = pytest.mark.asyncio
SIGN_IN = [{"text": "查询余额需要先登录。", "custom": {"type": "sign_in"}}]
CODE = {
    "text": "请输入验证码",
    "buttons": [{"title": "重新发送", "payload": "/resend_code"}, {"title": "取消", "payload": "/deny"}],
    "custom": {"type": "one_time_code", "digits": 6},
}
MENU = {"text": "还可以", "buttons": [{"title": "查余额", "payload": "/check_balance"}]}


class ForgetfulStore(ShakyStore):
    """The first append after `forgetful` is written, and its answer lost."""

    forgetful = False

    async def append(self, log: str, entry: str, most: int, lifetime: float) -> int:
        number = await super().append(log, entry, most, lifetime)
        if self.forgetful:
            self.forgetful = False
            raise StoreUnavailable("test")
        return number


@pytest.fixture
def store() -> ForgetfulStore:
    return ForgetfulStore()


@pytest_asyncio.fixture
async def site(store: ForgetfulStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page, serving(store, page, FakeRasa(), SigningCore()) as running:
        yield running


async def test_an_answer_that_comes_after_the_sign_in_is_not_lost(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    held = Held(site.rasa)
    site.rasa.answer = [{**MENU, "text": "网点九点开门"}]
    assert (await page.call("say", {"id": "m1", "text": "几点开门"}))["ok"]
    await held.asked.wait()
    welcome = await page.sign_in()
    assert welcome["items"][0]["text"] == "几点开门"
    held.go_on.set()
    item = await page.next("item")
    assert (item["text"], item["reply_to"], item["buttons"]) == ("网点九点开门", "m1", [])
    assert item["seq"] == welcome["last"] + 1


async def test_one_visitor_becomes_one_customer(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    _, session = await page.post("/session")
    tokens = [site.sign_in_page.token(session["binding"], login) for login in ("zhangwei", "lina")]
    cookie = page.cookie
    answers = await asyncio.gather(
        *(page.post("/sign-in", {"token": token}, headers={"Cookie": cookie}) for token in tokens)
    )
    assert sorted(status for status, _ in answers) == [200, 401]
    assert next(body["error"]["code"] for status, body in answers if status == 401) in ("rotated", "no_session")


async def test_a_sign_in_that_failed_can_be_made_again(browsers: Any, site: Site) -> None:
    page = browsers()
    _, session = await page.post("/session")
    site.core.sign_in_down = True
    status, body = await page.post("/sign-in", {"token": site.sign_in_page.token(session["binding"])})
    assert (status, body["error"]["code"]) == (502, "core_unavailable")
    site.core.sign_in_down = False
    assert (await page.post("/sign-in", {"token": site.sign_in_page.token(session["binding"])}))[0] == 200


async def test_what_one_customer_asked_is_not_offered_to_the_next(browsers: Any, site: Site) -> None:
    first, second = browsers(), browsers()
    await first.open()
    await first.sign_in("lina")
    await second.open()
    await second.sign_in("lina")
    site.rasa.answer = SIGN_IN
    await first.say("给王芳转500")  # her session has ended at the core; the second page has not heard of it
    welcome = await second.sign_in("zhangwei")
    assert "王芳" not in json.dumps(welcome, ensure_ascii=False)
    assert welcome["items"][-1]["buttons"] == []


async def test_a_code_that_waited_for_its_turn_while_the_customer_signed_out(
    browsers: Any, site: Site, store: ForgetfulStore
) -> None:
    page = browsers()
    await page.open()
    await page.sign_in()
    held = Held(site.rasa)
    await page.call("say", {"id": "m1", "text": "转账"})
    await held.asked.wait()
    await page.call("say", {"id": "m2", "text": "482913"})
    await page.post("/sign-out")
    held.go_on.set()
    await asyncio.sleep(0.5)
    assert "482913" not in str(site.rasa.texts) and len(site.rasa.texts) == 2
    assert "482913" not in str(await store.entries(f"web:log:{site.rasa.seen[0].sender_id}"))


async def test_a_code_that_was_taken_spends_the_choices_beside_it(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.open()
    await page.sign_in()
    site.core.code = "482913"
    site.rasa.answer = [MENU, CODE]
    menu, code = await page.say("转账")
    site.rasa.answer = [{"text": "已转账"}]
    await page.say("111111")
    assert page.names().count("spent") == 0
    await page.say("482913")
    spent = [data["buttons"] for name, data in page.events if name == "spent"]
    assert sorted(spent[0]) == sorted(button["id"] for button in code["buttons"]) and len(spent) == 1
    (answer,) = await page.press(code["buttons"][0]["id"])
    assert "按钮已失效" in answer["text"] and "/resend_code" not in site.rasa.texts
    await page.press(menu["buttons"][0]["id"])
    assert site.rasa.texts[-1] == "/check_balance"


async def test_an_answer_waits_for_a_store_that_is_away(browsers: Any, site: Site, store: ForgetfulStore) -> None:
    page = browsers()
    await page.open()
    held = Held(site.rasa)
    site.rasa.answer = [CODE]
    await page.call("say", {"id": "m1", "text": "转账"})
    await held.asked.wait()
    store.away = True
    held.go_on.set()
    await asyncio.sleep(0.5)
    assert len(page.items) == 1
    store.away, store.forgetful = False, True
    (answer,) = await page.answers("m1")
    assert answer["text"] == "请输入验证码" and answer["seq"] == 2
    welcome = await page.connect()
    assert [item["text"] for item in welcome["items"]] == ["转账", "请输入验证码"]
