"""What channels keep between messages: small values with a lifetime, counters, logs and locks, for all processes."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class StoreUnavailable(Exception):
    """The store cannot be reached or did not answer in time. The text names the kind of error, never an address."""


class Store(Protocol):
    """Text values under text keys; both can be written as UTF-8. Lifetimes are seconds.

    Every method may raise StoreUnavailable, after which it is unknown whether a change was made.
    """

    async def get(self, key: str) -> str | None:
        """Value of a key; None when there is none (any more)."""

    async def set(self, key: str, value: str, lifetime: float) -> None:
        """Put a value, whatever was there."""

    async def add(self, key: str, value: str, lifetime: float) -> bool:
        """Put a value unless the key has one; whether it was put. One caller of all processes wins."""

    async def replace(self, key: str, expected: str, value: str, lifetime: float) -> bool:
        """Put a value if the key holds `expected`; whether it was put. One caller of all processes wins."""

    async def take(self, key: str) -> str | None:
        """Value of a key, which is deleted; one caller gets it."""

    async def delete(self, *keys: str) -> None:
        """Forget values, counters and logs."""

    async def count(self, key: str, window: float) -> int:
        """Add one to a counter that begins anew every `window` seconds; its new value."""

    async def append(self, log: str, entry: str, most: int, lifetime: float) -> int:
        """Add to a log that keeps its newest `most` entries and lives on with each one; the entry's number, from 1."""

    async def entries(
        self, log: str, after: int = 0, before: int | None = None, most: int = 1000
    ) -> list[tuple[int, str]]:
        """The newest `most` entries numbered above `after` and below `before`, oldest first, with their numbers."""

    def lock(self, key: str, lease: float = 30.0) -> AbstractAsyncContextManager[None]:
        """One holder of all processes, first come first served within one; kept while held.

        `lease`: seconds after which the lock of a process that died is given up.
        """

    async def close(self) -> None:
        """Let go of connections."""
