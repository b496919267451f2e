"""Sending by WeCom, and handing customers over: ids, codes, refusals, over both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from addons.channels.answers import Message
from addons.channels.wechat_menu import Menu
from addons.channels.wechat_outcome import Later, Never, Reason, Sent
from addons.channels.wechat_reply import TextReply
from addons.channels.wechat_token import AccessTokens, Grant
from addons.channels.wecom_api import BOT, NEW, OVER, PAGE, PERSON, QUEUE, WeComApi
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_sending import Sender
from addons.stores.store import Store
from tests.unit.addons.channels.wechat_server import Handler, WeChat, code, hang_up, raw, running_wechat

pytestmark = pytest.mark.asyncio
SEND, RESPOND = "/cgi-bin/kf/send_msg", "/cgi-bin/kf/send_msg_on_event"
STATE, TRANS = "/cgi-bin/kf/service_state/get", "/cgi-bin/kf/service_state/trans"
HELLO = TextReply("您好")


async def a_token(force: bool) -> Grant:
    return Grant("TOKEN-0", 7200)


class Corporation:
    def __init__(self, wechat: WeChat, api: WeComApi, store: Store, servicers: tuple[str, ...] = ()) -> None:
        self.wechat, self.places = wechat, Places(store, "ww1", "wk1")
        self.desk = WeComDesk(store, "ww1", api, self.places, servicers, self.catch_up)
        self.sender = Sender(store, "ww1", api, self.places, self.desk)
        self.api = api
        self.untold: list[str] = []

    async def catch_up(self, desk: str) -> None:
        while self.untold:
            await self.desk.changed("wmA", self.untold.pop(0))

    def fault(self, path: str, *handlers: Handler) -> None:
        self.wechat.faults[path] = list(handlers)

    def state(self, state: int) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.json_response({"errcode": 0, "service_state": state})

        self.wechat.always[STATE] = answer


@pytest_asyncio.fixture
async def corp(store: Store) -> AsyncIterator[Corporation]:
    async with running_wechat() as (wechat, http):
        yield Corporation(wechat, WeComApi(http, AccessTokens(store, "wecom ww1", a_token)), store)


def coded(text: str) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": 0, "msg_code": text})

    return answer


async def test_a_message_goes_where_the_customer_is(corp: Corporation) -> None:
    assert isinstance(await corp.sender.send("wmA", HELLO, "turn.0"), Sent)
    await corp.places.note("wmA", "wk2")
    assert isinstance(await corp.sender.send("wmA", Menu("选", (("b1", "转账"),)), "turn.1"), Sent)
    assert isinstance(await corp.sender.send("wmB", HELLO, "turn.0"), Sent)
    first, second, other = corp.wechat.bodies(SEND)
    assert (first["touser"], first["open_kfid"], first["text"]) == ("wmA", "wk1", {"content": "您好"})
    assert second["open_kfid"] == "wk2" and second["msgmenu"]["list"][0]["click"] == {"id": "b1", "content": "转账"}
    ids = {body["msgid"] for body in (first, second, other)}
    assert len(ids) == 3 and all(len(one) == 32 and one.isalnum() for one in ids)


@pytest.mark.parametrize("used", [code(40058), code(95099)])
async def test_a_lost_reply_is_asked_again_under_the_same_id(corp: Corporation, used: Handler) -> None:
    corp.fault(SEND, hang_up, used)
    assert isinstance(await corp.sender.send("wmA", HELLO, "t"), Sent)
    first, second = corp.wechat.bodies(SEND)
    assert first == second
    corp.fault(SEND, used)
    assert isinstance(await corp.sender.send("wmA", HELLO, "t"), Sent), "another process sends what this one owed"
    corp.fault(SEND, used)
    assert await corp.sender.send("wmA", HELLO, "new") == Later(Reason.UNKNOWN), "an id that was never used"


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (95001, Later(Reason.QUOTA_SPENT)),
        (95002, Later(Reason.WINDOW_CLOSED)),
        (95000, Later(Reason.CREDENTIALS)),
        (95017, Later(Reason.NO_PERMISSION)),
        (40096, Never(Reason.BAD_OPENID)),
        (95018, Later(Reason.WINDOW_CLOSED)),
        (45009, Later(Reason.DAILY_LIMIT)),
        (48002, Later(Reason.NO_PERMISSION)),
        (60020, Later(Reason.IP_NOT_LISTED)),
        (40003, Never(Reason.BAD_OPENID)),
    ],
)
async def test_refusals(corp: Corporation, number: int, outcome: Any) -> None:
    corp.state(NEW)
    corp.fault(SEND, code(number))
    assert await corp.sender.send("wmA", HELLO, "t") == outcome
    assert isinstance(await corp.sender.send("wmA", HELLO, "t"), Sent), "it may be sent later"
    assert await corp.sender.bounced(corp.wechat.bodies(SEND)[-1]["msgid"]) == (Message("您好"),)


@pytest.mark.parametrize("number", [95001, 95002, 95013, 95017, 95000, 40096, 48002, 60020])
async def test_a_refusal_after_a_lost_reply_is_no_sign_that_it_was_sent(corp: Corporation, number: int) -> None:
    corp.state(NEW)
    corp.fault(SEND, hang_up, code(number))
    assert not isinstance(await corp.sender.send("wmA", HELLO, "t"), Sent)


async def test_a_page_of_long_messages(corp: Corporation) -> None:
    said = [{"msgid": str(number), "text": {"content": "\U0001f600" * 2000}} for number in range(PAGE)]

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        assert (body["limit"], body["token"], "cursor" in body) == (PAGE, "T", False), "empty ones are left out"
        return web.json_response({"errcode": 0, "next_cursor": "c", "has_more": 1, "msg_list": said})

    corp.wechat.always["/cgi-bin/kf/sync_msg"] = answer
    page = await corp.api.sync("wk1", "", "T")
    assert page.entries == said and page.more


async def test_no_reply_at_all(corp: Corporation) -> None:
    corp.fault(SEND, hang_up, hang_up)
    assert await corp.sender.send("wmA", HELLO, "t") == Later(Reason.UNCONFIRMED)
    corp.fault(SEND, raw(b"<html>", 502), raw(b"<html>", 502), raw(b"<html>", 502))
    assert await corp.sender.send("wmA", HELLO, "t2") == Later(Reason.UNREACHABLE)


async def test_what_bounced_is_found_once(corp: Corporation) -> None:
    await corp.sender.send("wmA", HELLO, "t")
    identity = corp.wechat.bodies(SEND)[0]["msgid"]
    assert [await corp.sender.bounced(identity) for _ in range(2)] == [(Message("您好"),), ()]
    assert await corp.sender.bounced("somebody else's") == ()


async def test_a_person_takes_over_and_is_done(corp: Corporation) -> None:
    desk = corp.desk
    assert not await desk.holds("wmA") and not await desk.silences("wmA", held=False)
    await desk.changed("wmA", "create")
    corp.state(PERSON)
    assert await desk.holds("wmA") and await desk.silences("wmA", held=True)
    for state in (OVER, NEW):
        corp.state(state)
        corp.untold = ["close"]
        assert await desk.silences("wmA", held=True), "said before the end, of which we had not read yet"
        assert not await desk.holds("wmA")
        await desk.changed("wmA", "create")
    corp.untold = ["close"]
    assert not await desk.silences("wmA", held=False)
    await desk.changed("wmA", "create")
    await desk.changed("wmA", "close")
    assert await desk.silences("wmA", held=True) and not await desk.silences("wmA", held=False)


async def test_an_end_that_wecom_never_told(corp: Corporation) -> None:
    await corp.desk.changed("wmA", "create")
    corp.state(BOT)
    assert [await corp.desk.silences("wmA", held=True) for _ in range(2)] == [False, False]
    assert corp.wechat.count(STATE) == 1
    await corp.desk.changed("wmA", "create")
    corp.wechat.always[STATE] = code(45009)
    assert await corp.desk.silences("wmA", held=True), "not known: as the event said"


async def test_a_refusal_tells_of_a_person(corp: Corporation) -> None:
    corp.state(PERSON)
    corp.fault(SEND, code(95018))
    await corp.sender.send("wmA", HELLO, "t")
    assert await corp.desk.holds("wmA")


async def test_servicers_are_asked_one_after_another(corp: Corporation, store: Store) -> None:
    corp = Corporation(corp.wechat, corp.api, store, ("zhang", "li", "*"))
    assert corp.desk.on
    corp.fault(TRANS, code(95014), coded("C1"))
    assert await corp.desk.connect("wmA", "zh") and await corp.desk.holds("wmA")
    asked = corp.wechat.bodies(TRANS)
    assert {body["servicer_userid"] for body in asked} == {"zhang", "li"} and {b["service_state"] for b in asked} == {3}
    (told,) = corp.wechat.bodies(RESPOND)
    assert told["code"] == "C1" and "人工客服" in told["text"]["content"]

    corp.fault(TRANS, code(95014), code(95014), coded("C2"))
    assert await corp.desk.connect("wmB", "en") and await corp.desk.waits("wmB")
    last = corp.wechat.bodies(TRANS)[-1]
    assert (last["service_state"], last.get("servicer_userid")) == (QUEUE, None)
    assert "wait your turn" in corp.wechat.bodies(RESPOND)[-1]["text"]["content"]

    corp.state(NEW)
    corp.fault(TRANS, code(95014), code(95014), code(95016))
    assert not await corp.desk.connect("wmC", "zh") and not await corp.desk.holds("wmC")
    corp.state(PERSON)
    corp.fault(TRANS, code(95016), code(95016), code(95016))
    assert await corp.desk.connect("wmC", "zh"), "somebody has them already"


async def test_who_leaves_the_queue_is_told_with_the_code(corp: Corporation, store: Store) -> None:
    corp = Corporation(corp.wechat, corp.api, store, ("*",))
    corp.fault(TRANS, coded("C1"), coded("C2"))
    await corp.desk.connect("wmA", "zh")
    await corp.desk.leave("wmA")
    assert not await corp.desk.holds("wmA")
    for reference in ("left", "next"):
        assert isinstance(await corp.sender.send("wmA", HELLO, reference), Sent)
    assert [body["code"] for body in corp.wechat.bodies(RESPOND)] == ["C1", "C2"]
    assert corp.wechat.count(SEND) == 1, "the code is good once"


async def test_who_cannot_leave_stays(corp: Corporation, store: Store) -> None:
    corp = Corporation(corp.wechat, corp.api, store, ("*",))
    await corp.desk.connect("wmA", "zh")
    corp.fault(TRANS, code(95016))
    await corp.desk.leave("wmA")
    assert await corp.desk.waits("wmA")
