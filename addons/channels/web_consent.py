"""The customer's consent to the privacy notice, and their ratings."""

import json
from datetime import datetime, timezone

from addons.channels.conversations import IDLE_SECONDS
from addons.channels.web_keys import WebKeys
from addons.stores.store import Store
from chinese.mask import mask_secrets

VERSION = "2026-11"
CONSENT_SECONDS = IDLE_SECONDS  # as long as the conversation: its name means nobody afterwards
RATINGS_LOG = "ratings"
MOST_RATINGS = 100_000
RATINGS_SECONDS = 365 * 24 * 3600.0


class Consents:
    """Which version of the notice a conversation agreed to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def given(self, conversation: str) -> bool:
        """Whether the present version was agreed to; the answer keeps it alive."""
        return await self._store.replace(_key(conversation), VERSION, VERSION, CONSENT_SECONDS)

    async def give(self, conversation: str) -> None:
        """Note that the present version was agreed to."""
        await self._store.set(_key(conversation), VERSION, CONSENT_SECONDS)

    async def copy(self, source: str, target: str) -> None:
        """A visitor who signs in need not agree again."""
        if await self.given(source):
            await self.give(target)


class Ratings:
    """Stars and comments, under a name of the conversation that leads nowhere."""

    def __init__(self, store: Store, keys: WebKeys) -> None:
        self._store, self._keys = store, keys

    async def add(self, conversation: str, score: int, comment: str) -> None:
        """Keep a rating; secrets in the comment are masked."""
        rating = {
            "conversation": self._keys.pseudonym("rating", conversation),
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "score": score,
            "comment": mask_secrets(comment).text,
        }
        await self._store.append(RATINGS_LOG, json.dumps(rating, ensure_ascii=False), MOST_RATINGS, RATINGS_SECONDS)


def _key(conversation: str) -> str:
    return f"web:consent:{conversation}"
