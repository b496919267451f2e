"""The sign-in page of a real core bank process and the channels' client of it agree."""

from __future__ import annotations

import asyncio
import os
import re
import secrets

import pytest
import requests
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from addons.channels.core_client import BindingRefused, CoreClient, SignedIn, SignInRefused
from tests.contract.worlds import Role

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def sign_in(url: str, login: str, world: str = "demo", channel: str = "web") -> dict[str, str]:
    """Claims of the token that a customer's browser brings back."""
    address = os.environ["WEB_SIGN_IN_RETURNS"].split(",")[0]
    query = {"return": address, "binding": "a-conversation", "world": world, "channel": channel}
    with requests.Session() as browser:
        page = browser.get(f"{url}/sandbox/sign-in", params=query, timeout=10)
        [nonce] = set(re.findall('name="nonce" value="(.+?)"', page.text))
        sent = {"nonce": nonce, "login": login, "password": "demo"}
        answer = browser.post(page.url, data=sent, allow_redirects=False, timeout=10)
        keys = KeySet.import_key_set(browser.get(f"{url}/sandbox/sign-in/keys.json", timeout=10).json())
    assert answer.status_code == 303 and answer.headers["Location"].startswith(f"{address}#token=")
    token = answer.headers["Location"].partition("#token=")[2]
    return dict(jwt.decode(token, keys, registry=jws.JWSRegistry(algorithms=["EdDSA"])).claims)


def test_a_token_of_the_page_opens_a_session_once(core: tuple[str, dict[Role, str]]) -> None:
    url, tokens = core
    claims = sign_in(url, "zhangwei")

    async def redeem() -> tuple[SignedIn, SignedIn]:
        client = CoreClient(url, tokens["channel"])
        try:
            redeemed = await client.redeem(claims["ticket"])
            with pytest.raises(SignInRefused, match="ticket_invalid"):
                await client.redeem(claims["ticket"])
            return redeemed, await client.sign_in("zhangwei", "demo")
        finally:
            await client.close()

    redeemed, by_password = asyncio.run(redeem())
    assert (redeemed.name, redeemed.elder_mode) == ("张伟", False)
    assert redeemed.subject == by_password.subject == claims["sub"]
    headers = {"Authorization": f"Bearer {tokens['actions']}", "X-Customer-Session": redeemed.session}
    assert requests.get(f"{url}/v1/accounts", headers=headers, timeout=10).json()["accounts"][0]["tail"] == "6789"


def test_a_wechat_is_bound_signs_in_and_is_unbound(core: tuple[str, dict[Role, str]]) -> None:
    url, tokens = core
    sandbox = {"Authorization": f"Bearer {tokens['sandbox']}"}
    world = requests.post(f"{url}/sandbox/worlds", json={}, headers=sandbox, timeout=10).json()["world"]
    claims = sign_in(url, "lina", world, "wechat")
    assert claims["aud"] == "zhanggui-wechat"
    follower = ("wx0123456789abcdef", f"o{secrets.token_urlsafe(20)}")

    def last_code() -> str:
        sent = requests.get(f"{url}/sandbox/worlds/{world}/sms?login=lina", headers=sandbox, timeout=10)
        return str(sent.json()["messages"][-1]["code"])

    async def bind_and_unbind() -> SignedIn:
        client = CoreClient(url, tokens["channel"])
        try:
            with pytest.raises(SignInRefused, match="not_bound"):
                await client.sign_in_wechat(*follower)
            begun = await client.bind_wechat(claims["ticket"], *follower)
            assert (begun.name_masked, begun.phone_masked) == ("*娜", "138****0002")
            with pytest.raises(BindingRefused) as refused:
                await client.confirm_wechat(begun.attempt, f"{(int(last_code()) + 1) % 1_000_000:06d}")
            assert (refused.value.code, refused.value.tries_left) == ("code_wrong", 4)
            assert await client.confirm_wechat(begun.attempt, last_code()) == "*娜"
            with pytest.raises(BindingRefused, match="attempt_invalid"):
                await client.confirm_wechat(begun.attempt, last_code())
            signed_in = await client.sign_in_wechat(*follower)
            assert await client.unbind_wechat(*follower) and not await client.unbind_wechat(*follower)
            with pytest.raises(SignInRefused, match="not_bound"):
                await client.sign_in_wechat(*follower)
            return signed_in
        finally:
            await client.close()

    signed_in = asyncio.run(bind_and_unbind())
    assert (signed_in.name, signed_in.elder_mode, signed_in.subject) == ("李娜", False, claims["sub"])
    headers = {"Authorization": f"Bearer {tokens['actions']}", "X-Customer-Session": signed_in.session}
    assert requests.get(f"{url}/v1/accounts", headers=headers, timeout=10).status_code == 401, "ended with the binding"
