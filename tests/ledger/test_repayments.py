"""A credit card bill and everything that may pay it in the same moment: it is paid once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import codes, sandbox
from services.core_bank.credit_card import due
from services.core_bank.credit_card.repay import RepayCreditCardRequest
from services.core_bank.credit_card.tables import credit_cards
from services.core_bank.drafts import machine
from services.core_bank.errors import BankError
from tests.ledger.campaign import NOON, Campaign

BILL_FEN = 4_286_35
PATIENCE_SECONDS = 20

# On SQLite nobody gets in beside a writer.
pytestmark = pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)


def _repayment(campaign: Campaign, tail: str, amount_fen: int) -> Callable[[], object]:
    """The confirmation of an order that has its code."""
    caller, accounts = campaign.scene.callers["zhangwei"][0], campaign.scene.accounts
    request = RepayCreditCardRequest(
        kind="repay_credit_card",
        account_id=accounts["zhangwei", "8812"],
        from_account_id=accounts["zhangwei", tail],
        amount_fen=amount_fen,
    )
    draft = machine.create(campaign.bank, caller, request)
    codes.send(campaign.bank, caller, draft["id"])
    codes.submit(campaign.bank, caller, campaign.newest_code(caller, draft["canonical_text"]))
    return partial(machine.confirm, campaign.bank, caller, draft["id"], draft["id"], {})


def _autopay(campaign: Campaign, tail: str) -> Callable[[], object]:
    """A request that finds the bill due."""

    def agree(conn: Connection) -> None:
        account_id = campaign.scene.accounts["zhangwei", tail]
        values = {"autopay_share": "full", "autopay_account_id": account_id, "due_on": NOON.date() - timedelta(days=1)}
        conn.execute(sa.update(credit_cards).values(**values))

    campaign.bank.db.transact(agree)
    caller = campaign.scene.callers["zhangwei"][0]
    return partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)


def _one_before_the_other_has_committed(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, first: Callable[[], object], second: Callable[[], object]
) -> object:
    """What the second ends with, or its refusal. It comes when the money of the first has moved, and has to wait."""
    moved, go_on = threading.Event(), threading.Event()

    def stall_once(point: str) -> None:
        if point == "before_commit" and not moved.is_set():
            moved.set()
            assert go_on.wait(PATIENCE_SECONDS)

    monkeypatch.setattr(machine, "crash_point", stall_once)
    with ThreadPoolExecutor(2) as pool:
        leading = pool.submit(first)
        try:
            assert moved.wait(PATIENCE_SECONDS)
            following = pool.submit(second)
            _until_somebody_waits(campaign)
        finally:
            go_on.set()
        leading.result()
        return following.exception() or following.result()


def _until_somebody_waits(campaign: Campaign) -> None:
    """For a lock of the database that another transaction holds."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'ledger'")
    for _ in range(1000):
        with campaign.bank.db.read() as conn:
            if conn.execute(waiting).scalar_one():
                return
        time.sleep(0.02)
    pytest.fail("the second did not wait for the first")


@pytest.mark.parametrize("tail", ["6789", "1122"])
def test_autopay_counts_a_repayment_that_is_under_way(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    by_hand, before = _repayment(campaign, tail, 3_000_00), campaign.balance("zhangwei", "6789")
    _one_before_the_other_has_committed(campaign, monkeypatch, by_hand, _autopay(campaign, "6789"))
    paid = before - campaign.balance("zhangwei", "6789")
    assert (paid, campaign.balance("zhangwei", "8812")) == (BILL_FEN - (tail == "1122") * 3_000_00, 0)
    assert not any(sandbox.invariants(campaign.bank).values())


def test_two_repayments_are_together_no_more_than_is_owed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_it, most_of_it = _repayment(campaign, "6789", BILL_FEN), _repayment(campaign, "1122", 3_000_00)
    refused = _one_before_the_other_has_committed(campaign, monkeypatch, all_of_it, most_of_it)
    assert isinstance(refused, BankError) and refused.details["rule"] == "nothing_owed"
    assert (campaign.balance("zhangwei", "1122"), campaign.balance("zhangwei", "8812")) == (3_200_00, 0)
    assert not any(sandbox.invariants(campaign.bank).values())
