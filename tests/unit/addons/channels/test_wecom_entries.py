"""What WeCom tells, and when it is asked: doorbells lost, calls that fail, old messages, events, other accounts."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from addons.channels import wecom_inbox
from addons.channels.answers import Message
from addons.channels.wechat_outcome import ApiError, Reason
from addons.channels.wechat_parse import Doorbell, Text
from addons.channels.wecom_api import BAD_TOKEN, OVER, PERSON, Page
from addons.channels.wecom_desk import WeComDesk
from addons.stores.store import Store
from tests.stores import OpenStore
from tests.unit.addons.channels.fakes import stop, until
from tests.unit.addons.channels.wecom_server import CORP, CUSTOMER, DESK, Flaky, Server, process

pytestmark = pytest.mark.asyncio


async def test_a_doorbell_that_could_not_be_noted(store: Store) -> None:
    server, flaky = Server(), Flaky(store)
    one = process(server, flaky)  # type: ignore[arg-type]
    one.inbox._doubt = False
    server.say("第一条")
    flaky.next, flaky.made = ":rung:", False
    await one.ring()
    assert one.texts == []
    watching = asyncio.ensure_future(one.inbox.watch())
    await until(lambda: one.texts)
    await stop(watching)
    assert one.texts == ["第一条"]


async def test_failures_of_the_api(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wecom_inbox, "WATCH_SECONDS", 0.01)
    server = Server()
    one = process(server, store)
    one.inbox._doubt = False
    server.say("一")
    server.faults = [ApiError(Reason.UNREACHABLE), ApiError(Reason.BUSY, -1), ApiError(Reason.UNCONFIRMED)]
    await one.ring("T")
    watching = asyncio.ensure_future(one.inbox.watch())
    await until(lambda: one.texts)
    await stop(watching)
    assert one.texts == ["一"]
    server.say("二")
    server.faults = [ApiError(Reason.UNKNOWN, BAD_TOKEN)]
    await one.ring("old")
    assert server.calls[-2:] == [("1", "old"), ("1", "")] and one.texts == ["一", "二"]
    server.good_cursors, server.bad_cursor = False, 95099  # undocumented: it may be any
    server.say("三")
    server.faults = []

    async def sync(desk: str, cursor: str, token: str) -> Page:
        server.good_cursors = server.good_cursors or cursor == ""
        return await Server.sync(server, desk, cursor, token)

    server.sync = sync  # type: ignore[method-assign]
    await one.ring("T4")
    assert one.texts == ["一", "二", "三"], "from the beginning, and none again"


async def test_what_is_too_old(store: Store) -> None:
    server = Server()
    one = process(server, store)
    server.say("接入以前", age=600)
    server.say("刚才")
    await one.ring()
    assert one.texts == ["刚才"]
    for text in ("转一万", "确认"):
        server.say(text, age=7200)
    server.say("在吗", customer="wmB", age=7200)
    server.say("余额")
    await one.ring("T2")
    assert [(work.push.openid, work.missed) for work in one.started[1:]] == [
        (CUSTOMER, True),
        ("wmB", True),
        (CUSTOMER, False),
    ], "each customer is told once, and nothing is carried out"


async def test_events(store: Store) -> None:
    bounced = {"f1": (Message("退回"),)}
    server = Server()
    one = process(server, store, bounced)
    server.happen("enter_session", welcome_code="W")
    server.happen("msg_send_fail", fail_msgid="f1", fail_type=10)
    server.happen("msg_send_fail", fail_msgid="f1", fail_type=10)
    server.happen("session_status_change", change_type=1)
    server.say("给坐席的")
    server.happen("session_status_change", change_type=3)
    server.say("给机器人的")
    await one.ring()
    assert [entered.code for entered in one.welcomed] == ["W"]
    assert await one.taking.account.delivery.owed.take_kept(CUSTOMER, "zhangwei") == (Message("退回"),)
    assert [(work.push.content, work.held) for work in one.started if isinstance(work.push, Text)] == [
        ("给坐席的", True),
        ("给机器人的", False),
    ]


async def test_an_entry_that_we_stumble_over_stops_nothing(store: Store) -> None:
    server = Server()
    one = process(server, store)
    one.fail = [RuntimeError("a fault of ours")]
    server.say("一")
    server.log.append({"origin": 3, "msgtype": "text", "text": None, "send_time": "soon"})
    server.say("二")
    await one.ring()
    assert one.texts == ["二"] and await one.inbox._store.get(f"wecom:{CORP}:cursor:{DESK}") == "3"


async def test_an_account_that_is_not_ours(store: Store) -> None:
    server = Server()
    one = process(server, store)
    await one.inbox.ring(Doorbell("wkOther", "T"))
    assert not one.inbox._tasks and server.calls == []


async def test_messages_of_another_account_are_not_ours(store: Store) -> None:
    server = Server()
    one = process(server, store)
    server.say("给别的客服", open_kfid="wkOther")
    server.happen("session_status_change", change_type=1, open_kfid="wkOther")
    server.say("余额")
    await one.ring()
    assert one.texts == ["余额"] and await one.inbox._hands.places.of(CUSTOMER) == DESK
    assert not await one.desk.holds(CUSTOMER)


async def test_a_doorbell_that_never_came(open_another: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wecom_inbox, "WATCH_SECONDS", 0.01)
    server = Server()
    both = [process(server, open_another()) for _ in range(2)]
    for one in both:
        one.inbox._doubt = False
    await both[0].inbox.fetch(DESK)
    server.say("门铃丢了")
    for one in both:
        assert await one.inbox.fetch(DESK)
    assert len(server.calls) == 1, "nobody asks again at once"
    monkeypatch.setattr(wecom_inbox, "ASK_SECONDS", 0.2)
    await both[0].inbox._store.delete(f"wecom:{CORP}:asked:{DESK}")
    await both[0].inbox.fetch(DESK)
    assert both[0].texts == ["门铃丢了"]
    server.say("又丢了")
    watching = [asyncio.ensure_future(one.inbox.watch()) for one in both]
    await until(lambda: any("又丢了" in one.texts for one in both))
    await stop(*watching)
    assert both[0].texts.count("又丢了") + both[1].texts.count("又丢了") == 1


async def test_the_first_time_nothing_from_before_is_answered_on_any_page(store: Store) -> None:
    server = Server()
    one = process(server, store)
    for number in range(5):
        server.say(f"以前{number}", customer=f"wm{number}", age=7200 if number % 2 else 600)
    server.say("刚才")
    page, failing = server.sync, [None, None, ApiError(Reason.BUSY, -1)]

    async def sync(desk: str, cursor: str, token: str) -> Page:
        if failing and (error := failing.pop(0)):
            raise error
        return await page(desk, cursor, token)

    server.sync = sync  # type: ignore[method-assign]
    await one.ring("T")
    assert not one.started and not failing
    await one.inbox.fetch(DESK)
    assert one.texts == ["刚才"] and not any(work.missed for work in one.started)
    server.say("以后", customer="wm9", age=7200)
    await one.ring("T2")
    assert [work.missed for work in one.started] == [False, True]


@pytest.mark.parametrize("told", [True, False], ids=["WeCom tells of the end", "it does not"])
async def test_what_was_said_to_a_person_who_has_just_left(store: Store, told: bool) -> None:
    server, ended = Server(), []

    async def state(desk: str, customer: str) -> int:
        return OVER if ended else PERSON

    async def catch_up(desk: str) -> None:
        await one.inbox.fetch(desk, doubt=True)

    one = process(server, store)
    api = SimpleNamespace(state=state)
    desk = WeComDesk(store, CORP, api, one.desk.places, (), catch_up)  # type: ignore[arg-type]

    async def silent() -> list[bool]:
        return [await desk.silences(CUSTOMER, work.held) for work in list(one.started)]

    server.happen("session_status_change", change_type=1)
    server.say("一")
    await one.ring("T1")
    assert await silent() == [True]
    ended.append(True)
    server.say("二")
    if told:
        server.happen("session_status_change", change_type=3)
    assert await silent() == [told]
    assert await silent() == [told] * 2, "fetched while the end was not told yet, and said before it"
    server.say("三")
    await one.ring("T3")
    calls = len(server.calls)
    assert (await silent())[2] is False and len(server.calls) == calls, "nothing is asked again"
