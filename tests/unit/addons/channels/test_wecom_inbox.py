"""Fetching from WeCom over both stores: once, in order, and whatever fails in between."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from addons.channels import wecom_inbox
from addons.channels.answers import Message
from addons.channels.wechat_delivery import Work
from addons.channels.wechat_outcome import ApiError, Reason
from addons.channels.wechat_owed import OwedAnswers
from addons.channels.wechat_parse import Doorbell, Text
from addons.channels.wechat_quota import Quota
from addons.channels.wechat_routes import Routes
from addons.channels.wecom_api import BAD_TOKEN, OVER, PERSON, Page
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_inbox import Hands, Inbox
from addons.channels.wecom_messages import Entered
from addons.channels.wecom_taking import Taking
from addons.stores.store import Store, StoreUnavailable
from tests.stores import OpenStore

pytestmark = pytest.mark.asyncio
CORP, DESK, CUSTOMER = "ww1", "wk1", "wmA"


class Server:
    """WeCom: a log, pages of two, tokens of doorbells; `faults` come first, one for each call."""

    def __init__(self) -> None:
        self.log: list[dict[str, Any]] = []
        self.faults: list[ApiError] = []
        self.calls: list[tuple[str, str]] = []
        self.good_cursors, self.bad_cursor = True, 40058

    def say(self, text: str, customer: str = CUSTOMER, age: float = 0.0, **more: Any) -> None:
        entry = {"origin": 3, "msgtype": "text", "text": {"content": text}, "msgid": f"m{len(self.log)}"}
        who = {"open_kfid": DESK, "external_userid": customer, "send_time": int(time.time() - age)}
        self.log.append({**entry, **who, **more})

    def happen(self, kind: str, **more: Any) -> None:
        event = {"event_type": kind, "open_kfid": DESK, "external_userid": CUSTOMER, **more}
        self.log.append({"origin": 4, "msgtype": "event", "event": event, "send_time": int(time.time()), "msgid": "e"})

    async def sync(self, desk: str, cursor: str, token: str) -> Page:
        self.calls.append((cursor, token))
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop(0)
        if cursor and not self.good_cursors:
            raise ApiError(Reason.UNKNOWN, self.bad_cursor)
        start = int(cursor or 0)
        end = min(start + 2, len(self.log))
        return Page(list(self.log[start:end]), str(end), end < len(self.log))


@dataclass
class Process:
    """One Rasa process; `started` are the works that its turns were given."""

    inbox: Inbox
    desk: WeComDesk
    taking: Taking
    started: list[Work] = field(default_factory=list)
    welcomed: list[Entered] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [work.push.content for work in self.started if isinstance(work.push, Text)]

    async def ring(self, token: str = "T") -> None:
        await self.inbox.ring(Doorbell(DESK, token))
        while self.inbox._tasks:
            await asyncio.gather(*self.inbox._tasks)


async def stop(*tasks: asyncio.Future[None]) -> None:
    """Once may not do: wait_for of Python 3.10, which redis uses, loses a cancellation that comes with its result."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.1)


async def never(desk: str) -> None:
    raise AssertionError("nothing is asked again")


def process(server: Server, store: Store, bounced: dict[str, tuple[Message, ...]] | None = None) -> Process:
    owed, places = OwedAnswers(store, CORP), Places(store, CORP, DESK)
    desk = WeComDesk(store, CORP, SimpleNamespace(), places, (), never)  # type: ignore[arg-type]

    async def found(openid: str) -> SimpleNamespace:
        return SimpleNamespace(owner="zhangwei")

    account = SimpleNamespace(
        delivery=SimpleNamespace(routes=Routes(store, CORP), owed=owed),
        followers=SimpleNamespace(find=found),
        quota=Quota(store, CORP),
        turns=SimpleNamespace(start=lambda work: started(work)),
    )
    taking = Taking(account, desk)  # type: ignore[arg-type]

    async def find(identity: str) -> tuple[Message, ...]:
        return (bounced or {}).pop(identity, ())

    def started(work: Work) -> None:
        if made.fail:
            raise made.fail.pop(0)
        made.started.append(work)

    def welcome(entered: Entered) -> None:
        made.welcomed.append(entered)

    inbox = Inbox(server, store, CORP, (DESK,), Hands(taking, desk, places, welcome, find))  # type: ignore[arg-type]
    made = Process(inbox, desk, taking)
    return made


async def test_everything_is_fetched_in_order_and_nothing_twice(store: Store) -> None:
    server = Server()
    one = process(server, store)
    for number in range(5):
        server.say(f"第{number}条")
    await one.ring("T1")
    assert one.texts == [f"第{number}条" for number in range(5)]
    assert server.calls == [("", "T1"), ("2", "T1"), ("4", "T1")]
    await one.ring("T2")
    assert server.calls[3:] == [("5", "T2")] and len(one.texts) == 5
    server.say("又一条")
    await one.ring("T3")
    assert one.texts[5:] == ["又一条"]


async def test_two_processes_fetch_once(open_another: OpenStore) -> None:
    server = Server()
    first, second = process(server, open_another()), process(server, open_another())
    for number in range(6):
        server.say(f"第{number}条")
    await asyncio.gather(first.ring("A"), second.ring("A"), first.ring("B"), second.ring("B"))
    assert sorted(first.texts + second.texts) == [f"第{number}条" for number in range(6)]
    assert [cursor for cursor, _ in server.calls].count("") == 1, "one at a time"


async def test_a_message_that_comes_again_after_its_answer_is_owed_nothing(store: Store) -> None:
    server = Server()
    one = process(server, store)
    server.say("一")
    await one.ring()
    (work,) = one.started
    await one.taking.account.delivery.owed.settle(work.push.key)
    assert not await one.taking.take(work.push)
    assert await store.get(f"wechat:{CORP}:owed:{work.push.key}") is None


async def test_a_process_that_dies_in_the_middle_of_a_page_loses_and_doubles_nothing(open_another: OpenStore) -> None:
    server = Server()
    first, second = process(server, open_another()), process(server, open_another())
    for number in range(2):
        server.say(f"第{number}条")

    class Died(BaseException):
        """Stands for SIGKILL: nothing of ours runs any more."""

    async def take(push: Any, missed: bool = False) -> bool:
        if push.content == "第1条":
            raise Died
        return await Taking.take(first.taking, push, missed)

    object.__setattr__(first.inbox._hands.taking, "take", take)
    await first.inbox.ring(Doorbell(DESK, "T"))
    with pytest.raises(Died):
        await asyncio.gather(*first.inbox._tasks)
    assert first.texts == ["第0条"]
    second.inbox._doubt = False
    assert await second.inbox.fetch(DESK), "what was rung for is fetched without another ring"
    assert second.texts == ["第1条"], "the first one was taken, and is owed an answer by the dead one"
    assert await second.inbox._store.get(f"wechat:{CORP}:owed:{first.started[0].push.key}")


class Flaky:
    """A store that fails once when it is told to, having made the change or not."""

    def __init__(self, store: Store) -> None:
        self._store, self.next, self.made = store, "", True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        return bool(await self._maybe(key, lambda: self._store.add(key, value, lifetime)))

    async def set(self, key: str, value: str, lifetime: float) -> None:
        await self._maybe(key, lambda: self._store.set(key, value, lifetime))

    async def _maybe(self, key: str, call: Any) -> Any:
        if not self.next or self.next not in key:
            return await call()
        self.next = ""
        if self.made:
            await call()
        raise StoreUnavailable("gone")


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("key", [":route:", ":quota:", ":owed:", ":cursor:", ":place:", ":alive:"])
async def test_an_outage_at_any_point_loses_and_doubles_nothing(store: Store, key: str, made: bool) -> None:
    server, flaky = Server(), Flaky(store)
    one = process(server, flaky)  # type: ignore[arg-type]
    server.say("第一条")
    flaky.next, flaky.made = key, made
    await one.ring()
    assert await one.inbox.fetch(DESK)
    assert one.texts == ["第一条"]
    assert len(await store.entries(f"wechat:{CORP}:owed-by:{one.taking.account.delivery.owed._me}")) == 1


async def test_a_doorbell_that_could_not_be_noted(store: Store) -> None:
    server, flaky = Server(), Flaky(store)
    one = process(server, flaky)  # type: ignore[arg-type]
    one.inbox._doubt = False
    server.say("第一条")
    flaky.next, flaky.made = ":rung:", False
    await one.ring()
    assert one.texts == []
    watching = asyncio.ensure_future(one.inbox.watch())
    while not one.texts:
        await asyncio.sleep(0.01)
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
    while not one.texts:
        await asyncio.sleep(0.01)
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
    while not any("又丢了" in one.texts for one in both):
        await asyncio.sleep(0.01)
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
