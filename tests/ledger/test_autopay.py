"""A credit card bill that many requests find due at the same moment: autopay pays it once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.credit_card import due
from services.core_bank.credit_card.tables import autopay_runs, credit_cards
from tests.ledger.campaign import NOON, WORKERS, Campaign, together

BILL_FEN = 4_286_35


def _due_today(campaign: Campaign, tail: str) -> list[object]:
    """The bill of 8812 is due, to be paid in full from an account; all workers find it at once."""
    account_id = campaign.scene.accounts["zhangwei", tail]

    def agree(conn: Connection) -> None:
        values = {"autopay_share": "full", "autopay_account_id": account_id, "due_on": NOON.date() - timedelta(days=1)}
        conn.execute(sa.update(credit_cards).values(**values))

    campaign.bank.db.transact(agree)
    caller = campaign.scene.callers["zhangwei"][0]
    call = partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)
    return together([call] * WORKERS)


def _receipts(campaign: Campaign) -> list[str | None]:
    with campaign.bank.db.read() as conn:
        return list(conn.execute(sa.select(autopay_runs.c.receipt_no)).scalars())


def test_a_due_bill_is_paid_once(campaign: Campaign) -> None:
    before = campaign.balance("zhangwei", "6789")
    assert _due_today(campaign, "6789") == [None] * WORKERS
    assert campaign.balance("zhangwei", "6789") == before - BILL_FEN
    assert campaign.balance("zhangwei", "8812") == 0
    [receipt] = _receipts(campaign)
    assert receipt is not None
    assert campaign.faults() == []


def test_an_account_without_the_money_pays_nothing(campaign: Campaign) -> None:
    before = campaign.balance("zhangwei", "1122")
    assert before < BILL_FEN
    assert _due_today(campaign, "1122") == [None] * WORKERS
    assert (campaign.balance("zhangwei", "1122"), campaign.balance("zhangwei", "8812")) == (before, -BILL_FEN)
    assert _receipts(campaign) == [] and campaign.faults() == []
