"""Fixtures every test folder may use."""

from tests.postgres import postgres_server, postgres_url
from tests.redis_server import redis_server, redis_url
from tests.stores import open_another, store

__all__ = ["open_another", "postgres_server", "postgres_url", "redis_server", "redis_url", "store"]
