"""The sealed note from the channel to the action server: who is talking, in which conversation."""

import base64
import binascii
import secrets
import time
from collections.abc import Callable

from joserfc import jwe, jwt
from joserfc.jwk import OctKey

ISSUER, AUDIENCE = "zhanggui-channel", "zhanggui-actions"
LIFETIME_SECONDS = 120
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_REGISTRY = jwe.JWERegistry(algorithms=list(_HEADER.values()))


class ContextSealer:
    """Makes JWE compact tokens (alg dir, enc A256GCM) that only holders of the key can read or make."""

    def __init__(self, key: str, now: Callable[[], float] = time.time) -> None:
        """`key`: 32 bytes in base64url (CONTEXT_KEY). Raises ValueError when it is anything else."""
        self._key = OctKey.import_key(decoded_key(key))
        self._now = now

    def seal(self, conversation: str, session: str | None) -> str:
        """Token naming the conversation and, for a signed-in customer, the core's session reference."""
        issued = int(self._now())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": issued, "exp": issued + LIFETIME_SECONDS}
        claims.update(jti=secrets.token_hex(16), conversation=conversation)
        if session is not None:
            claims["session"] = session
        return str(jwt.encode(_HEADER, claims, self._key, registry=_REGISTRY))


def decoded_key(key: str) -> bytes:
    """The 32 bytes of CONTEXT_KEY. Raises ValueError when it is anything but 32 bytes in base64url."""
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise ValueError("CONTEXT_KEY must be 32 bytes in base64url")
    return raw
