"""From a verified message to its answer: the one path that all channels share."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import UserMessage

from addons.channels.answers import Answer, Button, Message, apologise
from addons.channels.buttons import Pressed
from addons.channels.conversations import Conversation
from addons.channels.inbound import Inbound, RawMessage, Services, receive
from addons.channels.output import Collector
from addons.channels.turns import Listener, Turn, TurnQueue, listened
from addons.stores.patience import patiently

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Reader = Callable[[str, str], Awaitable[dict[str, Any] | None]]


class Exchange:
    """Takes a channel's messages through queue, inbound rules and Rasa, and makes the answer fit to leave."""

    def __init__(self, services: Services, on_new_message: OnNewMessage, turns: TurnQueue) -> None:
        self._services, self._on_new_message, self._turns = services, on_new_message, turns

    async def begin(
        self,
        raw: RawMessage,
        conversation: Conversation,
        reader: Reader | None = None,
        listener: Listener | None = None,
    ) -> Turn:
        """Take one message and return at once: `Turn.busy` tells whether it was refused, `Turn.answer()` its answer.

        `reader(conversation id, message id)` tells, in the sandbox, how Rasa read it. A channel that delivers by itself
        does so as a `listener`, in order; for any other one an answer that comes too late goes out with the next one.
        """

        async def job() -> Answer:
            return await self._turn(raw, conversation, reader, listener)

        return await self._turns.begin(conversation.id, raw.message_id, job, listener)

    async def answer(
        self,
        raw: RawMessage,
        conversation: Conversation,
        reader: Reader | None = None,
        listener: Listener | None = None,
    ) -> Answer:
        """Answer to one message, for a channel that waits for it."""
        return await (await self.begin(raw, conversation, reader, listener)).answer()

    async def forget(self, conversation: Conversation) -> None:
        """Let go of what is kept for a conversation that is over on all its devices. Raises StoreUnavailable."""
        await self._services.buttons.forget(conversation.id)
        await self._turns.forget(conversation.id)

    async def _turn(
        self, raw: RawMessage, conversation: Conversation, reader: Reader | None, listener: Listener | None
    ) -> Answer:
        buttons = self._services.buttons
        async with self._services.conversations.turn(conversation):
            live = await buttons.live(conversation.id)
            inbound = await receive(raw, conversation, self._services)
            if raw.desk:
                inbound = replace(inbound, metadata={**inbound.metadata, "desk": True})
            if listener is not None and inbound.shown:
                await listened(listener.heard(inbound.shown))
            answer = await self._answered(inbound, conversation, reader)
            left = await patiently(lambda: buttons.live(conversation.id))
            return replace(answer, spent=tuple(sorted(live - left)))

    async def _answered(self, inbound: Inbound, conversation: Conversation, reader: Reader | None) -> Answer:
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
        said = tuple([await patiently(partial(self.published, message, conversation)) for message in spoken])
        if not said:
            # Rasa swallows a failing action server and answers nothing.
            silent = apologise("the bot said nothing")
            return Answer(notices + silent.messages, reading, silent.incident)
        return Answer(notices + said, reading)

    async def published(self, message: dict[str, Any], conversation: Conversation) -> Message:
        """A message of the bot (output.Collector) as it may leave. Raises StoreUnavailable."""
        written = conversation.manner.written
        titled = [
            (written(str(button["title"])), button.get("url"), str(button.get("payload") or button["title"]))
            for button in message["buttons"]
            if button.get("title")
        ]
        pressable = [Pressed(payload, title) for title, url, payload in titled if not url]
        asks_code = (message.get("custom") or {}).get("type") == "one_time_code"
        issued = await self._services.buttons.issue(conversation.id, pressable, asks_code) if pressable else ()
        ids = iter(issued)
        buttons = tuple(Button(title, url=str(url)) if url else Button(title, id=next(ids)) for title, url, _ in titled)
        carried = {key: held for key, held in message.items() if key not in ("text", "buttons")}
        if "custom" in carried:
            carried["custom"] = conversation.manner.written_throughout(carried["custom"])
        return Message(written(message["text"]), buttons, carried)


def _says_something(message: dict[str, Any]) -> bool:
    return any(message.values())
