"""Conversations of the channels: who talks in them from which device, and how each wants to be spoken to."""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from addons.channels.manner import Manner
from addons.channels.sealing import Sealer
from addons.stores.patience import patiently
from addons.stores.store import Store

IDLE_SECONDS = 8 * 3600.0
SEALED_FOR = "stored session"
CUSTOMERS = "customer"  # how ids of conversations begin that a customer has on several channels


@dataclass
class Conversation:
    """A visitor's conversation on one channel, or a customer's on all of them, seen from one of its devices.

    `session`: the device's own sign-in at the core; None for a visitor and after the sign-in has run out.
    `customers`: it belongs to a customer; a device of it without a session has nothing to see there any more.
    """

    id: str
    channel: str
    session: str | None = None
    manner: Manner = field(default_factory=Manner)
    device: str = ""
    customers: bool = False


class ConversationStore:
    """Conversations by bearer token (256 bit, kept as a digest), the same for all processes.

    Idle ones end after 8 hours. The core's session reference is sealed before it is stored. Every method may raise
    StoreUnavailable.
    """

    def __init__(self, store: Store, context_key: str) -> None:
        """Raises ValueError for a key that is not 32 bytes in base64url (CONTEXT_KEY)."""
        self._store, self._sealer = store, Sealer(context_key, SEALED_FOR)

    async def open(
        self,
        channel: str,
        session: str | None,
        elder_mode: bool = False,
        subject: str | None = None,
        token: str | None = None,
        begins_as: str | None = None,
    ) -> tuple[Conversation, str]:
        """A device's token, and the conversation that it opens, whose id nobody can guess.

        `subject`, an opaque pseudonym of the customer, finds the live conversation that their other devices have, on
        whatever channel. `elder_mode` is for a conversation that begins. `token` and `begins_as` (id of a conversation
        that begins) are for a device that cannot be given a token; both as hard to guess as those made here.
        """
        known = _subject_key(subject) if subject is not None else None
        whose = CUSTOMERS if known else channel
        conversation = await self._begin(begins_as or f"{whose}-{secrets.token_hex(16)}", known)
        await self._store.add(_manner_key(conversation), _written(Manner(elder_mode=elder_mode)), IDLE_SECONDS)
        token = token or secrets.token_urlsafe(32)
        record = {"conversation": conversation, "channel": channel, "subject": known}
        await self._store.set(_device_key(token), self._sealed(record, session), IDLE_SECONDS)
        manner, device = await self.manner_of(conversation), _device_key(token)
        return Conversation(conversation, channel, session, manner, device, known is not None), token

    async def find(self, token: str) -> Conversation | None:
        """Conversation of a token; None for one that is unknown, closed or too long idle."""
        return await self._find(_device_key(token))

    async def rotate(self, token: str) -> str | None:
        """A new token in place of one that is no good from now on; None for one that is unknown. One caller gets it."""
        held = await self._store.take(_device_key(token))
        if held is None:
            return None
        fresh = secrets.token_urlsafe(32)
        await self._store.set(_device_key(fresh), held, IDLE_SECONDS)
        return fresh

    async def close(self, token: str) -> None:
        """Forget a device. The conversation goes on for the customer's other ones, and for his next within 8 hours."""
        await self._store.delete(_device_key(token))

    async def end_sign_in(self, conversation: Conversation) -> None:
        """This device is a visitor's from now on: the core knows its session no more."""
        conversation.session = None
        while (held := await self._store.get(conversation.device)) is not None:
            record = {**json.loads(held), "session": None}
            if await self._store.replace(conversation.device, held, json.dumps(record), IDLE_SECONDS):
                return

    @asynccontextmanager
    async def turn(self, conversation: Conversation) -> AsyncIterator[None]:
        """Bring `conversation` up to date for its turn, and keep what the turn makes of the manner.

        A message may have waited while the device was signed out or the language was changed from another one.
        """
        found = await self._find(conversation.device)
        conversation.session = found.session if found else None
        conversation.manner = found.manner if found else await self.manner_of(conversation.id)
        before = replace(conversation.manner)
        try:
            yield
        finally:
            if conversation.manner != before:
                kept = _manner_key(conversation.id), _written(conversation.manner), IDLE_SECONDS
                await patiently(lambda: self._store.set(*kept))

    async def _begin(self, fresh: str, known: str | None) -> str:
        while known is not None and not await self._store.add(known, fresh, IDLE_SECONDS):
            if (live := await self._store.get(known)) is not None:
                return live
        return fresh

    async def _find(self, device: str) -> Conversation | None:
        held = await self._used(device)
        if held is None:
            return None
        record: dict[str, Any] = json.loads(held)
        session = None
        if record["session"] is not None:
            session = self._sealer.open(record["session"], record["conversation"])
            if session is None:  # sealed under another CONTEXT_KEY
                return None
        if record["subject"] is not None:
            await self._used(record["subject"])
        conversation, customers = record["conversation"], record["subject"] is not None
        manner = await self.manner_of(conversation)
        return Conversation(conversation, record["channel"], session, manner, device, customers)

    async def manner_of(self, conversation: str) -> Manner:
        """How the customer of a conversation wants to be spoken to."""
        held = await self._used(_manner_key(conversation))
        return Manner(**json.loads(held)) if held else Manner()

    async def _used(self, key: str) -> str | None:
        """Value of a key, which lives on; never one that another process has just replaced or deleted."""
        while (held := await self._store.get(key)) is not None:
            if await self._store.replace(key, held, held, IDLE_SECONDS):
                return held
        return None

    def _sealed(self, record: dict[str, Any], session: str | None) -> str:
        sealed = self._sealer.seal(session, record["conversation"]) if session is not None else None
        return json.dumps({**record, "session": sealed})


def _written(manner: Manner) -> str:
    return json.dumps(asdict(manner))


def _device_key(token: str) -> str:
    return f"device:{_digest(token)}"


def _subject_key(subject: str) -> str:
    return f"subject:{_digest(subject)}"


def _manner_key(conversation: str) -> str:
    return f"manner:{conversation}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
