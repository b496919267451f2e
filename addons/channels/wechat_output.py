"""Messages that no customer asked for: reminders, notices, what the desk writes."""

import logging
import secrets
from typing import Any

from addons.channels.answers import Answer
from addons.channels.conversations import Conversation, ConversationStore
from addons.channels.exchange import Exchange
from addons.channels.output import Collector
from addons.channels.wechat_delivery import Delivery
from addons.channels.wechat_followers import Followers
from addons.channels.wechat_owed import Owed
from addons.stores.store import StoreUnavailable

logger = logging.getLogger(__name__)


class WeChatOutput(Collector):
    """Rasa's way to a follower by the id of the conversation (tracker events API, trigger_intent, reminders).

    Pushed within the quota; else kept for the customer's next message, with a template message that says so.
    """

    def __init__(
        self,
        name: str,
        exchange: Exchange,
        conversations: ConversationStore,
        followers: Followers,
        delivery: Delivery,
    ) -> None:
        super().__init__(name)
        self._exchange, self._conversations = exchange, conversations
        self._followers, self._delivery = followers, delivery

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Push a response, or keep it."""
        await super().send_response(recipient_id, message)
        collected, self.messages = self.messages, []
        try:
            reached = await self._followers.reached(recipient_id)
            if reached is None:
                logger.error("a message was not sent: no follower is known for the conversation")
                return
            manner = await self._conversations.manner_of(recipient_id)
            conversation = Conversation(recipient_id, self.name(), manner=manner)
            said = tuple([await self._exchange.published(raw, conversation) for raw in collected])
            openid, owner = reached
            owed = Owed(openid, recipient_id, Answer(said), owner)
            await self._delivery.tell(owed, secrets.token_hex(8), manner.language)
        except StoreUnavailable as error:
            logger.error("a message to a customer was lost, store unavailable: %s", error)
