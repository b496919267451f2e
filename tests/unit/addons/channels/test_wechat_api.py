"""Calls to WeChat and its access token, against an HTTP server that plays WeChat's part."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from addons.channels.wechat_api import LARGEST_IMAGE, Pushed, WeChatApi
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_menu import Menu
from addons.channels.wechat_outcome import ApiError, Later, Never, Outcome, Reason, Sent
from addons.channels.wechat_reply import ImageReply, NewsReply, TextReply
from addons.channels.wechat_token import AccessTokens, stable_token
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store, StoreUnavailable

pytestmark = pytest.mark.asyncio
APPID, SECRET = "wx1234567890abcdef", "s3cr3t-0123456789abcdef"
SEND, TYPING, TOKEN = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing", "/cgi-bin/stable_token"
HELLO = TextReply("您好")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class WeChat:
    """Gives tokens and honours `good` ones; answers a path by `faults` first (one each), then with errcode 0."""

    def __init__(self) -> None:
        self.faults: dict[str, list[Handler]] = {}
        self.always: dict[str, Handler] = {}
        self.calls: list[tuple[str, bytes]] = []
        self.served, self.good, self.expires_in = "TOKEN-0", {"TOKEN-0"}, 7200
        self.stuck = False  # gives the served token whatever is asked
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self.server = TestServer(app)

    def bodies(self, path: str = SEND) -> list[Any]:
        return [json.loads(raw) for called, raw in self.calls if called == path]

    def count(self, path: str) -> int:
        return sum(called == path for called, _ in self.calls)

    def new_token(self) -> None:
        self.served = f"TOKEN-{int(self.served.rpartition('-')[2]) + 1}"
        self.good = {self.served}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.path, await request.read()))
        if self.faults.get(request.path):
            return await self.faults[request.path].pop(0)(request)
        if request.path in self.always:
            return await self.always[request.path](request)
        if request.path == TOKEN:
            return self._token(await request.json())
        if request.query["access_token"] not in self.good:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential rid: 65f-1"})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _token(self, asked: dict[str, Any]) -> web.Response:
        assert asked["grant_type"] == "client_credential"
        assert (asked["appid"], asked["secret"]) == (APPID, SECRET)
        if not self.stuck and (asked["force_refresh"] or self.served not in self.good):
            self.new_token()
        return web.json_response({"access_token": self.served, "expires_in": self.expires_in})


def code(number: int, message: str = "rid: 65f-2") -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": number, "errmsg": message})

    return handler


def raw(body: bytes, status: int = 200) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type="text/html")

    return handler


async def silence(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(2)
    return web.json_response({"errcode": 0})


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(str(request.url.with_path("/elsewhere")))


@pytest_asyncio.fixture
async def wechat() -> AsyncIterator[WeChat]:
    wechat = WeChat()
    await wechat.server.start_server()
    yield wechat
    await wechat.server.close()


@pytest_asyncio.fixture
async def store() -> AsyncIterator[Store]:
    store = SqliteStore()
    yield store
    await store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def http(wechat: WeChat) -> AsyncIterator[WeChatHttp]:
    timeout = aiohttp.ClientTimeout(total=1, sock_connect=1)
    http = WeChatHttp(str(wechat.server.make_url("/")), timeout, pauses=(0.01, 0.01))
    yield http
    await http.close()


@pytest.fixture
def api(http: WeChatHttp, store: Store, clock: Clock) -> WeChatApi:
    return WeChatApi(http, AccessTokens(store, APPID, stable_token(http, APPID, SECRET), clock))


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (HELLO, {"msgtype": "text", "text": {"content": "您好"}}),
        (ImageReply("m1"), {"msgtype": "image", "image": {"media_id": "m1"}}),
        (
            NewsReply("公告", "详情", "https://b/a.png", "https://b/?a=1&b=2"),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {
                            "title": "公告",
                            "description": "详情",
                            "url": "https://b/?a=1&b=2",
                            "picurl": "https://b/a.png",
                        }
                    ]
                },
            },
        ),
        (
            Menu("确认？", (("i1", "是"), ("i2", "否"))),
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "确认？",
                    "list": [{"id": "i1", "content": "是"}, {"id": "i2", "content": "否"}],
                    "tail_content": "",
                },
            },
        ),
    ],
)
async def test_messages(wechat: WeChat, api: WeChatApi, message: Pushed, body: dict[str, Any]) -> None:
    assert await api.send("o1", message) == Sent()
    assert wechat.bodies() == [{"touser": "o1", **body}]


async def test_chinese_goes_out_as_it_is(wechat: WeChat, api: WeChatApi) -> None:
    await api.send("o1", TextReply("您好\ud800😀\0"))
    sent = wechat.calls[-1][1]
    assert '"content": "您好😀"'.encode() in sent


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (40003, Never(Reason.BAD_OPENID)),
        (40164, Later(Reason.IP_NOT_LISTED)),
        (45002, Never(Reason.TOO_LONG)),
        (45009, Later(Reason.DAILY_LIMIT)),
        (45011, Later(Reason.TOO_FAST)),
        (45015, Later(Reason.WINDOW_CLOSED)),
        (45047, Later(Reason.QUOTA_SPENT)),
        (48001, Later(Reason.NO_PERMISSION)),
        (48002, Later(Reason.CUSTOMER_REFUSES)),
        (99999, Later(Reason.UNKNOWN)),
    ],
)
async def test_codes(wechat: WeChat, api: WeChatApi, number: int, expected: Outcome) -> None:
    wechat.faults[SEND] = [code(number)]
    assert await api.send("o1", HELLO) == expected
    assert wechat.count(SEND) == 1


@pytest.mark.parametrize("fault", [code(-1), raw(b"<html>502</html>", 502), raw(b"", 503)])
async def test_busy_is_tried_again(wechat: WeChat, api: WeChatApi, fault: Handler) -> None:
    wechat.faults[SEND] = [fault, fault]
    assert await api.send("o1", HELLO) == Sent()
    assert wechat.count(SEND) == 3


async def test_busy_for_long(wechat: WeChat, api: WeChatApi) -> None:
    wechat.always[SEND] = code(-1)
    assert await api.send("o1", HELLO) == Later(Reason.BUSY)
    assert wechat.count(SEND) == 3


@pytest.mark.parametrize(
    "fault",
    [
        raw(b"<html>ok</html>"),
        raw(b"[]"),
        raw(b'{"errcode": "0"}'),
        raw(b'{"errcode": true}'),
        raw(b'{"errcode": 0}', 500),
        raw(b'{"errcode": 0, "x": "' + b"a" * 100_000 + b'"}'),
        raw(b"[" * 50_000),
        raw(b"\xff"),
        silence,
        hang_up,
        elsewhere,
    ],
    ids=["html", "list", "text", "bool", "500", "large", "deep", "bytes", "silence", "hang_up", "redirect"],
)
async def test_unconfirmed_is_not_sent_twice(wechat: WeChat, api: WeChatApi, fault: Handler) -> None:
    wechat.faults[SEND] = [fault]
    assert await api.send("o1", HELLO) == Later(Reason.UNCONFIRMED)
    assert wechat.count(SEND) == 1
    assert wechat.count("/elsewhere") == 0


async def test_nobody_listens(wechat: WeChat, api: WeChatApi) -> None:
    await api.send("o1", HELLO)
    await wechat.server.close()
    assert await api.send("o1", HELLO) == Later(Reason.UNREACHABLE)


async def test_typing_is_shown_or_not(wechat: WeChat, api: WeChatApi) -> None:
    await api.typing("o1")
    assert wechat.bodies(TYPING) == [{"touser": "o1", "command": "Typing"}]
    wechat.faults[TYPING] = [code(45081)]
    await api.typing("o1")


async def test_notice(wechat: WeChat, api: WeChatApi) -> None:
    path = "/cgi-bin/message/template/send"
    assert await api.notify("o1", "t1", {"first": "您好\0", "state": "完成"}, "https://b") == Sent()
    values = {"first": {"value": "您好"}, "state": {"value": "完成"}}
    assert wechat.bodies(path) == [{"touser": "o1", "template_id": "t1", "data": values, "url": "https://b"}]
    wechat.faults[path] = [code(48001)]
    assert await api.notify("o1", "t1", {}) == Later(Reason.NO_PERMISSION)


async def test_desk_of_wechat(wechat: WeChat, api: WeChatApi) -> None:
    listing = {"kf_online_list": [{"kf_account": "a@b", "status": 1}, {"kf_id": 2}, 3]}
    wechat.faults["/cgi-bin/customservice/getonlinekflist"] = [raw(json.dumps(listing).encode())]
    assert await api.agents_online() == ["a@b"]
    assert await api.agents_online() == []
    assert await api.transfer("o1", "a@b") == Sent()
    assert wechat.bodies("/customservice/kfsession/create") == [{"openid": "o1", "kf_account": "a@b"}]


async def test_picture(wechat: WeChat, api: WeChatApi) -> None:
    path = "/cgi-bin/media/upload"
    wechat.faults[path] = [code(42001), raw(b'{"type": "image", "media_id": "m1"}'), raw(b"{}")]
    assert await api.upload_image(b"\x89PNG...", "image/png") == "m1"
    assert b"\x89PNG..." in wechat.calls[-1][1] and b'filename="media.png"' in wechat.calls[-1][1]
    with pytest.raises(ApiError):
        await api.upload_image(b"\x89PNG...", "image/png")
    for picture, kind in ((b"GIF8", "image/gif"), (b"", "image/png"), (b"x" * (LARGEST_IMAGE + 1), "image/png")):
        with pytest.raises(ValueError, match="a picture is"):
            await api.upload_image(picture, kind)


async def test_one_token_for_many_cold_starts(wechat: WeChat, http: WeChatHttp, store: Store) -> None:
    processes = [WeChatApi(http, AccessTokens(store, APPID, stable_token(http, APPID, SECRET))) for _ in range(8)]
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


async def test_many_with_a_lapsed_token_renew_it_once(wechat: WeChat, api: WeChatApi) -> None:
    await api.send("o0", HELLO)
    wechat.new_token()
    assert await asyncio.gather(*(api.send(f"o{number}", HELLO) for number in range(10))) == [Sent()] * 10
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
        (raw(b"{}"), Reason.UNCONFIRMED),
        (raw(b'{"access_token": "", "expires_in": 7200}'), Reason.UNCONFIRMED),
        (raw(b'{"access_token": "a b", "expires_in": 7200}'), Reason.UNCONFIRMED),
        (raw(b'{"access_token": "a", "expires_in": "7200"}'), Reason.UNCONFIRMED),
        (raw(b'{"access_token": "a", "expires_in": 0}'), Reason.UNCONFIRMED),
        (raw(b"<html>"), Reason.UNCONFIRMED),
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
    api = WeChatApi(http, AccessTokens(store, APPID, stable_token(http, APPID, SECRET)))
    assert await api.send("o1", HELLO) == Later(Reason.STORE)
    await store.close()


def whole(error: BaseException | None) -> str:
    """An exception with its causes and contexts."""
    return "" if error is None else f"{error!r} {whole(error.__cause__)} {whole(error.__context__)}"


@pytest.mark.parametrize("fault", [code(48001), raw(b"x" * 100_000), silence, hang_up, raw(b"<html>", 502), elsewhere])
async def test_no_secret_gets_out(
    wechat: WeChat, http: WeChatHttp, api: WeChatApi, caplog: pytest.LogCaptureFixture, fault: Handler
) -> None:
    caplog.set_level(logging.DEBUG, logger="addons")
    wechat.always[SEND] = wechat.always[TYPING] = fault
    await api.send("o1", HELLO)
    await api.typing("o1")
    with pytest.raises(ApiError) as refused:
        await http.call(SEND, {}, {"access_token": "TOKEN-0"})
    wechat.always[TOKEN] = code(40125, f"invalid appsecret {SECRET}")
    with pytest.raises(ApiError) as no_token:
        await stable_token(http, APPID, SECRET)(False)
    said = caplog.text + whole(refused.value) + whole(no_token.value)
    assert "40125" in said
    assert "TOKEN-0" not in said and SECRET not in said and "access_token" not in said


async def test_log_helps_the_operator(wechat: WeChat, api: WeChatApi, caplog: pytest.LogCaptureFixture) -> None:
    wechat.faults[TOKEN] = [code(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 65f-a")]
    await api.send("o1", HELLO)
    assert "40164 invalid ip 203.0.113.7; rid: 65f-a" in caplog.text
