"""Sign-in tokens of the web channel: for one cookie, once, from the one issuer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from addons.stores.sqlite_store import SqliteStore
from tests.contract.web_site import Page, SigningCore, Site, serving, sign_in_page, touch_up_once
from tests.unit.addons.channels.fakes import FakeRasa

pytestmark = pytest.mark.asyncio


@pytest.fixture
def site_store() -> SqliteStore:
    return SqliteStore()


@pytest_asyncio.fixture
async def site(site_store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr("sanic.app.TouchUp.run", touch_up_once)
    async with sign_in_page() as page, serving(site_store, page, FakeRasa(), SigningCore()) as running:
        yield running


async def test_a_token_for_another_cookie_is_refused(browsers: Any, site: Site) -> None:
    attacker, victim = browsers(), browsers()
    _, session = await attacker.post("/session")
    await victim.post("/session")
    token = site.sign_in_page.token(session["binding"])
    status, body = await victim.post("/sign-in", {"token": token})
    assert (status, body["error"]["code"]) == (401, "wrong_conversation") and body["error"]["message"]
    assert (await attacker.post("/sign-in", {"token": token}))[0] == 200


async def test_a_token_is_good_once(browsers: Any, site: Site) -> None:
    page = browsers()
    _, session = await page.post("/session")
    body = {"token": site.sign_in_page.token(session["binding"])}
    cookies = {cookie.key: cookie.value for cookie in page.jar}
    assert (await page.post("/sign-in", body))[0] == 200
    replay = Page(site, cookies)
    assert (await replay.post("/sign-in", body))[1]["error"]["code"] == "no_session"
    await replay.close()
    site.core.sign_in_down = True
    _, session = await page.post("/session")
    body = {"token": site.sign_in_page.token(session["binding"])}
    status, answer = await page.post("/sign-in", body)
    assert (status, answer["error"]["code"]) == (502, "core_unavailable")
    site.core.sign_in_down = False
    status, answer = await page.post("/sign-in", body)
    assert (status, answer["error"]["code"]) == (401, "token_used")


def bad_tokens(site: Site, binding: str) -> dict[str, str]:
    page, now = site.sign_in_page, int(time.time())
    stranger = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    public = OctKey.import_key(page.key.as_dict(private=False)["x"])
    claims = page.claims(binding)
    good = page.token(binding)
    header, payload, signature = good.split(".")
    return {
        "nothing": "",
        "garbage": "a.b.c",
        "not ASCII": "é.é.é",
        "no signature": f"{header}.{payload}.",
        "changed": f"{header}.{payload[:-4]}AAAA.{signature}",
        "alg none": f"eyJhbGciOiJub25lIiwia2lkIjoiazEifQ.{payload}.",
        "HS256 with the public key": jwt.encode({"alg": "HS256", "kid": "k1"}, claims, public, algorithms=["HS256"]),
        "another key": jwt.encode({"alg": "EdDSA", "kid": "k1"}, claims, stranger, algorithms=["EdDSA"]),
        "unknown key id": jwt.encode({"alg": "EdDSA", "kid": "k2"}, claims, page.key, algorithms=["EdDSA"]),
        "no key id": jwt.encode({"alg": "EdDSA"}, claims, page.key, algorithms=["EdDSA"]),
        "another issuer": page.token(binding, iss="https://evil.example"),
        "another audience": page.token(binding, aud="zhanggui-wechat"),
        "expired": page.token(binding, iat=now - 900, exp=now - 700),
        "from the future": page.token(binding, iat=now + 900, exp=now + 1000),
        "valid for too long": page.token(binding, exp=now + 3600),
        "a number for a binding": page.token(binding, binding=5),
        "a number for a ticket": page.token(binding, ticket=5),
        "a bad ticket": page.token(binding, ticket="stolen"),
        "claims are a list": jwt.encode(
            {"alg": "EdDSA", "kid": "k1"}, {**claims, "exp": []}, page.key, algorithms=["EdDSA"]
        ),
        **{f"without {name}": page.token(binding, **{name: None}) for name in claims},
    }


async def test_bad_tokens_sign_nobody_in(browsers: Any, site: Site) -> None:
    page = browsers()
    _, session = await page.post("/session")
    for name, token in bad_tokens(site, session["binding"]).items():
        status, body = await page.post("/sign-in", {"token": token})
        code = "expired" if name == "expired" else "bad_token"
        assert (status, body["error"]["code"]) == (401, code), name
    assert (await page.post("/session"))[1]["customer"] is None
    assert site.sign_in_page.fetched == 1  # an unknown key id does not make us ask again at once


async def test_refusals_are_in_the_language_of_the_page(browsers: Any, site: Site) -> None:
    page = browsers()
    await page.post("/session")
    told = {}
    for language in ("zh", "en"):
        _, body = await page.post("/sign-in", {"token": "x"}, headers={"Accept-Language": language})
        told[language] = body["error"]["message"]
    assert told["zh"].startswith("登录没有成功") and told["en"].startswith("You could not be signed in")
