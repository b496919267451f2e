"""Sending to a customer of WeCom, and finding again what did not arrive."""

import hashlib
from dataclasses import dataclass

from addons.channels.answers import Answer, Message, packed, unpacked
from addons.channels.wechat_compose import Pushed, kept
from addons.channels.wechat_outcome import ApiError, Outcome, Reason, Sent, outcome
from addons.channels.wecom_api import WeComApi
from addons.channels.wecom_desk import Places, WeComDesk
from addons.stores.store import Store

SENT_SECONDS = 3600.0  # in which WeCom tells that a message did not arrive


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
        try:
            code = await self.desk.code(customer)
            if code is not None:
                await self.api.respond(code, message, identity)
            else:
                await self.api.send(await self.places.of(customer), customer, message, identity, again)
        except ApiError as error:
            await self.store.delete(self._key(identity))
            if error.reason is Reason.WINDOW_CLOSED:
                await self.desk.look(customer)
            return outcome(error)
        return Sent()

    async def bounced(self, identity: str) -> tuple[Message, ...]:
        """What a message said that did not arrive; nothing when that was asked before, or it was not ours."""
        held = await self.store.take(self._key(identity))
        return unpacked(held).messages if held else ()

    def _key(self, identity: str) -> str:
        return f"wecom:{self.corp_id}:sent:{identity}"
