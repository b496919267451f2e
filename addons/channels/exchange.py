"""From a verified message to its answer: the one path that all channels share."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import UserMessage

from addons.channels.conversations import Conversation
from addons.channels.inbound import RawMessage, Services, receive
from addons.channels.output import Collector
from addons.channels.turns import Answer, Button, Message, TurnQueue, apologise

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Reader = Callable[[str, str], Awaitable[dict[str, Any] | None]]


class Exchange:
    """Takes a channel's messages through queue, inbound rules and Rasa, and makes the answer fit to leave."""

    def __init__(self, services: Services, on_new_message: OnNewMessage, turns: TurnQueue | None = None) -> None:
        self._services, self._on_new_message = services, on_new_message
        self._turns = turns or TurnQueue()

    async def answer(self, raw: RawMessage, conversation: Conversation, reader: Reader | None = None) -> Answer:
        """Answer to one message. `reader(conversation id, message id)` tells, in the sandbox, how Rasa read it."""
        return await self._turns.take(conversation.id, raw.message_id, lambda: self._turn(raw, conversation, reader))

    def forget(self, conversation: Conversation) -> None:
        """Let go of what is kept for a conversation that is over."""
        self._services.buttons.forget(conversation.id)
        self._turns.forget(conversation.id)

    async def _turn(self, raw: RawMessage, conversation: Conversation, reader: Reader | None) -> Answer:
        inbound = await receive(raw, conversation, self._services)
        manner = conversation.manner
        notices = tuple(Message(manner.written(notice)) for notice in inbound.notices)
        if inbound.text is None:
            return Answer(notices, refusal=inbound.refusal)
        collector, message_id = Collector(conversation.channel), uuid4().hex
        await self._on_new_message(
            UserMessage(
                inbound.text,
                collector,
                conversation.id,
                input_channel=conversation.channel,
                message_id=message_id,
                metadata=inbound.metadata,
            )
        )
        reading = await reader(conversation.id, message_id) if reader else None
        manner.adopt(collector.manner)
        spoken = manner.completed([message for message in collector.messages if _says_something(message)])
        said = tuple(self._published(message, conversation) for message in spoken)
        if not said:
            # Rasa swallows a failing action server and answers nothing.
            silent = apologise("the bot said nothing")
            return Answer(notices + silent.messages, reading, silent.incident)
        return Answer(notices + said, reading)

    def _published(self, message: dict[str, Any], conversation: Conversation) -> Message:
        written = conversation.manner.written
        titled = [button for button in message["buttons"] if button.get("title")]
        pressable = [str(button.get("payload") or button["title"]) for button in titled if not button.get("url")]
        ids = iter(self._services.buttons.issue(conversation.id, pressable) if pressable else ())
        buttons = tuple(
            Button(written(str(button["title"])), url=str(button["url"]))
            if button.get("url")
            else Button(written(str(button["title"])), id=next(ids))
            for button in titled
        )
        carried = {key: held for key, held in message.items() if key not in ("text", "buttons")}
        return Message(written(message["text"]), buttons, carried)


def _says_something(message: dict[str, Any]) -> bool:
    return any(message.values())
