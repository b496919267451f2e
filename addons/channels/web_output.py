"""Messages that no customer asked for: reminders, notices, what the desk writes."""

import logging
from typing import Any

from addons.channels.conversations import CUSTOMERS, Conversation, ConversationStore
from addons.channels.exchange import Exchange
from addons.channels.output import Collector
from addons.channels.web_log import NOTICE, SPEAKERS
from addons.channels.web_push import Push
from addons.channels.web_sessions import NAME
from addons.stores.store import StoreUnavailable

logger = logging.getLogger(__name__)


class WebOutput(Collector):
    """Rasa's way to a conversation of this channel by its id (tracker events API, trigger_intent, reminders).

    `from` in the metadata of a bot event says who speaks: notice (default), desk or bot.
    """

    def __init__(self, exchange: Exchange, conversations: ConversationStore, push: Push) -> None:
        super().__init__(NAME)
        self._exchange, self._conversations, self._push = exchange, conversations, push

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response in the conversation's log and send it to the open pages."""
        speaker = message.get("from") if message.get("from") in SPEAKERS else NOTICE
        await super().send_response(recipient_id, message)
        collected, self.messages = self.messages, []
        if not recipient_id.startswith((f"{NAME}-", f"{CUSTOMERS}-")):
            logger.error("a message to %r was not sent: not a conversation of the web channel", recipient_id[:20])
            return
        try:
            conversation = Conversation(recipient_id, NAME, manner=await self._conversations.manner_of(recipient_id))
            published = [await self._exchange.published(raw, conversation) for raw in collected]
            await self._push.messages(recipient_id, tuple(published), None, str(speaker))
        except StoreUnavailable as error:
            logger.error("a message to a customer was lost, store unavailable: %s", error)
