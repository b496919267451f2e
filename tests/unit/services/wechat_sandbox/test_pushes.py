"""What the stand-in sends to the callback, and what the phone makes of the answer."""

import asyncio
import base64
import hashlib
import json
import time
from typing import Any
from xml.etree import ElementTree

import pytest
from aiohttp import web
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from tests.unit.services.wechat_sandbox.harness import (
    AES_KEY,
    OTHER_KEY,
    PUSH_TOKEN,
    AccountUser,
    Receiver,
    StandIn,
    replying,
    success,
)

FAILURE = ("error", "text", "该公众号提供的服务出现故障，请稍后再试")


def xml(body: bytes) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(body)}


def opened(receiver: Receiver, app_id: str = "wx0001", key: str = AES_KEY) -> dict[str, str]:
    """The last push, read by wechatpy."""
    query, crypto = receiver.queries[-1], WeChatCrypto(PUSH_TOKEN, key, app_id)
    plain = crypto.decrypt_message(
        receiver.bodies[-1].decode(), query["msg_signature"], query["timestamp"], query["nonce"]
    )
    return xml(plain.encode() if isinstance(plain, str) else plain)


def reply(account: AccountUser, **changes: Any) -> str:
    fields = {
        "ToUserName": account.openid,
        "FromUserName": "gh_zhanggui0001",
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": "余额 ¥1.00",
    }
    fields |= changes
    return (
        "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value is not None) + "</xml>"
    )


def sealed(text: str, key: str = AES_KEY, app_id: str = "wx0001", token: str = PUSH_TOKEN) -> bytes:
    return bytes(WeChatCrypto(token, key, app_id).encrypt_message(text, "nonce", "1700000000").encode())


async def test_a_safe_push_is_sealed_signed_and_answered_on_the_phone(account: AccountUser, receiver: Receiver) -> None:
    receiver.answer = replying(lambda body: sealed(reply(account)))
    done = await account.act("say", text="余额]]>&<")
    fields, query = opened(receiver), receiver.queries[-1]
    assert (fields["Content"], fields["FromUserName"], fields["MsgId"]) == ("余额]]>&<", account.openid, done["key"])
    check_signature(PUSH_TOKEN, query["signature"], query["timestamp"], query["nonce"])
    assert (query["encrypt_type"], query["openid"]) == ("aes", account.openid)
    assert set(xml(receiver.bodies[-1])) == {"ToUserName", "Encrypt"}
    assert await account.shown() == [("passive", "text", "余额 ¥1.00")]
    assert [one["outcome"] for one in done["delivery"]["attempts"]] == ["passive"]


async def test_plain_and_compatible_pushes(account: AccountUser, receiver: Receiver) -> None:
    await account.control("PATCH", "", {"mode": "plain"})
    await account.act("say", text="一")
    assert xml(receiver.bodies[-1])["Content"] == "一"
    assert "encrypt_type" not in receiver.queries[-1]
    await account.control("PATCH", "", {"mode": "compatible"})
    await account.act("say", text="二")
    assert xml(receiver.bodies[-1])["Content"] == opened(receiver)["Content"] == "二"
    for answer in (sealed(reply(account)), reply(account).encode()):
        receiver.answer = replying(lambda body, answer=answer: answer)
        await account.act("say", text="三")
    assert [how for how, _, _ in await account.shown()] == ["passive", "passive"]


async def test_json_accounts_are_pushed_json_and_answer_it(stand_in: StandIn, receiver: Receiver) -> None:
    account = await stand_in.account(receiver, body="json")
    fields = {"ToUserName": account.openid, "FromUserName": "gh_zhanggui0001", "CreateTime": 1, "MsgType": "text"}
    crypto = WeChatCrypto(PUSH_TOKEN, AES_KEY, "wx0001")

    def answer(body: bytes) -> bytes:
        outer = xml(crypto.encrypt_message(json.dumps(fields | {"Content": "好"}), "n", "1").encode())
        return json.dumps(outer).encode()

    receiver.answer = replying(answer)
    await account.act("say", text="您好")
    outer, query = json.loads(receiver.bodies[-1]), receiver.queries[-1]
    parts = sorted([PUSH_TOKEN, query["timestamp"], query["nonce"], outer["Encrypt"]])
    assert hashlib.sha1("".join(parts).encode()).hexdigest() == query["msg_signature"]
    inner = json.loads(PrpCrypto(base64.b64decode(AES_KEY + "=")).decrypt(outer["Encrypt"], "wx0001"))
    assert (inner["Content"], type(inner["MsgId"])) == ("您好", int)
    receiver.answer = replying(lambda body: sealed(reply(account)))
    await account.act("say", text="XML 到 JSON 账号")
    assert await account.shown() == [("passive", "text", "好"), FAILURE]


async def test_the_previous_key_and_an_answer_under_the_same_key_only(account: AccountUser, receiver: Receiver) -> None:
    await account.control("PATCH", "", {"push_key": 1})
    receiver.answer = replying(lambda body: sealed(reply(account), OTHER_KEY))
    await account.act("say", text="旧密钥")
    assert opened(receiver, key=OTHER_KEY)["Content"] == "旧密钥"
    receiver.answer = replying(lambda body: sealed(reply(account), AES_KEY))
    await account.act("say", text="旧密钥")
    assert await account.shown() == [("passive", "text", "余额 ¥1.00"), FAILURE]


NEWS = "<item><Title>公告</Title><Description>x</Description><PicUrl></PicUrl><Url>https://a.example/</Url></item>"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ToUserName": "gh_zhanggui0001"}, "ToUserName"),
        ({"FromUserName": "somebody"}, "FromUserName"),
        ({"CreateTime": "soon"}, "CreateTime"),
        ({"MsgType": "Text"}, "MsgType"),
        ({"MsgType": "msgmenu"}, "MsgType"),
        ({"Content": None}, "Content"),
        ({"Content": " "}, "Content"),
        ({"Content": "字" * 683}, "2049 bytes"),
        ({"MsgType": "image"}, "Image"),
        ({"MsgType": "image", "Image": "<MediaId>unknown</MediaId>"}, "uploaded image"),
        ({"MsgType": "news", "ArticleCount": "2", "Articles": NEWS + NEWS}, "ArticleCount"),
        ({"MsgType": "news", "ArticleCount": "1", "Articles": NEWS.replace("https", "ftp")}, "Url"),
    ],
)
async def test_replies_no_phone_would_show(
    account: AccountUser, receiver: Receiver, changes: dict[str, Any], problem: str
) -> None:
    receiver.answer = replying(lambda body: sealed(reply(account, **changes)))
    done = await account.act("say", text="您好")
    attempts = done["delivery"]["attempts"]
    assert len(attempts) == 1, "a bad answer is not asked for again"
    assert attempts[0]["outcome"] == "bad"
    assert problem in attempts[0]["problem"]
    assert await account.shown() == [FAILURE]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda a: reply(a).encode(), "plain reply"),
        (lambda a: sealed(reply(a), app_id="wxother"), "not the account's"),
        (lambda a: sealed(reply(a), token="othertoken"), "MsgSignature"),
        (lambda a: sealed(reply(a)).replace(b"<TimeStamp>17", b"<TimeStamp>18"), "MsgSignature"),
        (lambda a: sealed("<xml><Content>a ]]> b</xml>"), "well-formed"),
        (lambda a: b"\xff\xfe", "UTF-8"),
        (lambda a: b"OK", "XML"),
        (lambda a: b"<xml><Encrypt>AAAA</Encrypt></xml>", "needs"),
    ],
)
async def test_answers_that_cannot_be_opened(
    account: AccountUser, receiver: Receiver, answer: Any, problem: str
) -> None:
    receiver.answer = replying(lambda body: answer(account))
    done = await account.act("say", text="您好")
    assert problem in done["delivery"]["attempts"][0]["problem"]
    assert await account.shown() == [FAILURE]


async def test_news_and_the_longest_text(account: AccountUser, receiver: Receiver) -> None:
    for changes in ({"Content": "字" * 682}, {"MsgType": "news", "ArticleCount": "1", "Articles": NEWS}):
        receiver.answer = replying(lambda body, changes=changes: sealed(reply(account, **changes)))
        await account.act("say", text="您好")
    shown = (await account.phone())["shown"]
    assert len(shown[1]["text"]) == 682
    assert (shown[3]["kind"], shown[3]["data"]["url"]) == ("news", "https://a.example/")


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_success_and_silence_show_nothing(account: AccountUser, receiver: Receiver, body: bytes) -> None:
    receiver.answer = replying(lambda _: body)
    await account.act("say", text="您好")
    assert await account.shown() == []


async def test_a_status_other_than_200_is_a_failure(account: AccountUser, receiver: Receiver) -> None:
    async def broken(request: web.Request, body: bytes) -> web.Response:
        return web.Response(status=500, text="success")

    receiver.answer = broken
    await account.act("say", text="您好")
    assert await account.shown() == [FAILURE]


async def test_the_limit_closes_the_connection_and_the_same_message_comes_again_three_times(stand_in: StandIn) -> None:
    """Five seconds of real time for the first; the other attempts are made short to save time."""
    closed, bodies, listening = [], [], asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        started = time.monotonic()
        bodies.append(await read_request(reader))
        await reader.read()  # returns when Tencent hangs up
        closed.append(time.monotonic() - started)
        if len(closed) == 1:
            await account.control("PATCH", "", {"timeout_seconds": 0.2})
        listening.set()
        writer.close()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    account = await stand_in.account(Receiver(url, success), mode="plain", timeout_seconds=5.0)
    done = await account.act("say", text="慢")
    server.close()
    assert 4.5 < closed[0] < 8
    assert [one["outcome"] for one in done["delivery"]["attempts"]] == ["timeout"] * 4
    assert {xml(body)["MsgId"] for body in bodies} == {done["key"]}
    assert await account.shown() == [FAILURE]


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(line for line in head.splitlines() if line.startswith("content-length:"))
    return await reader.readexactly(int(length.split(":")[1]))


async def test_an_answer_to_a_retry_is_shown_once(account: AccountUser, receiver: Receiver) -> None:
    await account.control("PATCH", "", {"timeout_seconds": 0.3})

    async def late_then_prompt(request: web.Request, body: bytes) -> web.Response:
        if len(receiver.bodies) < 3:
            await asyncio.sleep(2)
        return web.Response(body=sealed(reply(account)))

    receiver.answer = late_then_prompt
    done = await account.act("say", text="您好")
    assert [one["outcome"] for one in done["delivery"]["attempts"]] == ["timeout", "timeout", "passive"]
    assert len({query["signature"] + query["nonce"] for query in receiver.queries}) == 3
    assert await account.shown() == [("passive", "text", "余额 ¥1.00")]


async def test_nobody_listening(account: AccountUser) -> None:
    await account.control("PATCH", "", {"callback_url": "http://127.0.0.1:9/"})
    done = await account.act("say", text="您好")
    assert [one["outcome"] for one in done["delivery"]["attempts"]] == ["unreachable"] * 4
    assert await account.shown() == [FAILURE]


async def test_the_callback_is_verified(account: AccountUser, receiver: Receiver) -> None:
    async def echo(request: web.Request, body: bytes) -> web.Response:
        check_signature(PUSH_TOKEN, *(request.query[name] for name in ("signature", "timestamp", "nonce")))
        return web.Response(text=request.query["echostr"])

    assert (await account.control("POST", "/verify"))["problem"] == "the answer is not echostr"
    receiver.answer = echo
    assert await account.control("POST", "/verify") == {"ok": True, "problem": None}


async def test_a_held_push_can_be_tampered_with(account: AccountUser, receiver: Receiver) -> None:
    held = await account.act("say", text="您好", hold=True, wait=False)
    assert receiver.bodies == []
    async with account.stand_in.http.post(held["request"]["url"], data=held["request"]["body"].encode()) as response:
        assert response.status == 200
    query = receiver.queries[-1]
    assert opened(receiver)["MsgId"] == held["key"]
    with pytest.raises(InvalidSignatureException):
        WeChatCrypto(PUSH_TOKEN, AES_KEY, "wx0001").decrypt_message(
            receiver.bodies[-1].decode(), query["signature"], query["timestamp"], query["nonce"]
        )


async def test_the_same_push_again_at_once_and_after(account: AccountUser, receiver: Receiver) -> None:
    done = await account.act("say", text="您好")
    number = done["delivery"]["id"]
    again = await account.control("POST", f"/deliveries/{number}/repeat", {"times": 3, "together": True})
    assert {one["key"] for one in again["deliveries"]} == {done["key"]}
    assert len(receiver.bodies) == 4
    assert base64.b64decode(xml(receiver.bodies[0])["Encrypt"])
