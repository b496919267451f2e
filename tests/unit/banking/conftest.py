from __future__ import annotations

from collections.abc import Iterator

import pytest
from tenacity import wait_fixed

from banking.breaker import Breaker
from banking.http import HttpCoreBank
from banking.http_transport import Timeouts
from tests.unit.banking.scripted import ScriptedBank

QUICK = Timeouts(connect=0.2, read=0.2, total=0.5)


@pytest.fixture
def scripted() -> Iterator[ScriptedBank]:
    bank = ScriptedBank()
    yield bank
    bank.close()


@pytest.fixture
def client(scripted: ScriptedBank, monkeypatch: pytest.MonkeyPatch) -> HttpCoreBank:
    """An adapter with short timeouts, short pauses and a breaker that stays out of the way."""
    monkeypatch.setattr("banking.http_client.READ_PAUSE", wait_fixed(0.01))
    return HttpCoreBank(scripted.url, scripted.token, timeouts=QUICK, breaker=Breaker(failures=1000))
