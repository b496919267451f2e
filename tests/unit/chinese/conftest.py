"""A fixed present for every test: Wednesday 20 May 2026, 14:20 in Shanghai."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from chinese import Quantity, extract

NOW = datetime(2026, 5, 20, 14, 20, tzinfo=timezone(timedelta(hours=8)))

Read = Callable[..., list[Quantity]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def read() -> Read:
    """`read(text, dim=None, prefer="auto")`: the quantities, of one dimension if named."""

    def run(text: str, dim: str | None = None, prefer: str = "auto") -> list[Quantity]:
        return [q for q in extract(text, NOW, prefer) if dim is None or q.dim == dim]

    return run
