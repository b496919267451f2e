"""What the bot says in one turn, collected without losing or splitting anything."""

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel

_CARRIED = ("image", "attachment", "custom")


class Collector(OutputChannel):
    """Keeps every message of a turn as {text, buttons, image?, attachment?, custom?}, in order.

    Rasa's own collector splits text at blank lines, and its base class raises on buttons without text and posts JSON
    dumps to customers.
    """

    def __init__(self, channel: str) -> None:
        """`channel`: the name that picks response variations in the domain."""
        self._channel = channel
        self.messages: list[dict[str, Any]] = []
        self.manner: dict[str, Any] = {}

    # Rasa calls it on the instance only, to choose the response variation of the channel.
    def name(self) -> str:
        """Name of the channel this answer goes to."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one response of the bot, whatever it is made of."""
        buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
        carried = {key: message[key] for key in _CARRIED if message.get(key)}
        custom = carried.get("custom")
        if isinstance(custom, dict) and "manner" in custom:
            self.manner |= custom["manner"]  # for the channel (manner.py), not for the customer
            return
        text = message.get("text") or (custom.get("text") if isinstance(custom, dict) else None)
        if text or buttons or carried:
            self._add(text, buttons, **carried)
        await self.send_elements(recipient_id, message.get("elements") or [])

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Collect a text."""
        self._add(text)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Collect a text with buttons."""
        self._add(text, buttons)

    async def send_quick_replies(
        self, recipient_id: str, text: str, quick_replies: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Collect a text with quick replies, which are buttons to us."""
        self._add(text, quick_replies)

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Collect an image."""
        self._add(image=image)

    async def send_attachment(self, recipient_id: str, attachment: str, **kwargs: Any) -> None:
        """Collect an attachment."""
        self._add(attachment=attachment)

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Collect a custom payload."""
        self._add(custom=json_message)

    async def send_elements(self, recipient_id: str, elements: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        """Collect each card of a carousel as a message of its own."""
        for element in elements:
            lines = (element.get("title"), element.get("subtitle"))
            self._add("\n".join(line for line in lines if line), element.get("buttons") or [])

    def _add(self, text: Any = None, buttons: Iterable[dict[str, Any]] = (), **carried: Any) -> None:
        self.messages.append({"text": str(text or "").strip(), "buttons": list(buttons), **carried})
