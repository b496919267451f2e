"""Two things at once to one object: one of them wins, the other is told so, and the books agree with the winner."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from services.core_bank import cards, codes, tables
from services.core_bank.bank import Bank
from services.core_bank.db import Database
from services.core_bank.drafts import machine
from services.core_bank.errors import BankError
from services.core_bank.idempotency import Answer
from tests.ledger.campaign import KEY, Campaign, Order, outcomes, together
from tests.ledger.rivals import PATIENCE_SECONDS, stall_the_first

ORDER = Order("zhangwei", "6789", "3344", 100_00)


def test_confirm_against_cancel(campaign: Campaign) -> None:
    drafts = [campaign.draft(ORDER) for _ in range(10)]
    cancels = [partial(machine.cancel, campaign.bank, campaign.caller(ORDER), draft) for draft in drafts]
    confirms = [partial(campaign.confirm, ORDER, draft) for draft in drafts]

    results = together([call for pair in zip(confirms, cancels) for call in pair])

    for draft, confirmed, cancelled in zip(drafts, results[::2], results[1::2]):
        state = campaign.state(ORDER, draft)
        loser = cancelled if state == "DONE" else confirmed
        assert state in ("DONE", "CANCELLED")
        assert isinstance(loser, BankError)
        assert (loser.code, loser.details) == ("draft_closed", {"state": state})
        assert campaign.posting_pairs(draft) == (state == "DONE")
    assert campaign.faults() == []


def test_an_owner_that_was_taken_over_moves_no_money(campaign: Campaign) -> None:
    """The first request stalls between its in-flight mark and its effect, until the second has taken over."""
    draft = campaign.draft(ORDER)
    taken_over: list[Answer] = []

    class Stalled(Database):
        calls = itertools.count()

        def transact(self, work):  # type: ignore[no-untyped-def]
            if next(self.calls) == 1:
                campaign.outlive_in_flight_mark()
                taken_over.append(campaign.confirm(ORDER, draft))
            return super().transact(work)

    stalled = Bank(Stalled(campaign.url), KEY)
    with pytest.raises(BankError, match="draft_closed"):
        machine.confirm(stalled, campaign.caller(ORDER), draft, draft, {})
    stalled.db.close()

    assert taken_over == [campaign.confirm(ORDER, draft)]
    assert campaign.posting_pairs(draft) == 1
    assert campaign.faults() == []


@pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)
def test_an_owner_that_was_taken_over_before_its_commit(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, but the first request has already moved the money. On SQLite nobody gets in beside a writer."""
    draft = campaign.draft(ORDER)
    moved, go_on = stall_the_first(monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(campaign.confirm, ORDER, draft)
        try:
            assert moved.wait(PATIENCE_SECONDS)
            owner = _owner(campaign, draft)
            campaign.outlive_in_flight_mark()
            second = pool.submit(campaign.confirm, ORDER, draft)
            until = time.monotonic() + PATIENCE_SECONDS
            while _owner(campaign, draft) == owner and time.monotonic() < until:
                time.sleep(0.01)
        finally:
            go_on.set()

    with pytest.raises(BankError, match="idempotency_in_flight"):
        first.result()
    assert second.result() == campaign.confirm(ORDER, draft)
    assert campaign.posting_pairs(draft) == 1
    assert campaign.faults() == []


def test_confirms_against_a_freeze(campaign: Campaign) -> None:
    """Once the freeze is through, not one fen leaves."""
    drafts = [campaign.draft(ORDER) for _ in range(10)]
    payer = campaign.scene.accounts["zhangwei", "6789"]
    with campaign.bank.db.read() as conn:
        card = conn.execute(sa.select(tables.cards.c.id).where(tables.cards.c.account_id == payer)).scalar_one()
    calls = [partial(campaign.confirm, ORDER, draft) for draft in drafts]
    calls.insert(5, partial(cards.freeze, campaign.bank, campaign.caller(ORDER), card, "freeze"))

    results = together(calls)

    assert isinstance(results.pop(5), Answer)
    assert outcomes(results).keys() <= {"DONE", "card_not_usable"}
    with campaign.bank.db.read() as conn:
        events = conn.execute(sa.select(tables.audit.c.event).order_by(tables.audit.c.id)).scalars().all()
    assert "transfer_done" not in events[events.index("card_frozen") :]
    assert campaign.faults() == []


def test_ten_operators_approve_one_draft(campaign: Campaign) -> None:
    order = Order("zhangwei", "6789", "3344", 20_000_01)
    draft = campaign.draft(order)
    assert outcomes([campaign.confirm(order, draft)]) == {"REVIEW": 1}
    assert campaign.posting_pairs(draft) == 0
    calls = [partial(machine.review, campaign.bank, draft, True, f"operator {number}") for number in range(10)]

    results = together(calls)

    refusals = [result for result in results if isinstance(result, BankError)]
    assert Counter((refusal.code, refusal.details["state"]) for refusal in refusals) == {("draft_closed", "DONE"): 9}
    assert campaign.posting_pairs(draft) == 1
    assert campaign.faults() == []


def test_fifty_wrong_codes_at_once(campaign: Campaign) -> None:
    """Guessing in parallel gives no more than five tries."""
    caller = campaign.caller(ORDER)
    draft, right = campaign.challenged_draft(ORDER)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    results = together([partial(codes.submit, campaign.bank, caller, wrong)] * 50)

    refusals = [result for result in results if isinstance(result, BankError)]
    assert Counter(r.code for r in refusals) == {"code_wrong": 4, "code_locked": 1, "no_open_challenge": 45}
    assert {r.details["tries_left"] for r in refusals if r.code == "code_wrong"} == {1, 2, 3, 4}
    with pytest.raises(BankError):
        codes.submit(campaign.bank, caller, right)
    assert campaign.state(ORDER, draft) == "LOCKED"
    assert campaign.faults() == []


def _owner(campaign: Campaign, key: str) -> str:
    keys = tables.idempotency_keys
    with campaign.bank.db.read() as conn:
        return str(conn.execute(sa.select(keys.c.owner).where(keys.c.key == key)).scalar_one())
