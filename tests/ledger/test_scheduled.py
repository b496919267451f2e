"""Scheduled transfers that many requests find due at the same moment: each is made once, or recorded as failed once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.identifiers import new_id
from services.core_bank.tables import transactions
from services.core_bank.transfers import due
from services.core_bank.transfers.tables import scheduled_runs, scheduled_transfers
from tests.ledger import rivals
from tests.ledger.campaign import NOON, WORKERS, Campaign, Order, outcomes, together

SCHEDULES = 10


def _agree(campaign: Campaign, order: Order, repeats: str = "once", weeks_ago: int = 0) -> str:
    """A schedule that is due today, or has been for some weeks."""
    caller, schedule_id = campaign.caller(order), new_id("st")

    def work(conn: Connection) -> None:
        conn.execute(
            sa.insert(scheduled_transfers).values(
                id=schedule_id,
                world_id=caller.world_id,
                customer_id=caller.customer_id,
                account_id=campaign.scene.accounts[order.login, order.account],
                payee_id=campaign.scene.payees[order.login, order.payee],
                amount_fen=order.amount_fen,
                repeats=repeats,
                next_on=NOON.date() - timedelta(weeks=weeks_ago),
                state="active",
                created_at=NOON - timedelta(days=60),
            )
        )

    campaign.bank.db.transact(work)
    return schedule_id


def _runs(campaign: Campaign, schedules: list[str]) -> list[tuple[str, str | None]]:
    query = sa.select(scheduled_runs).where(scheduled_runs.c.schedule_id.in_(schedules))
    with campaign.bank.db.read() as conn:
        return [(run.schedule_id, run.failure) for run in conn.execute(query)]


def _settle(campaign: Campaign, order: Order) -> list[object]:
    caller = campaign.caller(order)
    call = partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)
    return together([call] * WORKERS)


def test_every_due_transfer_is_made_once(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "3344", 100_00)
    schedules = [_agree(campaign, order) for _ in range(SCHEDULES)]
    before = campaign.balance("zhangwei", "6789")
    assert _settle(campaign, order) == [None] * WORKERS
    assert campaign.balance("zhangwei", "6789") == before - SCHEDULES * 100_00
    assert sorted(_runs(campaign, schedules)) == sorted((schedule, None) for schedule in schedules)
    assert campaign.faults() == []


def test_funds_for_four_make_four(campaign: Campaign) -> None:
    order = Order("zhangwei", "1122", "7788", campaign.balance("zhangwei", "1122") // 4)
    schedules = [_agree(campaign, order) for _ in range(SCHEDULES)]
    _settle(campaign, order)
    failures = Counter(failure for _, failure in _runs(campaign, schedules))
    assert failures == {None: 4, "insufficient_funds": SCHEDULES - 4}
    assert campaign.balance("zhangwei", "1122") == 0
    assert campaign.faults() == []


def test_missed_weeks_are_caught_up_each_once(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "5566", 10_00)
    schedule = _agree(campaign, order, "weekly", weeks_ago=3)
    _settle(campaign, order)
    assert _runs(campaign, [schedule]) == [(schedule, None)] * 4
    with campaign.bank.db.read() as conn:
        next_on = conn.execute(sa.select(scheduled_transfers.c.next_on)).scalars().all()
        posted = conn.execute(sa.select(sa.func.count()).where(transactions.c.receipt_no.in_(_receipts(schedule))))
        assert posted.scalar_one() == 4
    assert NOON.date() + timedelta(weeks=1) in next_on
    assert campaign.faults() == []


def test_confirmations_and_due_transfers_share_one_account(campaign: Campaign) -> None:
    order = Order("zhangwei", "1122", "3344", 400_00)
    schedules = [_agree(campaign, order) for _ in range(4)]
    drafts = [campaign.draft(order) for _ in range(SCHEDULES)]
    caller = campaign.caller(order)
    settle = partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)
    results = together([settle, *(partial(campaign.confirm, order, draft) for draft in drafts), settle])
    made = outcomes([result for result in results if result is not None])["DONE"]
    made += sum(failure is None for _, failure in _runs(campaign, schedules))
    assert made == 8 and campaign.balance("zhangwei", "1122") == 0
    assert len(_runs(campaign, schedules)) == 4
    assert campaign.faults() == []


@pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)
def test_a_transfer_that_is_being_cancelled_is_not_made(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = Order("zhangwei", "6789", "3344", 100_00)
    schedule, caller = _agree(campaign, transfer), campaign.caller(transfer)
    cancelling, before = (
        rivals.order(campaign, "cancel_transfer", transfer_id=schedule),
        campaign.balance("zhangwei", "6789"),
    )
    settling = partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)
    rivals.one_before_the_other_has_committed(campaign, monkeypatch, cancelling, settling)
    assert _runs(campaign, [schedule]) == [] and campaign.balance("zhangwei", "6789") == before


def _receipts(schedule: str) -> sa.sql.Select:
    return sa.select(scheduled_runs.c.receipt_no).where(scheduled_runs.c.schedule_id == schedule)
