"""What leaves over the sockets: to every page of a conversation, on whatever process it hangs."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from addons.channels.answers import Message
from addons.channels.web_log import BOT, ConversationLog, Item, item_of, without_choices
from addons.channels.web_server import WebServer
from addons.stores.store import Store, StoreUnavailable

MOST_SOCKETS = 50  # of one cookie
SOCKETS_SECONDS = 24 * 3600.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Push:
    """Items go into the log first and are sent then: a page that is away finds them when it comes back."""

    server: WebServer
    log: ConversationLog
    store: Store

    async def item(self, conversation: str, item: Item) -> None:
        """Keep and send an item, which waits for a store that is away. Raises StoreUnavailable."""
        if (moved := await self.log.moved(conversation)) is not None:  # signed in while it was on its way
            conversation, item = moved, without_choices(item)
        await self.to_conversation(conversation, "item", await self.log.add_for_sure(conversation, item))

    async def messages(
        self, conversation: str, messages: tuple[Message, ...], reply_to: str | None, speaker: str = BOT
    ) -> None:
        """Keep and send messages, in order. Raises StoreUnavailable."""
        for message in messages:
            await self.item(conversation, item_of(message, reply_to, speaker))

    async def to_conversation(self, conversation: str, event: str, data: dict[str, Any]) -> None:
        """Send to all pages of a conversation."""
        await _sent(self.server.emit(event, data, room=_conversation_room(conversation)))

    async def to_device(self, device: str, event: str, data: dict[str, Any]) -> None:
        """Send to all tabs of a browser."""
        await _sent(self.server.emit(event, data, room=_device_room(device)))

    async def join(self, sid: str, conversation: str, device: str) -> None:
        """Let a socket hear its conversation. Raises StoreUnavailable."""
        await self.store.append(_sockets_log(device), sid, MOST_SOCKETS, SOCKETS_SECONDS)
        await self.server.enter_room(sid, _device_room(device))
        await self.server.enter_room(sid, _conversation_room(conversation))

    async def drop(self, device: str, event: str, data: dict[str, Any]) -> None:
        """Tell the sockets of a cookie that is over, and close them, on all processes."""
        await self.to_device(device, event, data)
        try:
            for _, sid in await self.store.entries(_sockets_log(device)):
                await _sent(self.server.disconnect(sid))
            await self.store.delete(_sockets_log(device))
        except StoreUnavailable as error:
            logger.warning("sockets of a cookie that is over were not closed: %s", error)


async def _sent(sending: Awaitable[None]) -> None:
    """What cannot be sent is in the log; a page finds it there."""
    try:
        await sending
    except Exception as error:  # of the socket manager, whatever its backend raises
        logger.warning("not sent to the open pages: %s", type(error).__name__)


def _conversation_room(conversation: str) -> str:
    return f"conversation:{conversation}"


def _device_room(device: str) -> str:
    return f"device:{device}"


def _sockets_log(device: str) -> str:
    return f"web:sockets:{device}"
