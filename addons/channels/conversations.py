"""Conversations of a channel: who talks in them, and the tokens that open them."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from addons.channels.codes import SubmittedCodes
from addons.channels.manner import Manner

IDLE_SECONDS = 8 * 3600
MOST_CONVERSATIONS = 10_000


@dataclass
class Conversation:
    """One customer or visitor on one channel; `session` is None for a visitor and after the sign-in has run out."""

    id: str
    channel: str
    session: str | None = None
    manner: Manner = field(default_factory=Manner)
    submitted: SubmittedCodes = field(default_factory=SubmittedCodes)


class ConversationStore:
    """Conversations by bearer token (256 bit, kept as a digest); idle ones go after 8 hours, the oldest when full."""

    def __init__(self, now: Callable[[], float] = time.monotonic, most: int = MOST_CONVERSATIONS) -> None:
        self._now, self._most = now, most
        self._kept: OrderedDict[str, tuple[Conversation, float]] = OrderedDict()

    def open(self, channel: str, session: str | None, elder_mode: bool = False) -> tuple[Conversation, str]:
        """A new conversation with an id nobody can guess, and its token."""
        token = secrets.token_urlsafe(32)
        manner = Manner(elder_mode=elder_mode)
        conversation = Conversation(f"{channel}-{secrets.token_hex(16)}", channel, session, manner)
        self._keep(_digest(token), conversation)
        return conversation, token

    def find(self, token: str) -> Conversation | None:
        """Conversation of a token; None for one that is unknown, closed or too long idle."""
        digest = _digest(token)
        conversation, expires = self._kept.get(digest, (None, 0.0))
        if conversation is None or expires <= self._now():
            return None
        self._keep(digest, conversation)
        return conversation

    def close(self, token: str) -> None:
        """Forget a conversation."""
        self._kept.pop(_digest(token), None)

    def _keep(self, digest: str, conversation: Conversation) -> None:
        self._kept[digest] = (conversation, self._now() + IDLE_SECONDS)
        self._kept.move_to_end(digest)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
