"""Signatures and encryption of pushes, written from the protocol text and independent of any WeChat library."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # bytes; the padding block of the protocol, although AES itself works on 16
_HEAD = 20  # bytes: 16 random ones and the length of the message
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class CryptoError(Exception):
    """What was received cannot be opened; the text says why and holds nothing secret."""


def signature(*parts: str) -> str:
    """Hexadecimal SHA-1 of the sorted parts: token, timestamp, nonce and, when encrypted, the sealed message."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def same(expected: str, presented: object) -> bool:
    """Constant-time comparison; what is no text is never the same."""
    return isinstance(presented, str) and hmac.compare_digest(expected.encode(), presented.encode("utf-8", "replace"))


def is_aes_key(text: str) -> bool:
    return _AES_KEY.fullmatch(text) is not None


class Sealer:
    """One EncodingAESKey (43 characters) and the id both sides expect in the message: AppID or CorpID."""

    def __init__(self, aes_key: str, receive_id: str) -> None:
        if not is_aes_key(aes_key):
            raise ValueError("an EncodingAESKey is 43 characters of A-Z a-z 0-9")
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def seal(self, message: bytes, random16: bytes | None = None) -> str:
        """Base64 of random16 + length + message + id under AES-256-CBC."""
        head = (random16 or secrets.token_bytes(16)) + struct.pack(">I", len(message))
        full = head + message + self._receive_id
        missing = _BLOCK - len(full) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(full + bytes([missing]) * missing) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> bytes:
        """The message. Raises CryptoError when anything at all is not as the protocol says."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise CryptoError("Encrypt is not base64") from None
        if not data or len(data) % _BLOCK:
            raise CryptoError(f"the sealed message is {len(data)} bytes, which is no multiple of {_BLOCK}")
        decryptor = self._cipher().decryptor()
        full = self._unpad(decryptor.update(data) + decryptor.finalize())
        if len(full) < _HEAD:
            raise CryptoError("the opened message is too short (wrong EncodingAESKey?)")
        end = _HEAD + struct.unpack(">I", full[16:_HEAD])[0]
        if end > len(full):
            raise CryptoError("the length inside the message is wrong (wrong EncodingAESKey?)")
        if not hmac.compare_digest(full[end:], self._receive_id):
            raise CryptoError("the id inside the message is not the account's")
        return full[_HEAD:end]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    @staticmethod
    def _unpad(padded: bytes) -> bytes:
        count = padded[-1]
        if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
            raise CryptoError("the padding is wrong (wrong EncodingAESKey?)")
        return padded[:-count]
