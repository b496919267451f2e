"""Is it Tencent? Acceptance tests 1-4, 14 and 21 of channels.md §7."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from contextlib import suppress
from xml.etree import ElementTree

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from addons.channels.turns import REMEMBERED_SECONDS
from addons.channels.wechat_receive import FRESH_SECONDS
from addons.channels.wechat_routes import DECIDED_SECONDS
from services.wechat_sandbox.crypto import Sealer, signature
from tests.wechat.site import ORIGINAL_ID, Site
from tools.console import ROOT
from tools.wechat_client import Phone, text_of


def pushed(openid: str, text: str, message_id: str = "6054768590064713728") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>1714112445</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{message_id}</MsgId></xml>"
    )


def get(site: Site, query: list[tuple[str, str]]) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.get(site.webhook, params=query, timeout=20)


def blocks(raw: bytes, key: str) -> str:
    """Whole blocks encrypted as they are, with whatever padding they hold."""
    raw_key = base64.b64decode(key + "=")
    encryptor = Cipher(algorithms.AES(raw_key), modes.CBC(raw_key[:16])).encryptor()
    return base64.b64encode(encryptor.update(raw) + encryptor.finalize()).decode()


def outer(sealed: str) -> str:
    return f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"


def test_01_what_others_encrypt_is_opened_and_what_is_wrong_is_not(site: Site) -> None:
    key, app_id = site.stack.environment["WECHAT_AES_KEY"], site.account.app_id
    openid = site.phone().openid
    for number, salt in enumerate((b"0" * 16, bytes(range(16)), b"\xff" * 16)):
        text = f"余额{number}😀"
        sealed = Sealer(key, app_id).seal(pushed(openid, text, f"m01{number}").encode(), salt)
        answer = site.post(site.signed(outer(sealed), sealed))
        assert answer.status_code == 200 and site.user_events(text) == 1
        said = site.sealer().open(str(ElementTree.fromstring(answer.text).findtext("Encrypt"))).decode()
        assert openid in said and "登录" in said
    good = Sealer(key, app_id).seal(pushed(openid, "坏的", "m01x").encode())
    raw = b"0" * 16 + (5).to_bytes(4, "big") + b"hello" + app_id.encode()
    wrong = {
        "another account": Sealer(key, "wx0000000000000000").seal(pushed(openid, "坏的").encode()),
        "another key": Sealer("b" * 43, app_id).seal(pushed(openid, "坏的").encode()),
        "cut off": good[: len(good) // 2 // 4 * 4],
        "no padding": blocks((raw + bytes(32))[:32] + b"\x00" * 32, key),
        "padding too long": blocks((raw + bytes(64))[:31] + b"\x21" + bytes(31) + b"\x21", key),
        "length beyond the end": blocks(b"0" * 16 + b"\xff" * 4 + b"x" * 11 + b"\x01", key),
        "empty": "",
        "not base64": "!!!!",
        "one block changed": good[:40] + ("A" if good[40] != "A" else "B") + good[41:],
    }
    for what, sealed in wrong.items():
        assert site.post(site.signed(outer(sealed), sealed or "x")).status_code in (400, 403), what
    assert site.actions.of("坏的") == [] and site.user_events("坏的") == 0


def test_02_url_verification(site: Site) -> None:
    assert site.account.call("POST", "/verify") == {"ok": True, "problem": None}
    stamp, nonce, echo = "1714036504", "1514711492", "4375120948345356249"
    good = [("signature", signature(site.token, stamp, nonce)), ("timestamp", stamp), ("nonce", nonce)]
    answer = get(site, [*good, ("echostr", echo)])
    assert (answer.status_code, answer.text) == (200, echo)
    assert answer.headers["Content-Type"].startswith("text/plain")
    refused = [
        [("signature", "0" * 40), *good[1:], ("echostr", echo)],
        [("signature", good[0][1].upper()), *good[1:], ("echostr", echo)],
        *([part for part in (*good, ("echostr", echo)) if part[0] != name] for name, _ in (*good, ("echostr", ""))),
        *([*good, ("echostr", echo), part] for part in (*good, ("echostr", echo))),
        [*good, ("echostr", "回声")],
        [*good, ("echostr", "<script>alert(1)</script> x")],
    ]
    for query in refused:
        answer = get(site, query)
        assert answer.status_code == 403 and answer.text == "", query


def test_03_a_push_without_a_good_signature_reaches_nothing(site: Site, phone: Phone) -> None:
    push = site.held(phone, "余额 伪造")
    good = push["url"]
    parameters = dict(part.split("=") for part in good.partition("?")[2].split("&"))
    wrong = [
        good.partition("?")[0],
        good.replace(parameters["signature"], "0" * 40),
        good.replace("&timestamp=", "&timestamp=1"),
        good.replace(parameters["msg_signature"], "0" * 40),
        good.replace("msg_signature", "msg_signatura"),
        good.replace(parameters["msg_signature"], parameters["signature"]),
        good.replace(f"nonce={parameters['nonce']}", f"nonce={parameters['nonce']}0"),
        good + f"&signature={parameters['signature']}",
    ]
    for url in wrong:
        answer = site.post({**push, "url": url})
        assert answer.status_code == 403 and answer.text == "", url
    plain = site.signed(pushed(phone.openid, "余额 伪造"))
    assert site.post(plain).status_code == 403, "the account is in safe mode"
    assert site.user_events("余额 伪造") == 0 and site.actions.of("余额 伪造") == []
    assert site.post(push).status_code == 200 and site.user_events("余额 伪造") == 1


def test_a_recorded_push_does_nothing_later(site: Site, phone: Phone) -> None:
    memory = min(DECIDED_SECONDS, REMEMBERED_SECONDS)
    for number, age in enumerate((memory, memory + 3600, -memory)):
        text = f"余额 录{number}"
        answer = site.post(site.sealed(pushed(phone.openid, text, f"old{number}"), age))
        assert answer.status_code == 200 and "没有办理" in opened(site, answer.text), age
        assert site.user_events(text) == 0 and site.actions.of(text) == []
    assert "a push was not signed within" in site.logs()
    for number, age in enumerate((FRESH_SECONDS - 60, 60 - FRESH_SECONDS)):  # a queue, a clock that is behind
        text = f"余额 晚{number}"
        assert "登录" in opened(site, site.post(site.sealed(pushed(phone.openid, text, f"late{number}"), age)).text)
        assert site.user_events(text) == 1
    assert memory >= 2 * FRESH_SECONDS, "as long as a push is fresh, it is known when it comes again"


def opened(site: Site, body: str) -> str:
    return site.sealer().open(str(ElementTree.fromstring(body).findtext("Encrypt"))).decode()


def test_04_replies_of_the_encrypted_modes(site: Site, phone: Phone) -> None:
    reply = ElementTree.fromstring(site.post(site.held(phone, "余额")).text)
    fields = {child.tag: child.text or "" for child in reply}
    assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    signed = signature(site.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    assert fields["MsgSignature"] == signed
    inner = ElementTree.fromstring(site.sealer().open(fields["Encrypt"]).decode())
    said = {child.tag: child.text for child in inner}
    assert said["ToUserName"] == phone.openid and said["FromUserName"] == ORIGINAL_ID
    assert "登录" in str(said["Content"])
    with site.console(mode="compatible"):
        push = site.held(phone, "查余额")
        assert "查余额" in push["body"]
        assert site.post({**push, "body": push["body"].replace("查余额", "给李娜转500")}).status_code == 200
        assert site.user_events("查余额") == 1 and site.user_events("给李娜转500") == 0
        assert "登录" in text_of(phone.ask("我的余额"))
    with site.console(push_key=1):
        reply = ElementTree.fromstring(site.post(site.held(phone, "看看余额")).text)
        sealed = str(reply.findtext("Encrypt"))
        assert "登录" in site.sealer(previous=True).open(sealed).decode()
    with site.console(body="json"):
        assert [shown.how for shown in phone.ask("余额呢")] == ["passive"]


def test_14_hostile_bodies(site: Site, phone: Phone) -> None:
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    laughs = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi")
    )
    bodies = {
        "external entity": f"{entity}<xml><MsgType>&a;</MsgType></xml>",
        "billion laughs": f"{laughs}]><xml><MsgType>&i;</MsgType></xml>",
        "empty": "<xml/>",
        "nothing": "",
        "no xml": "{]",
        "deep json": "[" * 20_000,
        "json of another form": '{"MsgType": ["text"]}',
        "latin": b"<xml>\xff\xfe</xml>",
        "deep xml": "<xml>" + "<a>" * 10_000,
        "no openid": pushed("", "你好"),
        "openid with markup": pushed("<b>", "你好"),
    }
    for what, inner in bodies.items():
        answer = site.post(site.sealed(inner))
        assert answer.status_code in (400, 403) and answer.text == "", what
        answer = site.post(site.signed(inner))
        assert answer.status_code in (400, 403) and answer.text == "", what
    large, held = site.signed("<xml>" + "x" * 5_000_000 + "</xml>"), site.memory()
    for _ in range(30):
        with suppress(requests.ConnectionError):  # hung up on while it was still sending
            assert site.post(large).status_code == 413
        for inner in (bodies["billion laughs"], bodies["deep xml"], bodies["deep json"]):
            assert site.post(site.sealed(inner)).status_code in (400, 403)
    assert held > 100 * 2**20 and site.memory() - held < 60 * 2**20, "150 MB came, and nothing of it stays"
    assert site.post({**site.sealed(pushed(phone.openid, "你好")), "content_type": "text/html"}).status_code == 415
    assert site.post(site.signed("<xml><Encrypt>%%%</Encrypt></xml>", "%%%")).status_code == 403
    assert "Traceback" not in site.logs() and "root:" not in site.logs()
    assert text_of(phone.ask("余额")), "and it still answers"


def test_21_it_does_not_start_without_credentials(site: Site) -> None:
    with requests.Session() as http:
        http.trust_env = False
        health = http.get(f"{site.stack.rasa_url}/wechat/", timeout=20)
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    usual = {**os.environ, **site.stack.environment}
    wrong = (
        ({"WECHAT_APP_ID": "", "ZHANGGUI_SANDBOX": "0"}, "WECHAT_APP_ID is not set"),
        ({"WECHAT_TOKEN": ""}, "WECHAT_TOKEN is not set"),
        ({"WECHAT_APP_SECRET": ""}, "WECHAT_APP_SECRET is not set"),
        ({"WECHAT_AES_KEY": "short"}, "EncodingAESKey"),
        ({"WECHAT_ORIGIN": "http://chat.bank.example", "ZHANGGUI_SANDBOX": "0"}, "https://"),
    )
    # Empty counts as unset; the table does not fill it in again.
    command = [sys.executable, "-c", "from addons.channels.wechat import WeChatChannel as C; C.from_credentials(None)"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env={**usual, **missing}, stderr=subprocess.PIPE, text=True)
        for missing, _ in wrong
    ]
    for process, (_, named) in zip(started, wrong, strict=True):
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 1 and named in said.strip().splitlines()[-1], said
        assert usual["WECHAT_TOKEN"] not in said and usual["WECHAT_APP_SECRET"] not in said
