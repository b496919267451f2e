"""The campaign can fail: wrong code and wrong books are caught."""

from __future__ import annotations

import threading
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from services.core_bank import ledger, limits, sandbox
from services.core_bank.clock import real_now
from services.core_bank.drafts import transfer
from services.core_bank.tables import accounts, drafts, payees
from tests.ledger.campaign import WORLD, Campaign, Order, outcomes, together

AMOUNT_FEN = 1_000_00


def test_naive_read_then_write_creates_money(campaign: Campaign) -> None:
    """Two transfers read the payer's balance before either writes: one debit is lost, both credits stay."""
    both_have_read = threading.Barrier(2)
    orders = [Order("zhangwei", "6789", payee, AMOUNT_FEN) for payee in ("3344", "9900")]
    together([partial(_naive_transfer, campaign, order, both_have_read) for order in orders])

    found = campaign.faults()

    assert f"money was created or lost: total {AMOUNT_FEN}" in found
    payer = campaign.scene.accounts["zhangwei", "6789"]
    assert any(fault.startswith(f"account {payer}: balance ") for fault in found)
    assert any("balance after" in fault for fault in found)  # the second debit started from a stale balance
    invariants = sandbox.invariants(campaign.bank)
    assert (invariants["total_fen"], invariants["mismatched"]) == (AMOUNT_FEN, [payer])
    assert sandbox.invariants(campaign.bank, WORLD) == invariants
    assert not any(sandbox.invariants(campaign.bank, sandbox.create_world(campaign.bank)).values())


def test_money_that_went_to_another_world_is_missed_in_both(campaign: Campaign) -> None:
    other = sandbox.create_world(campaign.bank)
    payer = campaign.scene.accounts["zhangwei", "6789"]

    def pay(conn: Connection) -> None:
        world_id = sandbox.find_world(conn, other)
        of_lina = sa.select(accounts.c.id).where(accounts.c.world_id == world_id, accounts.c.tail == "3344")
        legs = [ledger.Leg(payer, -AMOUNT_FEN, "out"), ledger.Leg(conn.execute(of_lina).scalar_one(), AMOUNT_FEN, "in")]
        ledger.post(conn, ledger.Entry(world_id, "transfer", "astray", real_now()), legs)

    campaign.bank.db.transact(pay)

    assert not any(sandbox.invariants(campaign.bank).values())
    at_home, abroad = (sandbox.invariants(campaign.bank, world) for world in (WORLD, other))
    assert (at_home["total_fen"], abroad["total_fen"]) == (-AMOUNT_FEN, AMOUNT_FEN)
    assert at_home["unbalanced"] == abroad["unbalanced"] != []


def test_unguarded_limit_is_noticed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "take", _unguarded_take)
    order = Order("zhangwei", "6789", "3344", AMOUNT_FEN)
    drafts_of_both = [campaign.draft(order) for _ in range(2)]

    results = together([partial(campaign.confirm, order, draft) for draft in drafts_of_both])

    assert outcomes(results) == {"DONE": 2}
    assert any(fault.startswith("daily limit of") for fault in campaign.faults())


def test_done_without_money_moved_is_noticed(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "3344", AMOUNT_FEN)
    draft = campaign.draft(order)
    said = {"state": "DONE", "receipt_no": "ZG-none", "posted_at": real_now()}
    campaign.bank.db.transact(lambda conn: conn.execute(sa.update(drafts).values(**said).where(drafts.c.id == draft)))

    assert campaign.posting_pairs(draft) == 0
    assert any(fault.startswith(f"draft {draft}: DONE, moved []") for fault in campaign.faults())


def test_second_execution_is_refused_by_the_database(campaign: Campaign) -> None:
    """State machine, code and idempotency key all forgotten: the ledger still posts a draft only once."""
    order = Order("zhangwei", "6789", "3344", AMOUNT_FEN)
    draft = campaign.draft(order)
    campaign.confirm(order, draft)

    with pytest.raises(DBAPIError):
        campaign.bank.db.transact(lambda conn: _execute_again(conn, draft))

    assert campaign.posting_pairs(draft) == 1
    assert campaign.faults() == []


def test_overdraft_is_refused_by_the_database(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_MOVE", _unguarded_move())
    payer = campaign.balance("zhangwei", "1122")
    order = Order("zhangwei", "1122", "3344", payer)
    first, second = campaign.draft(order), campaign.draft(order)
    campaign.confirm(order, first)

    with pytest.raises(DBAPIError, match="accounts_not_below_floor"):
        campaign.confirm(order, second)

    assert campaign.balance("zhangwei", "1122") == 0
    assert campaign.faults() == []


def _naive_transfer(campaign: Campaign, order: Order, both_have_read: threading.Barrier) -> None:
    """What the core would do without guarded updates and row locks."""
    world_id = campaign.caller(order).world_id
    query = sa.select(accounts.c.balance_fen)
    with campaign.bank.db.read() as conn:
        payer_id = campaign.scene.accounts[order.login, order.account]
        payee_id = conn.execute(_credited(campaign.scene.payees[order.login, order.payee])).scalar_one()
        read = {key: conn.execute(query.where(accounts.c.id == key)).scalar_one() for key in (payer_id, payee_id)}
    both_have_read.wait()

    def write(conn: Connection) -> None:
        movements = []
        for key, amount_fen in ((payer_id, -order.amount_fen), (payee_id, order.amount_fen)):
            balance_fen = read[key] + amount_fen
            conn.execute(sa.update(accounts).where(accounts.c.id == key).values(balance_fen=balance_fen))
            movements.append(ledger.Movement(ledger.Leg(key, amount_fen, "naive"), balance_fen))
        ledger.record(conn, ledger.Entry(world_id, "transfer", "naive", real_now()), movements)

    campaign.bank.db.transact(write)


def _credited(payee_id: str) -> sa.sql.Select:
    return sa.select(payees.c.account_id).where(payees.c.id == payee_id)


def _unguarded_take(conn: Connection, customer_id: str, amount_fen: int, now: object) -> None:
    """Forgets to count."""


def _unguarded_move() -> sa.sql.Update:
    changed = accounts.c.balance_fen + sa.bindparam("moved_fen")
    return sa.update(accounts).where(accounts.c.id == sa.bindparam("moved_id")).values(balance_fen=changed)


def _execute_again(conn: Connection, draft_id: str) -> None:
    draft = conn.execute(sa.select(drafts).where(drafts.c.id == draft_id)).one()
    transfer.Transfer().execute(conn, draft, draft.posted_at)
