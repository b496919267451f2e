"""The store that the environment names."""

import os

from addons.stores.redis_store import RedisStore
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store


def open_store() -> Store:
    """RedisStore at REDIS_URL when it is set, else SqliteStore at CHANNEL_DB (both: tools/environment.py).

    Raises StoreUnavailable for a file that cannot be opened, ValueError for a REDIS_URL of another form.
    """
    url = os.environ.get("REDIS_URL")
    return RedisStore(url) if url else SqliteStore(os.environ["CHANNEL_DB"])
