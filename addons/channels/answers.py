"""What a message of a customer brings back, as channels deliver it and as it is kept for a repeat."""

import json
import logging
import secrets
import traceback
from dataclasses import asdict, dataclass, field
from typing import Any

from addons.channels.wording import say

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Button:
    """A button as a customer sees it: pressed by `id`, or a link."""

    title: str
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """One bubble. `carried` holds what is neither text nor button: image, attachment, custom."""

    text: str
    buttons: tuple[Button, ...] = ()
    carried: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """All that one message of a customer brings back.

    `reading`: how Rasa read it (sandbox). `incident`: id of an apology. `refusal`: why nothing went to Rasa.
    `spent`: ids of buttons that could be pressed before this turn and cannot any more.
    """

    messages: tuple[Message, ...]
    reading: dict[str, Any] | None = None
    incident: str | None = None
    refusal: str | None = None
    spent: tuple[str, ...] = ()


def packed(answer: Answer) -> str:
    """An answer as a JSON object."""
    return json.dumps(asdict(answer), default=str)


def unpacked(text: str) -> Answer:
    """The answer that `packed` made a text of."""
    held = json.loads(text)
    messages = tuple(
        Message(message["text"], tuple(Button(**button) for button in message["buttons"]), message["carried"])
        for message in held["messages"]
    )
    return Answer(**{**held, "messages": messages, "spent": tuple(held["spent"])})


def apologise(reason: str, sentence: str = "apology") -> Answer:
    """Apology with an incident id; the log gets the id and the reason, and no word of the customer."""
    incident = secrets.token_hex(4).upper()
    logger.error("incident %s: %s", incident, reason)
    return Answer((Message(say(sentence, incident=incident)),), incident=incident)


def origin(error: BaseException) -> str:
    """Type and place of an exception; its message may quote the customer."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
