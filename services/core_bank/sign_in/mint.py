"""The bank's signature on a sign-in: a short-lived token (JWT) that a channel checks against the public key."""

import secrets
import time
import warnings
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws, jwt
from joserfc.jwk import OKPKey

from services.core_bank.sign_in.tickets import LIFETIME

AUDIENCES = {"web": "zhanggui-web", "wechat": "zhanggui-wechat"}
_ALGORITHM = "EdDSA"
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM])
# RFC 9864 renames the algorithm to Ed25519; until verifiers know that name, the old one is the right one.
warnings.filterwarnings("ignore", "EdDSA is deprecated")


class Mint:
    """Signs tokens with one Ed25519 key."""

    def __init__(self, seed: bytes, issuer: str) -> None:
        """`seed`: 32 bytes. Raises ValueError when it has another length."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        self._key = OKPKey(private, private, {"use": "sig", "alg": _ALGORITHM})
        self._key.ensure_kid()
        self._issuer = issuer

    def keys(self) -> dict[str, Any]:
        """The public key as a JWK set."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self, channel: str, subject: str, ticket: str, binding: str) -> str:
        """A token for the channel's audience, as old as the ticket in it may get."""
        issued = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCES[channel],
            "iat": issued,
            "exp": issued + int(LIFETIME.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "sub": subject,
            "ticket": ticket,
            "binding": binding,
        }
        header = {"alg": _ALGORITHM, "kid": self._key.kid, "typ": "JWT"}
        return str(jwt.encode(header, claims, self._key, registry=_REGISTRY))
