"""The store of this process with its values sealed: who reads Redis or its backups reads no word of a customer."""

import base64
import binascii
from contextlib import AbstractAsyncContextManager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from addons.channels.sealing import derived_key
from addons.stores.open import open_store
from addons.stores.store import Store

_FORM = b"1"  # also because nothing cannot be sealed


def open_sealed_store(context_key: str) -> Store:
    """The store that the environment names (open_store), sealed. Raises ValueError, StoreUnavailable."""
    return SealedStore(open_store(), context_key)


class SealedStore:
    """A Store over another one; keys and counters stay as they are.

    AES-SIV with the key as associated data: the same value under the same key is sealed the same way, so that `replace`
    can compare, and a value moved to another key does not open. What does not open (CONTEXT_KEY was changed) is gone.
    """

    def __init__(self, store: Store, context_key: str) -> None:
        """Raises ValueError when `context_key` is not 32 bytes in base64url."""
        self._store, self._cipher = store, AESSIV(derived_key(context_key, "channel store"))
        self.delete, self.count, self.close = store.delete, store.count, store.close

    async def get(self, key: str) -> str | None:
        """As Store.get."""
        held = await self._store.get(key)
        opened = self._open(key, held)
        if opened is None and held is not None:
            await self._store.delete(key)
        return opened

    async def set(self, key: str, value: str, lifetime: float) -> None:
        """As Store.set."""
        await self._store.set(key, self._seal(key, value), lifetime)

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        """As Store.add."""
        return await self._store.add(key, self._seal(key, value), lifetime)

    async def replace(self, key: str, expected: str, value: str, lifetime: float) -> bool:
        """As Store.replace."""
        return await self._store.replace(key, self._seal(key, expected), self._seal(key, value), lifetime)

    async def take(self, key: str) -> str | None:
        """As Store.take."""
        return self._open(key, await self._store.take(key))

    async def append(self, log: str, entry: str, most: int, lifetime: float) -> int:
        """As Store.append."""
        return await self._store.append(log, self._seal(log, entry), most, lifetime)

    async def entries(
        self, log: str, after: int = 0, before: int | None = None, most: int = 1000
    ) -> list[tuple[int, str]]:
        """As Store.entries."""
        held = await self._store.entries(log, after, before, most)
        opened = ((number, self._open(log, entry)) for number, entry in held)
        return [(number, entry) for number, entry in opened if entry is not None]

    def lock(self, key: str, lease: float = 30.0) -> AbstractAsyncContextManager[None]:
        """As Store.lock."""
        return self._store.lock(key, lease)

    def _seal(self, key: str, value: str) -> str:
        return base64.b64encode(self._cipher.encrypt(_FORM + value.encode(), [key.encode()])).decode()

    def _open(self, key: str, held: str | None) -> str | None:
        if held is None:
            return None
        try:
            opened = self._cipher.decrypt(base64.b64decode(held, validate=True), [key.encode()])
        except (InvalidTag, binascii.Error, ValueError):
            return None
        return opened[len(_FORM) :].decode()
