"""WeChat's own desk, for banks that use it: who waits for an agent there, and who talks to one."""

import logging
from dataclasses import dataclass
from typing import Protocol

from addons.channels.wechat_api import WeChatApi
from addons.channels.wechat_outcome import ApiError, Sent
from addons.stores.store import Store

QUEUED, HELD = "queued", "held"
RETURN_SECONDS = 30 * 60.0  # after which WeChat sends a customer's messages to us again

logger = logging.getLogger(__name__)


class Desk(Protocol):
    """The people of an account who can take a customer over. Every method may raise StoreUnavailable."""

    @property
    def on(self) -> bool:
        """Whether the bot may hand customers over."""

    async def queue(self, openid: str) -> None:
        """The customer is about to be handed over."""

    async def waits(self, openid: str) -> bool:
        """Whether the customer waits for somebody, and may stop waiting."""

    async def holds(self, openid: str) -> bool:
        """Whether a person has the customer, as far as we were told."""

    async def silences(self, openid: str, held: bool) -> bool:
        """Whether what the customer said is for a person, who reads it without us. `held`: what `holds` said then."""

    async def leave(self, openid: str) -> None:
        """The bot talks to the customer again."""

    async def changed(self, openid: str, change: str) -> None:
        """What WeChat tells about a session: create, close or switch."""

    async def connect(self, openid: str, language: str) -> bool:
        """Connect the customer with a person; False when there is nobody, and the customer has to be told."""


@dataclass(frozen=True)
class WeChatDesk:
    """WeChat's own desk of one account; `on`: the bank uses it. Every method may raise StoreUnavailable."""

    store: Store
    account: str
    api: WeChatApi
    on: bool

    async def queue(self, openid: str) -> None:
        """The customer waits for an agent; what they write meanwhile still comes to us, and goes on to the desk."""
        await self.store.set(self._key(openid), QUEUED, RETURN_SECONDS)

    async def waits(self, openid: str) -> bool:
        """Whether a message of the customer is for the desk.

        One of a customer who talks to an agent is ours: WeChat sends it to us because that is over.
        """
        if not self.on:
            return False
        state = await self.store.get(self._key(openid))
        if state == HELD:
            await self.leave(openid)
        return state == QUEUED

    async def holds(self, openid: str) -> bool:
        """Never: WeChat does not send us what is said to an agent."""
        return False

    async def silences(self, openid: str, held: bool) -> bool:
        """Never, as above."""
        return False

    async def leave(self, openid: str) -> None:
        """The bot talks to the customer again."""
        await self.store.delete(self._key(openid))

    async def changed(self, openid: str, change: str) -> None:
        """What WeChat tells about a session: create, close or switch."""
        if change == "close":
            return await self.leave(openid)
        await self.store.set(self._key(openid), HELD, RETURN_SECONDS)

    async def connect(self, openid: str, language: str) -> bool:
        """Connect a customer with an agent who is there, for when no reply can hand them over any more.

        With nobody there they wait: their next message is handed over.
        """
        try:
            agents = await self.api.agents_online()
        except ApiError as error:
            logger.warning("not known who is at WeChat's desk: %s", error)
            return True
        for agent in agents:
            outcome = await self.api.transfer(openid, agent)
            if isinstance(outcome, Sent):
                break
            logger.warning("a customer was not connected with an agent: %s", outcome.reason.value)
        return True

    def _key(self, openid: str) -> str:
        return f"wechat:{self.account}:desk:{openid}"
