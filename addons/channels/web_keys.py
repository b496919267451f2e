"""Keys of the web channel, all derived from CONTEXT_KEY: cookie signatures, bindings, pseudonyms."""

import base64
import hashlib
import hmac

from addons.channels.sealing import derived_key

LONGEST_COOKIE = 200


class WebKeys:
    """HMAC-SHA-256 under one key for each purpose, so that none of the values can stand in for another."""

    def __init__(self, context_key: str) -> None:
        """Raises ValueError for a `context_key` that is not 32 bytes in base64url (CONTEXT_KEY)."""
        self._cookie = derived_key(context_key, "web cookie")
        self._binding = derived_key(context_key, "web binding")
        self._pseudonym = derived_key(context_key, "web pseudonym")

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


def _mac(key: bytes, text: str) -> str:
    return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode().rstrip("=")
