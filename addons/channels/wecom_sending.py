"""Sending to a customer of WeCom, and finding again what did not arrive."""

import hashlib
import logging
from dataclasses import dataclass

from addons.channels.answers import Answer, Message, packed, unpacked
from addons.channels.wechat_compose import Pushed, kept
from addons.channels.wechat_outcome import ApiError, Outcome, Reason, Sent, outcome
from addons.channels.wecom_api import WeComApi
from addons.channels.wecom_desk import Places, WeComDesk
from addons.stores.store import Store

SENT_SECONDS = 3600.0  # in which WeCom tells that a message did not arrive

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sender:
    """Of one corporation. Every method may raise StoreUnavailable."""

    store: Store
    corp_id: str
    api: WeComApi
    places: Places
    desk: WeComDesk

    async def send(self, customer: str, message: Pushed, reference: str) -> Outcome:
        """Send a message; under the same `reference` it arrives once, whichever processes send it."""
        identity = hashlib.sha256(f"{customer} {reference}".encode()).hexdigest()[:32]
        again = not await self.store.add(self._key(identity), packed(Answer((kept(message),))), SENT_SECONDS)
        if await self._with_code(customer, message, identity):
            return Sent()
        try:
            await self.api.send(await self.places.of(customer), customer, message, identity, again)
        except ApiError as error:
            await self.store.delete(self._key(identity))
            if error.reason is Reason.WINDOW_CLOSED:
                await self.desk.look(customer)
            return outcome(error)
        return Sent()

    async def _with_code(self, customer: str, message: Pushed, identity: str) -> bool:
        """Send the one message that a session may have which we ended just now, if there is such a one."""
        code = await self.desk.code(customer)
        if code is None:
            return False
        try:
            await self.api.respond(code, message, identity)
        except ApiError as error:
            logger.warning("not sent to a session that is over: %s", error)
            return False
        return True

    async def bounced(self, identity: str) -> tuple[Message, ...]:
        """What a message said that did not arrive; nothing when that was asked before, or it was not ours."""
        held = await self.store.take(self._key(identity))
        return unpacked(held).messages if held else ()

    def _key(self, identity: str) -> str:
        return f"wecom:{self.corp_id}:sent:{identity}"
