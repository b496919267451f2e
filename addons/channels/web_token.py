"""The sign-in token: what the bank's sign-in page says about who signed in, and how it is checked."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import JWKRegistry, Key

from addons.stores.store import Store

AUDIENCE = "zhanggui-web"
ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "PS256"]
LONGEST_LIFETIME = 300
LEEWAY = 30
LARGEST_KEYS = 64 * 1024
KEYS_LIFETIME = 3600.0
REFETCH_SECONDS = 30.0
_TIMEOUT = aiohttp.ClientTimeout(total=5, sock_connect=2)
_KEY_TYPES = ("OKP", "EC", "RSA")
_CLAIMS = ("jti", "sub", "ticket", "binding")
LONGEST_CLAIM = 512

logger = logging.getLogger(__name__)
# RFC 9864 prefers the name Ed25519; what signs today says EdDSA.
warnings.filterwarnings("ignore", message="EdDSA is deprecated")


class TokenRefused(Exception):
    """`code`: bad_token, expired, token_used, wrong_conversation or rotated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class KeysUnavailable(Exception):
    """The keys of the sign-in page cannot be fetched, and none are at hand."""


@dataclass(frozen=True)
class SignInToken:
    """A token that holds: `subject` is the issuer's name of the customer, `ticket` opens their session at the core.

    `binding`: what it was made for.
    """

    subject: str
    ticket: str
    binding: str


class KeyCache:
    """Public keys of the sign-in page by key id: kept for an hour, fetched again early for an id nobody knows yet."""

    def __init__(self, fetch: Callable[[], Awaitable[bytes]], now: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._now = fetch, now
        self._keys: dict[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> Key | None:
        """Key of an id; None when the page has none of it. Raises KeysUnavailable."""
        if not self._fresh() or kid not in self._keys:
            async with self._fetching:
                if not (self._fresh() and kid in self._keys) and self._now() - self._tried > REFETCH_SECONDS:
                    await self._refresh()
        if not self._fresh():
            raise KeysUnavailable
        return self._keys.get(kid)

    def _fresh(self) -> bool:
        return self._now() - self._fetched <= KEYS_LIFETIME

    async def _refresh(self) -> None:
        self._tried = self._now()
        try:
            self._keys = read_keys(await self._fetch())
            self._fetched = self._now()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError, JoseError, RecursionError) as error:
            logger.warning("keys of the sign-in page not fetched: %s", type(error).__name__)


def read_keys(raw: bytes) -> dict[str, Key]:
    """Public keys of a JWKS by key id. Raises ValueError, JoseError for what is none."""
    found = json.loads(raw)
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise ValueError("not a JWKS")
    usable = [data for data in found["keys"] if isinstance(data, dict) and data.get("kty") in _KEY_TYPES]
    return {str(data["kid"]): JWKRegistry.import_key(data) for data in usable if data.get("kid")}


async def fetch_keys(url: str) -> bytes:
    """Body of the JWKS address. Raises aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http, http.get(url, allow_redirects=False) as response:
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        raw = b""
        async for chunk in response.content.iter_any():
            raw += chunk
            if len(raw) > LARGEST_KEYS:
                raise ValueError("too large")
        return raw


class TokenChecker:
    """Checks sign-in tokens of one audience; each counts once over all processes."""

    def __init__(
        self,
        issuer: str,
        keys: KeyCache,
        store: Store,
        now: Callable[[], float] = time.time,
        audience: str = AUDIENCE,
    ) -> None:
        self._issuer, self._keys, self._store, self._now, self._audience = issuer, keys, store, now, audience

    async def check(self, token: str, binding: str) -> SignInToken:
        """What a token says, when it was made for the cookie of `binding`.

        Raises TokenRefused, KeysUnavailable, StoreUnavailable.
        """
        claims = await self._claims(token)
        if not hmac.compare_digest(claims["binding"].encode(), binding.encode()):
            raise TokenRefused("wrong_conversation")
        return await self._once(claims)

    async def read(self, token: str) -> SignInToken:
        """What a token says, whose `binding` the caller looks up. Raises as `check` does."""
        return await self._once(await self._claims(token))

    async def _once(self, claims: dict[str, Any]) -> SignInToken:
        left = claims["exp"] - self._now() + 2 * LEEWAY
        used = hashlib.sha256(claims["jti"].encode()).hexdigest()
        if not await self._store.add(f"web:jti:{used}", "1", max(left, 1.0)):
            raise TokenRefused("token_used")
        return SignInToken(claims["sub"], claims["ticket"], claims["binding"])

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            kid = header.get("kid")
            key = await self._keys.key(kid) if isinstance(kid, str) else None
            if key is None:
                raise TokenRefused("bad_token")
            decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
            self._registry().validate(decoded.claims)
        except ExpiredTokenError as error:
            raise TokenRefused("expired") from error
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise TokenRefused("bad_token") from error
        return _well_formed(decoded.claims)

    def _registry(self) -> jwt.JWTClaimsRegistry:
        texts = {name: {"essential": True} for name in (*_CLAIMS, "exp", "iat")}
        return jwt.JWTClaimsRegistry(
            now=int(self._now()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            **texts,
        )


def _well_formed(claims: dict[str, Any]) -> dict[str, Any]:
    for name in _CLAIMS:
        if not isinstance(claims[name], str) or not 0 < len(claims[name]) <= LONGEST_CLAIM:
            raise TokenRefused("bad_token")
    if claims["exp"] - claims["iat"] > LONGEST_LIFETIME:
        raise TokenRefused("bad_token")
    return claims
