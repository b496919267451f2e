"""Keys of the web channel, all derived from CONTEXT_KEY: cookie signatures, bindings, pseudonyms."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LONGEST_COOKIE = 200


class WebKeys:
    """HMAC-SHA-256 under one key for each purpose, so that none of the values can stand in for another."""

    def __init__(self, context_key: bytes) -> None:
        """`context_key`: the 32 bytes of CONTEXT_KEY."""
        self._cookie = _derived(context_key, b"zhanggui web cookie")
        self._binding = _derived(context_key, b"zhanggui web binding")
        self._pseudonym = _derived(context_key, b"zhanggui web pseudonym")

    def cookie(self, token: str) -> str:
        """Cookie value of a conversation's token: forged ones are told apart without a look-up."""
        return f"{token}.{_mac(self._cookie, token)}"

    def token(self, cookie: str) -> str | None:
        """Token of a cookie that this channel made; None for any other value."""
        token, _, signature = cookie.rpartition(".")
        if not token or len(cookie) > LONGEST_COOKIE or not cookie.isascii():
            return None
        return token if hmac.compare_digest(signature, _mac(self._cookie, token)) else None

    def binding(self, token: str) -> str:
        """What ties a sign-in to one cookie: it may travel in URLs, as nothing follows from it."""
        return _mac(self._binding, token)

    def pseudonym(self, *parts: str) -> str:
        """Opaque name of something that must not be stored in plain, such as a customer's `iss` and `sub`."""
        return _mac(self._pseudonym, "\n".join(parts))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _mac(key: bytes, text: str) -> str:
    return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode().rstrip("=")
