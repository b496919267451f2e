"""Many confirmations at once: money is neither created nor lost, and every refusal is the right one."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from services.core_bank.errors import BankError
from services.core_bank.idempotency import Answer
from services.core_bank.tables import accounts
from tests.ledger.campaign import (
    ROUTES,
    WORKERS,
    Campaign,
    Order,
    faults,
    lingering_locks,
    open_bank,
    outcomes,
    receipt,
    together,
)

FIFTY = 50
LOAD_SECONDS = 4.0


def test_fifty_confirms_with_funds_for_ten(campaign: Campaign) -> None:
    order = Order("zhangwei", "1122", "7788", campaign.balance("zhangwei", "1122") // 10)
    drafts = [campaign.draft(order) for _ in range(FIFTY)]

    results = together([partial(campaign.confirm, order, draft) for draft in drafts])

    assert outcomes(results) == {"DONE": 10, "insufficient_funds": 40}
    assert campaign.balance("zhangwei", "1122") == 0
    assert all(r.details == {"available_fen": 0} for r in results if isinstance(r, BankError))
    assert len({receipt(r) for r in results if isinstance(r, Answer)}) == 10
    assert Counter(campaign.state(order, draft) for draft in drafts) == {"DONE": 10, "AUTHORISED": 40}
    refused = [draft for draft, result in zip(drafts, results) if isinstance(result, BankError)]
    with pytest.raises(BankError, match="insufficient_funds"):  # again: a refusal leaves the key free
        campaign.confirm(order, refused[0])
    assert campaign.faults() == []


def test_fifty_confirms_with_a_daily_limit_for_ten(campaign: Campaign) -> None:
    """From two accounts: the confirmations of one account wait for each other anyway, at its card."""
    for amount_fen in (*[5_000_00] * 9, 2_000_00):
        early = Order("zhangwei", "6789", "5566", amount_fen)
        campaign.confirm(early, campaign.draft(early))
    # 3,000 yuan of the limit are left, and either account holds enough for ten times 300.
    orders = [Order("zhangwei", account, "7788", 300_00) for account in ("6789", "1122")] * (FIFTY // 2)
    drafts = [(order, campaign.draft(order)) for order in orders]

    results = together([partial(campaign.confirm, order, draft) for order, draft in drafts])

    assert outcomes(results) == {"DONE": 10, "limit_exceeded": 40}
    assert all(r.details["remaining_fen"] == 0 for r in results if isinstance(r, BankError))
    left_fen = campaign.balance("zhangwei", "6789") + campaign.balance("zhangwei", "1122")
    assert left_fen == 52_318_66 + 3_200_00 - 50_000_00
    assert campaign.faults() == []


def test_fifty_confirms_of_one_draft(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "3344", 100_00)
    draft = campaign.draft(order)

    results = together([partial(campaign.confirm, order, draft)] * FIFTY)

    counted = outcomes(results)
    assert counted["DONE"] >= 1
    assert counted.keys() <= {"DONE", "idempotency_in_flight"}
    assert {r for r in results if isinstance(r, Answer)} == {campaign.confirm(order, draft)}
    assert campaign.posting_pairs(draft) == 1
    assert campaign.balance("zhangwei", "6789") == 52_318_66 - 100_00
    assert campaign.faults() == []


def test_fifty_confirms_of_one_draft_with_a_key_each(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "3344", 100_00)
    draft = campaign.draft(order)

    results = together([partial(campaign.confirm, order, draft, f"key {number}") for number in range(FIFTY)])

    assert outcomes(results) == {"DONE": 1, "draft_closed": FIFTY - 1}
    assert campaign.posting_pairs(draft) == 1
    assert campaign.faults() == []


def test_crossing_transfers(campaign: Campaign) -> None:
    there, back = ("zhangwei", "6789", "3344"), ("lina", "3344", "6789")
    orders = [
        Order(*(there if worker % 2 else back), 100 * WORKERS + worker, worker)
        for worker in range(WORKERS)
        for _ in range(6)
    ]
    drafts = [(order, campaign.draft(order)) for order in orders]
    before = campaign.balance("zhangwei", "6789") + campaign.balance("lina", "3344")

    results = together([partial(campaign.confirm, order, draft) for order, draft in drafts])

    assert outcomes(results) == {"DONE": len(orders)}
    assert [campaign.posting_pairs(draft) for _, draft in drafts] == [1] * len(orders)
    assert campaign.balance("zhangwei", "6789") + campaign.balance("lina", "3344") == before
    assert campaign.faults() == []
    assert _deadlocks(campaign) == 0


def test_every_snapshot_under_load(campaign: Campaign) -> None:
    reads, stop = [_money(campaign)], threading.Event()

    def read() -> list[str]:
        found: list[str] = []
        while not stop.is_set():
            reads.append(_money(campaign))
            with campaign.bank.db.read() as conn:
                found += faults(conn)
        return found

    with lingering_locks(), ThreadPoolExecutor(WORKERS + 1) as pool:
        reader = pool.submit(read)
        until = time.monotonic() + LOAD_SECONDS
        try:
            loads = list(pool.map(lambda worker: _load(campaign, worker, until), range(WORKERS)))
        finally:
            stop.set()

    assert reader.result() == []
    assert len(reads) > 10
    assert set(reads) == {reads[0]}
    assert reads[0][0] == 0
    acknowledged = [draft for load in loads for draft in load]
    assert len(acknowledged) > WORKERS
    assert {campaign.posting_pairs(draft) for draft in acknowledged} == {1}
    assert campaign.faults() == []
    assert _deadlocks(campaign) == 0


def _load(campaign: Campaign, worker: int, until: float) -> list[str]:
    """Random transfers, cancellations and repeated confirmations. Returns the drafts whose DONE was acknowledged."""
    choose, acknowledged = random.Random(worker), []
    while time.monotonic() < until:
        # The worker's number in the amount makes its code recognisable among those of the same customer.
        order = Order(*choose.choice(ROUTES), choose.randrange(1, 250) * WORKERS + worker, worker)
        try:
            draft = campaign.draft(order)
            if choose.random() < 0.15:
                campaign.cancel(order, draft)
                continue
            answer = campaign.confirm(order, draft)
        except BankError as refusal:
            assert refusal.code == "insufficient_funds"
            continue
        acknowledged.append(draft)
        if choose.random() < 0.2:
            assert campaign.confirm(order, draft) == answer
    return acknowledged


def _money(campaign: Campaign) -> tuple[int, int]:
    """All balances, and those of customers and the clearing account, in one snapshot."""
    with campaign.bank.db.read() as conn:
        rows = conn.execute(sa.select(accounts.c.kind, accounts.c.balance_fen)).all()
    return sum(row.balance_fen for row in rows), sum(row.balance_fen for row in rows if row.kind != "equity")


def _deadlocks(campaign: Campaign) -> int:
    """How often PostgreSQL had to break a deadlock: the bank retries them, so nobody else would notice."""
    if campaign.url.startswith("sqlite"):
        return 0
    campaign.bank.db.close()  # a server process reports its numbers at the latest when it ends
    observer = open_bank(campaign.url)
    query = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with observer.db.read() as conn:
        counted = int(conn.execute(query).scalar_one())
    observer.db.close()
    return counted
