"""How much one customer, one address and all together may send."""

from dataclasses import dataclass

from addons.stores.store import Store

MINUTE = 60.0
CONNECTIONS = 60  # open sockets of one address on one process
IN_FLIGHT = 3  # messages of one conversation that are not answered yet
LARGEST_PACKET = 64 * 1024  # bytes of one Socket.IO packet


@dataclass(frozen=True)
class Rates:
    """Most events within a minute."""

    messages_of_sender: int = 120
    messages_of_address: int = 600
    requests_of_sender: int = 240  # history, ratings, consent
    sessions_of_address: int = 240
    connections_of_address: int = 600
    sign_ins_of_address: int = 120
    reports_of_address: int = 30


class Limits:
    """Counters shared by all processes. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, messages_of_all: int, rates: Rates | None = None) -> None:
        self._store, self._messages_of_all, self._rates = store, messages_of_all, rates or Rates()

    async def message(self, sender: str, address: str) -> bool:
        """Whether one more message may come in."""
        return (
            await self._within(f"sender:{sender}", self._rates.messages_of_sender)
            and await self._within(f"address:{address}", self._rates.messages_of_address)
            and await self._within("all", self._messages_of_all)
        )

    async def request(self, sender: str) -> bool:
        """Whether a page may ask once more for history and the like."""
        return await self._within(f"request:{sender}", self._rates.requests_of_sender)

    async def session(self, address: str) -> bool:
        """Whether an address may ask once more for a session."""
        return await self._within(f"session:{address}", self._rates.sessions_of_address)

    async def connection(self, address: str) -> bool:
        """Whether an address may connect once more."""
        return await self._within(f"connection:{address}", self._rates.connections_of_address)

    async def sign_in(self, address: str) -> bool:
        """Whether an address may hand in one more sign-in token."""
        return await self._within(f"sign-in:{address}", self._rates.sign_ins_of_address)

    async def report(self, address: str) -> bool:
        """Whether one more report of a browser is read."""
        return await self._within(f"report:{address}", self._rates.reports_of_address)

    async def _within(self, key: str, most: int) -> bool:
        return await self._store.count(f"web:rate:{key}", MINUTE) <= most
