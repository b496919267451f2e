"""Two orders that meet on PostgreSQL: the first has had its effect and not yet committed when the second comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa

from services.core_bank import codes
from services.core_bank.drafts import KINDS, machine
from services.core_bank.errors import BankError
from tests.ledger.campaign import Campaign

PATIENCE_SECONDS = 20


def order(campaign: Campaign, kind: str, **fields: Any) -> Callable[[], object]:
    """The confirmation of an order of zhangwei that waits for nothing else."""
    bank, caller = campaign.bank, campaign.scene.callers["zhangwei"][0]
    draft = machine.create(bank, caller, KINDS[kind].Request.parse_obj({"kind": kind, **fields}))
    if draft["risk_question_open"]:
        machine.answer_risk(bank, caller, draft["id"], suspicious=False)
    if draft["needs_code"]:
        codes.send(bank, caller, draft["id"])
        codes.submit(bank, caller, campaign.newest_code(caller, draft["canonical_text"]))
    return partial(machine.confirm, bank, caller, draft["id"], draft["id"], {})


def stall_the_first(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """The next confirmation sets the one event when it is about to commit, and then waits for the other."""
    moved, go_on = Event(), Event()

    def stall_once(point: str) -> None:
        if point == "before_commit" and not moved.is_set():
            moved.set()
            assert go_on.wait(PATIENCE_SECONDS)

    monkeypatch.setattr(machine, "crash_point", stall_once)
    return moved, go_on


def one_before_the_other_has_committed(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, first: Callable[[], object], second: Callable[[], object]
) -> object:
    """What the second ends with, or its refusal. The first is an order, and ends well."""
    moved, go_on = stall_the_first(monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        leading = pool.submit(first)
        try:
            assert moved.wait(PATIENCE_SECONDS), leading.exception(0)
            following = pool.submit(second)
            _until_it_waits(campaign, following)
        finally:
            go_on.set()
        leading.result()
        return following.exception() or following.result()


def refusal(ended: object) -> str:
    """The rule of not_possible, or the code of another refusal. Fails when it was not refused."""
    assert isinstance(ended, BankError), ended
    return str(ended.details.get("rule", ended.code))


def told(ended: object) -> dict[str, str]:
    """The lines of the receipt of an order that was carried out."""
    assert not isinstance(ended, BaseException), ended
    return {line["label"]: line["value"] for line in json.loads(ended.body)["result"]["lines"]}  # type: ignore[attr-defined]


def _until_it_waits(campaign: Campaign, following: Future[object]) -> None:
    """For a lock of the database that the first holds; one that does not wait has overtaken the first."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'ledger'")
    for _ in range(50 * PATIENCE_SECONDS):
        with campaign.bank.db.read() as conn:
            if conn.execute(waiting).scalar_one():
                return
        assert not following.done(), f"the second did not wait for the first: {following}"
        time.sleep(0.02)
    pytest.fail("the second neither waited nor ended")
