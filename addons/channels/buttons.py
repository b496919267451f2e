"""One-time buttons: what leaves is a random id, what Rasa gets back is the payload kept here."""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from addons.stores.store import Store

LIFETIME_SECONDS = 30 * 60.0
MOST_GROUPS = 20

# Buttons of one message: id -> [payload, title]; when they expire (seconds since 1970); whether it asks for a code.
_Offered = dict[str, list[str]]
_Group = tuple[_Offered, float, bool]


@dataclass(frozen=True)
class Pressed:
    """What a button stands for (`payload`, for Rasa) and what the customer saw on it (`title`)."""

    payload: str
    title: str


class ButtonStore:
    """Live buttons of every conversation, the same for all processes. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, lifetime: float = LIFETIME_SECONDS) -> None:
        self._store, self._lifetime = store, lifetime

    async def issue(self, conversation: str, buttons: Sequence[Pressed], asks_code: bool = False) -> list[str]:
        """Ids (128 bit) for the buttons of one message, in order; `asks_code`: it waits for a one-time code.

        An older message of the conversation that offers one of the same payloads dies: a stale "确认" must not confirm
        what a newer message shows.
        """
        group: _Group = (
            {secrets.token_urlsafe(16): [button.payload, button.title] for button in buttons},
            time.time() + self._lifetime,
            asks_code,
        )
        payloads = {button.payload for button in buttons}
        held: str | None = None
        written = False
        while not written:
            held = await self._store.get(_key(conversation))
            others = [old for old in _live(held) if payloads.isdisjoint(payload for payload, _ in old[0].values())]
            written = await self._write(conversation, held, [*others, group][-MOST_GROUPS:])
        return list(group[0])

    async def press(self, conversation: str, button: str) -> Pressed | None:
        """A live button of this conversation, whose whole message is spent by it; None for any other id.

        Of several that press at the same time, in whichever process, one gets it.
        """
        while True:
            held = await self._store.get(_key(conversation))
            groups = _live(held)
            pressed = next((group for group in groups if button in group[0]), None)
            if pressed is None:
                return None
            if await self._write(conversation, held, [group for group in groups if group is not pressed]):
                return Pressed(*pressed[0][button])

    async def code_taken(self, conversation: str) -> None:
        """Spend the buttons of the messages that asked for a code, such as "send again": none is awaited now."""
        while (held := await self._store.get(_key(conversation))) is not None:
            if await self._write(conversation, held, [group for group in _live(held) if not group[2]]):
                return

    async def live(self, conversation: str) -> set[str]:
        """Ids that can be pressed."""
        return set(await self.offered(conversation))

    async def offered(self, conversation: str) -> dict[str, Pressed]:
        """What can be pressed, by id."""
        held = await self._store.get(_key(conversation))
        return {button: Pressed(*what) for offered, *_ in _live(held) for button, what in offered.items()}

    async def forget(self, conversation: str) -> None:
        """Drop the buttons of a conversation that is over."""
        await self._store.delete(_key(conversation))

    async def _write(self, conversation: str, held: str | None, groups: list[_Group]) -> bool:
        """Put the groups unless another process was faster."""
        key, value = _key(conversation), json.dumps(groups)
        if held is None:
            return await self._store.add(key, value, self._lifetime)
        return await self._store.replace(key, held, value, self._lifetime)


def _live(held: str | None) -> list[_Group]:
    groups: list[_Group] = json.loads(held) if held else []
    return [group for group in groups if group[1] > time.time()]


def _key(conversation: str) -> str:
    return f"buttons:{conversation}"
