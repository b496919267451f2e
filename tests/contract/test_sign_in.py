"""The sign-in page of a real core bank process and the channels' client of it agree."""

from __future__ import annotations

import asyncio
import os
import re

import pytest
import requests
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from addons.channels.core_client import CoreClient, SignedIn, SignInRefused
from tests.contract.worlds import Role

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def sign_in(url: str, login: str) -> dict[str, str]:
    """Claims of the token that a customer's browser brings back."""
    address = os.environ["WEB_SIGN_IN_RETURNS"]
    query = {"return": address, "binding": "a-conversation"}
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
