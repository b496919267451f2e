"""Calls to WeChat's customer-service API, against an HTTP server."""

import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from addons.channels.wechat_api import WeChatApi
from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_menu import Menu
from addons.channels.wechat_outcome import ApiError, Later, Never, Outcome, Reason, Sent
from addons.channels.wechat_reply import NewsReply, TextReply
from addons.channels.wechat_token import AccessTokens, stable_token
from addons.stores.sqlite_store import SqliteStore
from tests.unit.addons.channels.wechat_server import (
    APPID,
    SECRET,
    SEND,
    TOKEN,
    TYPING,
    Handler,
    WeChat,
    code,
    elsewhere,
    hang_up,
    raw,
    silence,
    source,
)

pytestmark = pytest.mark.asyncio
HELLO = TextReply("您好")


@pytest_asyncio.fixture
async def api(http: WeChatHttp) -> AsyncIterator[WeChatApi]:
    store = SqliteStore()
    yield WeChatApi(http, AccessTokens(store, APPID, source(http)))
    await store.close()


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (HELLO, {"msgtype": "text", "text": {"content": "您好"}}),
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


async def test_half_a_surrogate_pair_in_an_address(wechat: WeChat, api: WeChatApi) -> None:
    assert await api.send("o1", NewsReply("公告", "", "https://b/\ud800", "https://b")) == Sent()
    assert wechat.bodies()[0]["news"]["articles"][0]["picurl"] == "https://b/"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (40003, Never(Reason.BAD_OPENID)),
        (40164, Later(Reason.IP_NOT_LISTED)),
        (45002, Later(Reason.TOO_LONG)),
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
        raw(b'{"errcode": 0, "x": "' + b"a" * 3_000_000 + b'"}'),
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


async def test_connecting_takes_too_long(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as deaf, contextlib.ExitStack() as callers:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(4):  # fill the queue of those who wait to be let in
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        timeout = aiohttp.ClientTimeout(total=5, sock_connect=0.2)
        http = WeChatHttp(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout, pauses=())
        with pytest.raises(ApiError) as late:
            await http.call(SEND, {}, {"access_token": "TOKEN-0"})
        await http.close()
    assert late.value.reason is Reason.UNREACHABLE
    assert "ServerTimeoutError" in caplog.text
    assert "TOKEN-0" not in caplog.text + whole(late.value)


async def test_log_helps_the_operator(wechat: WeChat, api: WeChatApi, caplog: pytest.LogCaptureFixture) -> None:
    wechat.faults[TOKEN] = [code(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 65f-a")]
    await api.send("o1", HELLO)
    assert "40164 invalid ip 203.0.113.7; rid: 65f-a" in caplog.text
