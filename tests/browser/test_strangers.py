"""Two customers, and what one can do with what belongs to the other: nothing."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
import socketio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.browser.raw_page import COOKIE, RawPage, bank_token
from tests.browser.stage import Customer, Site, World

EVIL = "https://evil.example"


@pytest.fixture
def two(site: Site, world: World) -> Iterator[tuple[RawPage, RawPage]]:
    """张伟 and 李娜, signed in."""
    with ExitStack() as stack:
        zhangwei, lina = (stack.enter_context(RawPage(site.origin)) for _ in range(2))
        zhangwei.sign_in(world.name, "zhangwei")
        lina.sign_in(world.name, "lina")
        yield zhangwei, lina


def button(items: list[dict[str, Any]], title: str) -> str:
    return next(str(one["id"]) for item in items for one in item["buttons"] if one["title"] == title)


def texts(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False)


def test_ids_of_another_customer(two: tuple[RawPage, RawPage], world: World) -> None:
    zhangwei, lina = two
    before = world.ledger()
    theirs = secrets.token_hex(8)
    confirm = button(zhangwei.say("给李娜转500", theirs), "确认")
    answered = lina.press(confirm)
    assert "500" not in texts(answered) and "验证码" not in texts(answered)
    assert not world.bank.codes(world.name, "zhangwei") and not world.bank.codes(world.name, "lina")
    assert "张伟" not in texts(lina.say("余额", theirs))  # a message id is only good in one's own conversation
    for stranger in ("conversation", "session_id", "sender", "sender_id", "customer", "metadata"):
        refused = lina.call("say", {"id": secrets.token_hex(8), "text": "余额", stranger: "zhangwei"})
        assert refused["ok"] is False and refused["code"] == "bad_message"
        assert lina.call("history", {"before": 100, stranger: "zhangwei"})["ok"] is False
    seen = texts(lina.call("history", {"before": 1000})["items"]) + texts([data for _, data in lina.events])
    assert "给李娜转500" not in seen and "52,318.66" not in seen
    assert "验证码" in texts(zhangwei.press(confirm))  # nothing of it spoiled the owner's button
    assert world.moved(before) == {}


def test_mangled_cookies(two: tuple[RawPage, RawPage], site: Site) -> None:
    one, other = two[0].cookie, two[1].cookie
    middle = len(one) // 2
    swapped = "A" if one[3] != "A" else "B"
    for forged in (one[:middle] + other[middle:], one[:3] + swapped + one[4:], one[:-1], one + "A", one.swapcase(), ""):
        with RawPage(site.origin, forged) as page:
            with pytest.raises(socketio.exceptions.ConnectionError):
                page.connect()
            assert page.post("sign-out").status_code == 401
        with RawPage(site.origin, forged) as page:
            assert page.session()["customer"] is None
            assert [cookie.value for cookie in page.http.cookies] not in ([one], [other])


def test_an_old_cookie_is_worth_nothing_after_sign_out(two: tuple[RawPage, RawPage], site: Site) -> None:
    old = two[0].cookie
    two[0].say("余额")
    assert two[0].post("sign-out").status_code == 204
    two[0].heard("rotated")
    with RawPage(site.origin, old) as page:
        with pytest.raises(socketio.exceptions.ConnectionError):
            page.connect()
        answer = page.post("session")  # the new one is on its way to whoever signed out
        assert answer.status_code == 409 and "Set-Cookie" not in answer.headers


def _part(content: dict[str, Any] | bytes) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


class Forger:
    """Makes tokens, as somebody who has the public key, or as a sign-in page that does not keep to the rules."""

    def __init__(self, site: Site, token: str) -> None:
        seed = site.stack.environment["WEB_SIGN_IN_KEY"]
        self._key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(seed + "=" * (-len(seed) % 4)))
        head = token.split(".")[0]
        self._head, self._claims = _claims_of(f".{head}"), _claims_of(token)

    def signed(self, **changed: Any) -> str:
        """With the right key, other claims."""
        content = f"{_part(self._head)}.{_part(self._changed(changed))}"
        return f"{content}.{_part(self._key.sign(content.encode()))}"

    def unsigned(self, algorithm: str) -> str:
        """Without a signature."""
        return f"{_part({**self._head, 'alg': algorithm})}.{_part(self._changed({}))}."

    def with_public_key(self, form: Encoding, kind: PublicFormat) -> str:
        """HMAC whose secret is what everybody may fetch."""
        content = f"{_part({**self._head, 'alg': 'HS256'})}.{_part(self._changed({}))}"
        secret = self._key.public_key().public_bytes(form, kind)
        return f"{content}.{_part(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"

    def _changed(self, changed: dict[str, Any]) -> dict[str, Any]:
        whole = {**self._claims, "jti": secrets.token_hex(8), **changed}
        return {name: value for name, value in whole.items() if value is not None}


def test_tokens(site: Site, world: World) -> None:
    with RawPage(site.origin) as page, RawPage(site.origin) as other:
        address = page.session()["sign_in_url"]
        real = bank_token(address, world.name, "zhangwei")
        forger, now = Forger(site, real), int(time.time())
        forged = {
            forger.unsigned("none"): "bad_token",
            forger.unsigned("EdDSA"): "bad_token",
            forger.with_public_key(Encoding.Raw, PublicFormat.Raw): "bad_token",
            forger.with_public_key(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo): "bad_token",
            forger.signed(exp=now - 60, iat=now - 120): "expired",
            forger.signed(exp=now + 86_400): "bad_token",
            forger.signed(aud="zhanggui-wechat"): "bad_token",
            forger.signed(aud=None): "bad_token",
            forger.signed(iss=EVIL): "bad_token",
            forger.signed(exp=None): "bad_token",
            forger.signed(binding="another"): "wrong_conversation",
            real[:-4] + "AAAA": "bad_token",
            "": "bad_token",
        }
        for token, code in forged.items():
            answer = page.post("sign-in", {"token": token})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, code), token
        other.session()
        assert other.post("sign-in", {"token": real}).json()["error"]["code"] == "wrong_conversation"
        assert page.session()["customer"] is None and other.session()["customer"] is None

        assert page.post("sign-in", {"token": real}).status_code == 200
        assert page.session()["customer"] is not None
        again = page.post("sign-in", {"token": real})
        assert again.status_code == 401 and again.json()["error"]["code"] in ("token_used", "wrong_conversation")


def test_a_ticket_serves_its_own_channel_once(site: Site, world: World) -> None:
    with RawPage(site.origin) as page:
        token = bank_token(page.session()["sign_in_url"], world.name, "zhangwei", channel="wechat")
        assert page.post("sign-in", {"token": token}).json()["error"]["code"] == "bad_token"
        # Even with a signature that holds, the ticket inside was made for another channel.
        assert page.post("sign-in", {"token": Forger(site, token).signed(aud="zhanggui-web")}).status_code == 401
        assert page.session()["customer"] is None


def test_a_foreign_site(two: tuple[RawPage, RawPage], site: Site) -> None:
    cookie = two[0].cookie
    for origin in (EVIL, "null", f"{site.origin}.evil.example", site.listed.origin):
        with RawPage(site.origin, cookie, origin) as page:
            for path in ("session", "sign-in", "sign-out"):
                answer = page.post(path)
                assert answer.status_code == 403
                assert "Access-Control-Allow-Origin" not in answer.headers
            with pytest.raises(socketio.exceptions.ConnectionError):
                page.connect()
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Cookie": f"{COOKIE}={cookie}"}
        for path in ("/chat/session", "/chat/socket.io/?EIO=4&transport=polling"):
            preflight = requests.options(f"{site.origin}{path}", headers=asked, timeout=30)
            assert "Access-Control-Allow-Origin" not in preflight.headers
    assert two[0].session()["customer"] is not None  # nobody signed 张伟 out


def test_confirming_acts_once(zhangwei: Customer, site: Site, world: World) -> None:
    chat, before = zhangwei.chat, world.ledger()
    cookie = next(cookie["value"] for cookie in zhangwei.context.cookies() if cookie["name"] == COOKIE)
    with RawPage(site.origin, cookie) as forger:
        forger.connect()
        chat.ask("给李娜转500", "确认")
        confirm = button([data for name, data in forger.events if name == "item"], "确认")
        chat.choice("确认").dblclick()
        chat.code.wait_for()
        forger.press(confirm)
        forger.press(confirm)
        assert len(world.bank.codes(world.name, "zhangwei")) == 1
        code = world.code()
        message = secrets.token_hex(8)
        for _ in range(2):  # one message, sent twice
            assert forger.call("say", {"id": message, "text": code}) == {"ok": True}
        assert "回单" in texts(forger.answers(message))
        once = {"zhangwei/6789": -500_00, "lina/3344": 500_00}
        assert world.moved(before) == once
        forger.press(confirm)
        forger.say(code)
        assert world.moved(before) == once and world.ledger().orders.count("transfer") <= 1


@pytest.mark.parametrize("typed", ["/cancel", "／cancel", " //\u200b/cancel", '/inform{"code_request": "resend"}'])
def test_typed_intents_are_only_text(two: tuple[RawPage, RawPage], world: World, typed: str) -> None:
    before = world.ledger()
    two[0].say("给李娜转500")
    message = secrets.token_hex(8)
    two[0].say(typed, message)
    reading = two[0].heard("turn", lambda data: data["reply_to"] == message)["reading"]
    assert reading["confidence"] < 1 and reading["entities"] == []  # understood as words, not taken as a command
    assert world.moved(before) == {}
