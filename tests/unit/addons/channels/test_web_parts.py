"""Parts of the web channel by themselves: keys of the sign-in page, addresses, names, what is kept."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from multidict import CIMultiDict

from addons.channels.answers import Button, Message
from addons.channels.conversations import IDLE_SECONDS
from addons.channels.web_consent import Consents
from addons.channels.web_keys import WebKeys
from addons.channels.web_log import hide_cards, item_of
from addons.channels.web_requests import address_of, from_our_page
from addons.channels.web_sessions import last_refused, masked_name
from addons.channels.web_settings import read_settings
from addons.channels.web_token import KeyCache, KeysUnavailable, read_keys
from addons.stores.store import Store
from tests.unit.addons.channels.fakes import KEY
from tests.unit.addons.channels.test_web_checks import ENVIRONMENT

SETTINGS = read_settings(ENVIRONMENT)


class KeyServer:
    """Serves `keys` (ids), or fails; counts."""

    def __init__(self, *keys: str) -> None:
        self.keys: tuple[str, ...] | None = keys
        self.asked = 0
        self.now = 1000.0
        self.cache = KeyCache(self.fetch, lambda: self.now)

    async def fetch(self) -> bytes:
        self.asked += 1
        if self.keys is None:
            raise OSError
        keys = [OKPKey.generate_key("Ed25519", {"kid": kid}).as_dict(private=False) for kid in self.keys]
        return json.dumps({"keys": keys}).encode()


async def test_keys_are_fetched_once_and_again_for_a_new_one() -> None:
    server = KeyServer("a")
    assert await server.cache.key("a") and await server.cache.key("a") and server.asked == 1
    server.keys = ("a", "b")
    assert await server.cache.key("b") is None and server.asked == 1  # not within half a minute
    server.now += 31
    assert await server.cache.key("b") and server.asked == 2
    for _ in range(5):
        assert await server.cache.key("made up") is None
    assert server.asked == 2


async def test_a_key_that_was_taken_back_is_good_for_an_hour_at_most() -> None:
    server = KeyServer("a")
    assert await server.cache.key("a")
    server.keys = ("b",)
    server.now += 3601
    assert await server.cache.key("a") is None


async def test_keys_that_cannot_be_fetched() -> None:
    server = KeyServer("a")
    server.keys = None
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await server.cache.key("a")
    assert server.asked == 1
    server.keys, server.now = ("a",), server.now + 31
    assert await server.cache.key("a")
    server.keys, server.now = None, server.now + 100
    assert await server.cache.key("a")  # the ones at hand serve on
    server.now += 3600
    with pytest.raises(KeysUnavailable):
        await server.cache.key("a")


def test_only_public_keys_of_known_kinds_are_read() -> None:
    keys = [
        OKPKey.generate_key("Ed25519", {"kid": "ed"}).as_dict(private=False),
        ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False),
        RSAKey.generate_key(2048, {"kid": "rsa"}).as_dict(private=False),
        OctKey.import_key("x" * 32, {"kid": "shared"}).as_dict(private=True),
        OKPKey.generate_key("Ed25519").as_dict(private=False),
        {"kty": "new", "kid": "new"},
        5,
    ]
    assert set(read_keys(json.dumps({"keys": keys}).encode())) == {"ed", "ec", "rsa"}
    for raw in (b"", b"[]", b'{"keys": 5}', b"\xff"):
        with pytest.raises(ValueError):
            read_keys(raw)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not from a proxy of ours: a claim
        ("10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.5", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),  # the client wrote the first part itself
        ("10.0.0.5", ["1.2.3.4", "198.51.100.1, 10.0.0.5"], "198.51.100.1"),
        ("10.0.0.5", ["garbage"], "10.0.0.5"),
        ("10.0.0.5", [], "10.0.0.5"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        ("2a00:1:2:3:4:5:6:7", [], "2a00:1:2:3::/64"),
        ("", [], "unknown"),
    ],
)
def test_whom_a_request_is_counted_for(peer: str, forwarded: list[str], expected: str) -> None:
    headers = SimpleNamespace(getall=lambda name, default: forwarded or default)
    assert address_of(SimpleNamespace(ip=peer, headers=headers), SETTINGS) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": "https://chat.bank.example"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({}, True),  # no browser: it has no other page's cookie
    ],
)
def test_what_a_browser_says_of_its_page(headers: dict[str, str], expected: bool) -> None:
    assert from_our_page(CIMultiDict(headers), SETTINGS) is expected


def test_cookies_bindings_and_pseudonyms_do_not_stand_for_each_other() -> None:
    keys, others = WebKeys(KEY), WebKeys("B" * 43)
    cookie = keys.cookie("token")
    assert keys.token(cookie) == "token" and others.token(cookie) is None
    assert keys.token(f"token.{keys.binding('token')}") is None
    assert keys.token(f"token.{keys.pseudonym('token')}") is None
    assert keys.pseudonym("a", "b") != keys.pseudonym("ab", "") and "token" not in keys.binding("token")
    for junk in ("", ".", "token", "token.", ".x", "é.é", "x" * 500):
        assert keys.token(junk) is None


@pytest.mark.parametrize(("name", "shown"), [("张伟", "*伟"), ("张秀英", "**英"), ("欧阳娜娜", "**娜娜"), ("李", "李")])
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_a_full_card_number_is_never_kept() -> None:
    assert hide_cards("卡号6222021234567890128。") == "卡号****0128。"
    for harmless in ("回单号ZG20261122123456789012", "2026112212345678", "13800010001", "6222021234567890129"):
        assert hide_cards(harmless) == harmless


def test_an_item_holds_what_pages_know() -> None:
    message = Message(
        "好", (Button("去", url="https://a"), Button("确认", id="x")), {"custom": {"type": "card"}, "from": "desk"}
    )
    item = item_of(message, "m1")
    assert item["buttons"] == [{"title": "去", "url": "https://a"}, {"title": "确认", "id": "x"}]
    assert item["from"] == "bot" and item["custom"] == {"type": "card"} and item["reply_to"] == "m1"


def own(text: str) -> dict[str, Any]:
    return {"from": "customer", "id": "m", "reply_to": None, "text": text}


def bot(kind: str | None, reply_to: str = "m") -> dict[str, Any]:
    return {"from": "bot", "reply_to": reply_to, "text": "请登录", **({"custom": {"type": kind}} if kind else {})}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], None),
        ([own("查余额"), bot("sign_in")], "查余额"),
        ([own("/affirm"), bot("sign_in")], "affirm"),
        ([own("查余额"), bot(None)], None),
        ([own("查余额"), bot("sign_in", "before")], None),
        ([own("卡号****0128"), bot("sign_in")], None),
        ([own("••••••"), bot("sign_in")], None),
    ],
)
def test_what_is_offered_again_after_a_sign_in(items: list[dict[str, Any]], expected: str | None) -> None:
    assert last_refused(items) == expected


async def test_consent_lasts_as_long_as_its_conversation(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    consents, now = Consents(memory), time.time()
    monkeypatch.setattr("time.time", lambda: now)
    await consents.give("a")
    for _ in range(3):
        now += IDLE_SECONDS - 60
        assert await consents.given("a")
    now += IDLE_SECONDS + 1
    assert not await consents.given("a")
