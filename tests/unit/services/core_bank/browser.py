"""A customer's browser at the sign-in page, and what comes out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from httpx import Response
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from tests.unit.services.core_bank.harness import World

PATH = "/sandbox/sign-in"
HOME = "https://chat.bank/chat/"
BINDING = "b" * 43


@dataclass
class Browser:
    """One customer's browser at the page: keeps the cookie, follows no redirect."""

    world: World
    query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.client.cookies.clear()
        self.query = {"return": HOME, "binding": BINDING, "world": self.world.name} | self.query

    def open(self) -> Response:
        return self.world.client.get(PATH, params=self.query, follow_redirects=False)

    def send(self, nonce: str | None = None, **fields: str) -> Response:
        sent = {"nonce": nonce_in(self.open()) if nonce is None else nonce} | fields
        return self.world.client.post(PATH, params=self.query, data=sent, follow_redirects=False)

    def token(self, login: str = "zhangwei") -> str:
        response = self.send(login=login, password="demo")
        assert response.status_code == 303, response.text
        address, _, fragment = response.headers["Location"].partition("#")
        assert address == self.query["return"] and fragment.startswith("token=")
        return fragment.removeprefix("token=")


def nonce_in(page: Response) -> str:
    found = re.search('name="nonce" value="(.+?)"', page.text)
    assert found is not None, page.text
    return found[1]


def claims_of(world: World, token: str) -> dict[str, Any]:
    """Verified with nothing but what the bank publishes."""
    keys = KeySet.import_key_set(world.client.get(f"{PATH}/keys.json").json())
    return dict(jwt.decode(token, keys, registry=jws.JWSRegistry(algorithms=["EdDSA"])).claims)
