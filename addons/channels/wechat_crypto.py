"""Is it Tencent, and what does it say: signatures and AES of WeChat's and WeCom's pushes and passive replies.

The cipher is wechatpy's. What it lacks is here: constant-time comparison, the previous key, one exception for whatever
a stranger may send, random bytes of `secrets`.
"""

import hmac
import re
import secrets
import struct
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto  # type: ignore[import-untyped]
from wechatpy.exceptions import WeChatException  # type: ignore[import-untyped]
from wechatpy.utils import WeChatSigner  # type: ignore[import-untyped]

LARGEST_ENCRYPTED = 128 * 1024
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
# What wechatpy lets out for another key, another account or malformed input.
_UNOPENED = (WeChatException, ValueError, IndexError, struct.error)


class NotAuthentic(Exception):
    """A push that Tencent did not send, or that none of the keys opens. The text names no part of the push."""


@dataclass(frozen=True)
class Opened:
    """A decrypted push, and which key it took (0: the current one): the reply is encrypted with the same."""

    text: str
    key: int


@dataclass(frozen=True)
class Sealed:
    """The four values of an encrypted passive reply."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


class PushCrypto:
    """Verifies and opens the pushes of one account, and seals its passive replies."""

    def __init__(
        self,
        token: str,
        receiver: str,
        aes_keys: Sequence[str] = (),
        salt: Callable[[], bytes] = lambda: secrets.token_bytes(16),
    ) -> None:
        """`receiver`: AppID (WeCom: CorpID). `aes_keys`: EncodingAESKeys, the current one first, then the previous.

        `salt` makes the 16 random bytes of a reply. Raises ValueError for a setting that cannot be right; the text
        never holds the value.
        """
        if not token or not receiver:
            raise ValueError("the token and the AppID (CorpID) of a WeChat account must not be empty")
        self._token, self._receiver = token, receiver
        self._ciphers = [_cipher(key, salt) for key in aes_keys]

    def verify(self, signature: str, timestamp: str, nonce: str) -> None:
        """Check the signature of a request in plaintext mode, or of a URL verification. Raises NotAuthentic."""
        self._compare(signature, timestamp, nonce)

    def open(self, encrypted: str, msg_signature: str, timestamp: str, nonce: str) -> Opened:
        """Check and decrypt a push (WeCom: also the echostr of a URL verification). Raises NotAuthentic."""
        if len(encrypted) > LARGEST_ENCRYPTED:
            raise NotAuthentic("encrypted part too large")
        self._compare(msg_signature, timestamp, nonce, encrypted)
        for position, cipher in enumerate(self._ciphers):
            try:
                return Opened(cipher.decrypt(encrypted, self._receiver), position)
            except _UNOPENED:
                continue
        raise NotAuthentic("no key opens it for this account")

    def seal(self, text: str, key: int, timestamp: int, nonce: str | None = None) -> Sealed:
        """Encrypt and sign a reply with the key that opened its push. `timestamp`: seconds since 1970."""
        nonce = nonce or secrets.token_hex(8)
        encrypt = self._ciphers[key].encrypt(text, self._receiver).decode("ascii")
        return Sealed(encrypt, _signature(self._token, str(timestamp), nonce, encrypt), str(timestamp), nonce)

    def _compare(self, signature: str, *signed: str) -> None:
        try:
            expected = _signature(self._token, *signed)
        except UnicodeEncodeError:
            raise NotAuthentic("not text") from None
        if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
            raise NotAuthentic("wrong signature")


def _cipher(aes_key: str, salt: Callable[[], bytes]) -> PrpCrypto:
    if not _AES_KEY.fullmatch(aes_key):
        raise ValueError("an EncodingAESKey of a WeChat account is not 43 letters and digits")
    return _Cipher(a2b_base64(aes_key + "="), salt)


class _Cipher(PrpCrypto):
    """wechatpy's, which takes its salt from `random`."""

    def __init__(self, key: bytes, salt: Callable[[], bytes]) -> None:
        super().__init__(key)
        self._salt = salt

    def get_random_string(self) -> bytes:
        return self._salt()


def _signature(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)
