"""The shared access token, over both stores, against an HTTP server that gives and refuses tokens."""

import asyncio

import pytest
from aiohttp import web

from addons.channels import wechat_token
from addons.channels.wechat_api import WeChatApi
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_outcome import Later, Reason, Sent
from addons.channels.wechat_reply import TextReply
from addons.channels.wechat_token import AccessTokens
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store, StoreUnavailable
from tests.stores import OpenStore
from tests.unit.addons.channels.wechat_server import (
    APPID,
    SEND,
    TOKEN,
    Clock,
    Handler,
    WeChat,
    code,
    raw,
    source,
)

pytestmark = pytest.mark.asyncio
HELLO = TextReply("您好")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(http: WeChatHttp, store: Store, clock: Clock) -> WeChatApi:
    return WeChatApi(http, AccessTokens(store, APPID, source(http), clock))


async def test_one_token_for_many_cold_starts(wechat: WeChat, http: WeChatHttp, open_another: OpenStore) -> None:
    processes = [WeChatApi(http, AccessTokens(open_another(), APPID, source(http))) for _ in range(8)]
    sent = await asyncio.gather(*(api.send(f"o{number}", HELLO) for number in range(3) for api in processes))
    assert sent == [Sent()] * 24
    assert wechat.count(TOKEN) == 1


async def test_token_is_renewed_before_it_lapses(wechat: WeChat, api: WeChatApi, clock: Clock) -> None:
    await api.send("o1", HELLO)
    clock.now += 6800
    await api.send("o1", HELLO)
    assert wechat.count(TOKEN) == 1
    clock.now += 200
    await asyncio.gather(*(api.send("o1", HELLO) for _ in range(5)))
    assert wechat.count(TOKEN) == 2


async def test_token_that_cannot_be_renewed_early_is_used_on(wechat: WeChat, api: WeChatApi, clock: Clock) -> None:
    await api.send("o1", HELLO)
    wechat.always[TOKEN] = code(45009)
    clock.now += 7000
    assert await api.send("o1", HELLO) == Sent()
    clock.now += 300
    assert await api.send("o1", HELLO) == Later(Reason.DAILY_LIMIT)


async def test_old_token_given_again_is_not_asked_for_every_time(wechat: WeChat, api: WeChatApi) -> None:
    wechat.expires_in = 290
    for _ in range(5):
        await api.send("o1", HELLO)
    assert wechat.count(TOKEN) == 1


@pytest.mark.parametrize("number", [40001, 40014, 42001])
async def test_lapsed_token_is_renewed_once(wechat: WeChat, api: WeChatApi, number: int) -> None:
    await api.send("o1", HELLO)
    wechat.new_token()
    wechat.faults[SEND] = [code(number)]
    assert await api.send("o1", HELLO) == Sent()
    assert (wechat.count(TOKEN), wechat.count(SEND)) == (2, 3)
    assert wechat.bodies(TOKEN)[-1]["force_refresh"] is False


async def test_many_with_a_lapsed_token_renew_it_once(
    wechat: WeChat, http: WeChatHttp, open_another: OpenStore
) -> None:
    processes = [WeChatApi(http, AccessTokens(open_another(), APPID, source(http))) for _ in range(4)]
    await processes[0].send("o0", HELLO)
    wechat.new_token()
    assert await asyncio.gather(*(api.send("o1", HELLO) for api in processes * 3)) == [Sent()] * 12
    assert wechat.count(TOKEN) == 2


async def test_new_token_is_forced_when_the_refused_one_comes_back(wechat: WeChat, api: WeChatApi) -> None:
    wechat.faults[SEND] = [code(40001)]
    assert await api.send("o1", HELLO) == Sent()
    assert [asked["force_refresh"] for asked in wechat.bodies(TOKEN)] == [False, False, True]


async def test_token_refused_for_ever_is_no_loop(wechat: WeChat, api: WeChatApi) -> None:
    wechat.always[SEND] = code(40001)
    assert await api.send("o1", HELLO) == Later(Reason.TOKEN)
    assert wechat.count(SEND) == 2
    wechat.stuck = True
    for _ in range(5):
        assert await api.send("o1", HELLO) == Later(Reason.TOKEN)
    forced = [asked for asked in wechat.bodies(TOKEN) if asked["force_refresh"]]
    assert len(forced) == 1
    assert wechat.count(SEND) <= 12


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (code(40125), Reason.CREDENTIALS),
        (code(40013), Reason.CREDENTIALS),
        (code(40164), Reason.IP_NOT_LISTED),
        (raw(b"{}"), Reason.UNREACHABLE),
        (raw(b'{"access_token": "", "expires_in": 7200}'), Reason.UNREACHABLE),
        (raw(b'{"access_token": "a b", "expires_in": 7200}'), Reason.UNREACHABLE),
        (raw(b'{"access_token": "a", "expires_in": "7200"}'), Reason.UNREACHABLE),
        (raw(b'{"access_token": "a", "expires_in": 0}'), Reason.UNREACHABLE),
        (raw(b"<html>"), Reason.UNREACHABLE),
    ],
)
async def test_no_token(wechat: WeChat, api: WeChatApi, fault: Handler, reason: Reason) -> None:
    wechat.always[TOKEN] = fault
    assert await asyncio.gather(*(api.send("o1", HELLO) for _ in range(10))) == [Later(reason)] * 10
    assert wechat.count(TOKEN) == 1, "those who waited share the failure"
    assert wechat.count(SEND) == 0


class Broken(SqliteStore):
    async def get(self, key: str) -> str | None:
        raise StoreUnavailable("refused")


async def test_store_is_away(http: WeChatHttp) -> None:
    store = Broken()
    api = WeChatApi(http, AccessTokens(store, APPID, source(http)))
    assert await api.send("o1", HELLO) == Later(Reason.STORE)
    await store.close()


async def test_nobody_waits_while_a_good_token_is_renewed(wechat: WeChat, api: WeChatApi, clock: Clock) -> None:
    await api.send("o1", HELLO)
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await answered.wait()
        return web.json_response({"access_token": wechat.served, "expires_in": 7200})

    wechat.always[TOKEN] = slow
    clock.now += 7000
    renewing = asyncio.create_task(api.send("o2", HELLO))
    await asked.wait()
    assert await api.send("o3", HELLO) == Sent()
    assert not renewing.done()
    answered.set()
    assert await renewing == Sent()


async def test_forced_tokens_are_counted(wechat: WeChat, api: WeChatApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_token, "FORCED_APART", 0.001)
    monkeypatch.setattr(wechat_token, "FORCED_A_DAY", 2)
    wechat.always[SEND] = code(40001)
    for _ in range(5):
        assert await api.send("o1", HELLO) == Later(Reason.TOKEN)
        await asyncio.sleep(0.01)
    assert sum(asked["force_refresh"] for asked in wechat.bodies(TOKEN)) == 2
