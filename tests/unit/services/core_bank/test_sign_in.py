"""The sign-in page: who gets a token, what is in it, where it may go; tickets and what they open."""

from __future__ import annotations

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import Response
from joserfc.errors import JoseError

from services.core_bank import sessions
from services.core_bank.seed import DEMO
from services.core_bank.sign_in.mint import AUDIENCES
from services.core_bank.sign_in.page import WORDS
from services.core_bank.sign_in.tables import sign_in_tickets
from services.core_bank.tables import world_names
from tests.unit.services.core_bank.browser import BINDING, HOME, PATH, Browser, claims_of, nonce_in
from tests.unit.services.core_bank.harness import World, bearer, error_of, new_world

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def redeem(world: World, ticket: str, **more: str) -> Response:
    return world.client.post("/v1/sessions", json={"ticket": ticket, **more}, headers=bearer("channel"))


def stored_tickets(browser: Browser) -> list[Any]:
    query = sa.select(sign_in_tickets).join(world_names, world_names.c.world_id == sign_in_tickets.c.world_id)
    with browser.world.client.app.state.bank.db.read() as conn:  # type: ignore[attr-defined]
        return list(conn.execute(query.where(world_names.c.name == browser.world.name)))


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


def test_the_page_asks_for_login_and_password(browser: Browser) -> None:
    page = browser.open()
    assert (
        page.status_code == 200 and "<title>登录 · 掌柜银行</title>" in page.text and '<html lang="zh-CN">' in page.text
    )
    assert 'autocomplete="current-password"' in page.text and "张伟" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "form-action 'self' https://chat.bank;" in policy and "script-src" not in policy
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_behind_https_the_cookie_is_bound_to_the_host(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE_BANK_URL", "https://bank")
    cookie = browser.open().headers["Set-Cookie"]
    assert cookie.startswith("__Host-") and "Secure" in cookie and "Path=/;" in cookie


def test_the_page_speaks_english(world: World) -> None:
    page = Browser(world, {"lang": "en"}).open().text
    assert (
        '<html lang="en">' in page and "<title>Sign in · Zhanggui Bank</title>" in page and "Sandbox demo page" in page
    )
    assert "Unknown user name" in Browser(world, {"lang": "en"}).send(login="zhangwei", password="x").text


def test_a_right_password_leads_back_with_a_token_and_no_session(browser: Browser) -> None:
    response = browser.send(login="zhangwei", password="demo")
    assert response.status_code == 303 and response.headers["Location"].startswith(f"{HOME}#token=")
    assert response.headers["Cache-Control"] == "no-store" and response.headers["Referrer-Policy"] == "no-referrer"
    claims = claims_of(browser.world, response.headers["Location"].partition("#token=")[2])
    assert set(claims) == {"iss", "aud", "iat", "exp", "jti", "sub", "ticket", "binding"}
    assert (claims["iss"], claims["aud"], claims["binding"]) == ("https://bank", "zhanggui-web", BINDING)
    assert claims["exp"] - claims["iat"] == 120
    [stored] = stored_tickets(browser)
    assert claims["ticket"] not in str(stored) and len(claims["ticket"]) >= 43


def test_the_ticket_opens_the_session_of_its_customer(browser: Browser) -> None:
    claims = claims_of(browser.world, browser.token("wangfang"))
    opened = redeem(browser.world, claims["ticket"])
    assert opened.status_code == 201
    body = opened.json()
    assert body["customer"] == {"name": "王芳", "elder_mode": True} and body["subject"] == claims["sub"]
    headers = bearer("channel") | {"X-Customer-Session": body["session"]}
    accounts = browser.world.client.get("/v1/accounts", headers=headers).json()["accounts"]
    assert [one["tail"] for one in accounts] == ["2255"]


def test_the_subject_is_one_for_a_customer_and_names_nobody(browser: Browser) -> None:
    first, again = (claims_of(browser.world, browser.token())["sub"] for _ in range(2))
    by_password = browser.world.try_sign_in("zhangwei", "demo").json()["subject"]
    assert first == again == by_password
    others = [claims_of(browser.world, browser.token("lina"))["sub"]]
    others.append(claims_of(browser.world, Browser(new_world(browser.world.client)).token())["sub"])
    assert first not in others and re.fullmatch("[a-p]{64}", first)


def test_a_ticket_is_good_once(browser: Browser) -> None:
    ticket = claims_of(browser.world, browser.token())["ticket"]
    assert redeem(browser.world, ticket).status_code == 201
    replayed, unknown = redeem(browser.world, ticket), redeem(browser.world, "made up")
    assert error_of(replayed) == (401, "ticket_invalid", {}) and replayed.content == unknown.content


def test_a_ticket_is_good_for_two_minutes(browser: Browser) -> None:
    young, old = (claims_of(browser.world, browser.token())["ticket"] for _ in range(2))
    browser.world.advance(seconds=100)
    assert redeem(browser.world, young).status_code == 201
    browser.world.advance(seconds=21)
    assert error_of(redeem(browser.world, old))[1] == "ticket_invalid"
    assert len(stored_tickets(browser)) == 1
    browser.token("lina")
    assert len(stored_tickets(browser)) == 1, "the old one was cleared away"


def test_a_ticket_is_good_for_its_channel_only(world: World) -> None:
    browser = Browser(world, {"channel": "wechat"})
    assert "微信" in browser.open().text
    claims = claims_of(world, browser.token())
    assert claims["aud"] == "zhanggui-wechat"
    for wrong in ({}, {"channel": "web"}):
        assert error_of(redeem(world, claims["ticket"], **wrong))[1] == "ticket_invalid"
    assert redeem(world, claims["ticket"], channel="wechat").status_code == 201


def test_a_ticket_dies_with_its_world(browser: Browser) -> None:
    ticket = claims_of(browser.world, browser.token())["ticket"]
    assert browser.world.sandbox("POST", "/reset").status_code == 200
    assert error_of(redeem(browser.world, ticket))[1] == "ticket_invalid"


def test_only_a_channel_redeems(browser: Browser) -> None:
    ticket = claims_of(browser.world, browser.token())["ticket"]
    for role in ("actions", "operator", "sandbox"):
        response = browser.world.client.post("/v1/sessions", json={"ticket": ticket}, headers=bearer(role))
        assert error_of(response)[:2] == (403, "forbidden_role")
    assert redeem(browser.world, ticket).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"ticket": "t", "login": "zhangwei", "password": "demo"},
        {"ticket": "t", "channel": "fax"},
        {"ticket": "t", "customer": "zhangwei"},
        {"ticket": 7},
        {"ticket": ""},
        {"ticket": "t" * 65},
        {"ticket": "a\u0000b"},
    ],
)
def test_bad_redemptions_are_refused_whole(quiet_world: World, body: Any) -> None:
    response = quiet_world.client.post("/v1/sessions", json=body, headers=bearer("channel"))
    assert error_of(response)[:2] == (422, "validation_error")


def test_a_fault_of_the_world_meets_its_tickets(browser: Browser) -> None:
    ticket = claims_of(browser.world, browser.token())["ticket"]
    browser.world.set_fault("core_down")
    assert error_of(redeem(browser.world, ticket))[:2] == (503, "core_down")
    browser.world.set_fault("none")
    assert redeem(browser.world, ticket).status_code == 201


def test_a_changed_token_is_no_token(browser: Browser) -> None:
    header, payload, signature = browser.token().split(".")
    other = browser.token("lina").split(".")
    for forged in (f"{header}.{other[1]}.{signature}", f"{header}.{payload}.{other[2]}", f"{header}.{payload}."):
        with pytest.raises(JoseError):
            claims_of(browser.world, forged)


def test_the_published_key_is_public(quiet_world: World) -> None:
    answer = quiet_world.client.get(f"{PATH}/keys.json")
    [key] = answer.json()["keys"]
    assert {name: key[name] for name in ("kty", "crv", "use", "alg")} == {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
    }
    assert set(key) == {"kty", "crv", "use", "alg", "x", "kid"} and answer.headers["Cache-Control"].startswith("public")


def test_a_demo_customer_signs_in_with_one_tap(browser: Browser) -> None:
    page = browser.open()
    assert re.findall('name="demo" value="([a-z]+)"', page.text)[:4] == ["zhangwei", "lina", "wangfang", "zhaolei"]
    assert 'value="demo"' not in page.text
    token = browser.send(demo="lina").headers["Location"].partition("#token=")[2]
    opened = redeem(browser.world, claims_of(browser.world, token)["ticket"])
    assert opened.json()["customer"]["name"] == "李娜"
    assert browser.send(demo="nobody").status_code == 403


def test_a_wrong_password_is_told_and_nobody_learns_who_exists(browser: Browser) -> None:
    wrong = browser.send(login="zhangwei", password="Demo")
    assert wrong.status_code == 403 and "登录名或密码不对" in wrong.text and 'role="alert"' in wrong.text
    unknown = browser.send(login="zhaoliu", password="demo")
    assert wrong.text.replace("zhangwei", "") == unknown.text.replace("zhangwei", "").replace("zhaoliu", "")
    for login in ("", "a\u0000b", "l" * 65):
        assert browser.send(login=login, password="demo").status_code == 403


def test_five_failures_lock_the_login_here_and_elsewhere(browser: Browser) -> None:
    for _ in range(5):
        assert browser.send(login="zhangwei", password="wrong").status_code == 403
    locked = browser.send(login="zhangwei", password="demo")
    assert locked.status_code == 429 and "15 分钟后" in locked.text and 890 <= int(locked.headers["Retry-After"]) <= 900
    assert error_of(browser.world.try_sign_in("zhangwei", "demo"))[1] == "sign_in_locked"
    assert browser.send(demo="zhangwei").status_code == 429
    assert browser.send(login="lina", password="demo").status_code == 303


def test_a_form_from_elsewhere_signs_nobody_in(browser: Browser) -> None:
    nonce = nonce_in(browser.open())
    assert browser.send(nonce="", login="zhangwei", password="demo").status_code == 403
    assert browser.send(nonce="n" * 43, demo="zhangwei").status_code == 403
    browser.world.client.cookies.clear()
    without_cookie = browser.send(nonce=nonce, login="zhangwei", password="demo")
    assert without_cookie.status_code == 403 and "放得太久" in without_cookie.text
    browser.world.client.cookies.set("zhanggui_sign_in", "")
    assert browser.send(nonce="", login="zhangwei", password="demo").status_code == 403
    assert stored_tickets(browser) == []


def test_two_open_pages_do_not_spoil_each_other(browser: Browser) -> None:
    first = nonce_in(browser.open())
    browser.open()
    assert browser.send(nonce=first, demo="lina").status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/chat/",
        "//chat.bank/chat/",
        "https://chat.bank",
        "https://chat.bank/",
        "https://chat.bank/chat",
        "https://chat.bank/chatter/",
        "https://chat.bank.evil.example/chat/",
        "https://chat.bank@evil.example/chat/",
        "https://chat.bank:444/chat/",
        "http://chat.bank/chat/",
        "https://evil.example/?https://chat.bank/chat/",
        "https://chat.bank/chat/../steal",
        "https://chat.bank/chat/%2e%2E/steal",
        "https://chat.bank/chat/.%2e/steal",
        "https://chat.bank/chat/..%2fsteal",
        "https://chat.bank/chat/..%5Csteal",
        "https://chat.bank/chat/..\\steal",
        "https://chat.bank/chat/\t../steal",
        "https://chat.bank/chat/\r\nSet-Cookie: a=b",
        "https://chat.bank/chat/#token=mine",
        "https://chat.bank/chat/" + "a" * 600,
        " https://chat.bank/chat/",
        "javascript:alert(1)//https://chat.bank/chat/",
        'https://chat.bank/chat/"><script>alert(1)</script>',
    ],
)
def test_no_other_address_gets_a_token(quiet_world: World, address: str) -> None:
    browser = Browser(quiet_world, {"return": address})
    for response in (browser.open(), browser.send(nonce="", demo="zhangwei")):
        assert response.status_code == 400 and "Location" not in response.headers
        assert "不属于银行的地址" in response.text and "<form" not in response.text
        assert "evil" not in response.text and "<script" not in response.text


def test_the_last_of_two_addresses_counts_everywhere(quiet_world: World) -> None:
    query = f"return={HOME}&return=https://evil.example/&binding={BINDING}"
    assert quiet_world.client.get(f"{PATH}?{query}").status_code == 400
    assert quiet_world.client.post(f"{PATH}?{query}", data={"demo": "zhangwei"}).status_code == 400


def test_an_address_below_the_allowed_one_may_have_a_query(world: World) -> None:
    browser = Browser(world, {"return": f"{HOME}?embed=1&lang=en"})
    assert f'href="{HOME}?embed=1&amp;lang=en"' in browser.open().text
    browser.token()


@pytest.mark.parametrize(
    "change", [{"binding": ""}, {"binding": "b" * 129}, {"binding": "a b"}, {"channel": "fax"}, {"world": "<b>"}]
)
def test_an_incomplete_link_is_told(quiet_world: World, change: dict[str, str]) -> None:
    response = Browser(quiet_world, change).open()
    assert response.status_code == 400 and "不完整" in response.text


def test_what_was_typed_is_shown_as_text(browser: Browser) -> None:
    typed = "\"><script>alert('李')</script>"
    page = browser.send(login=typed, password="x")
    assert "<script" not in page.text and f'value="{html.escape(typed)}"' in page.text
    assert browser.send(login="a" * 60, password="secret-word").text.count("secret-word") == 0


def test_a_large_form_is_refused_unread(browser: Browser) -> None:
    assert browser.send(login="a" * 5_000, password="demo").status_code == 413


def test_of_many_who_come_with_one_ticket_one_gets_in(any_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = claims_of(any_world, Browser(any_world).token())["ticket"]
    opening = sessions.open_session

    def open_slowly(*arguments: Any) -> Any:
        time.sleep(0.5)  # inside the transaction: the others find the ticket before it is gone for them
        return opening(*arguments)

    monkeypatch.setattr(sessions, "open_session", open_slowly)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: redeem(any_world, ticket).status_code, range(4)))
    assert sorted(answers) == [201, 401, 401, 401]


def test_both_languages_say_the_same_things() -> None:
    def names(words: Any, path: str = "") -> set[str]:
        if not isinstance(words, dict):
            return {path}
        return set().union(*(names(value, f"{path}.{name}") for name, value in words.items()))

    assert names(WORDS["zh-CN"]) == names(WORDS["en"])
    assert set(WORDS["en"]["demo"]) == {customer.login for customer in DEMO}
    assert set(WORDS["en"]["about"]) == set(AUDIENCES)
