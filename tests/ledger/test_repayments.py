"""A credit card bill and everything that may pay it in the same moment: it is paid once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import sandbox
from services.core_bank.credit_card import due
from services.core_bank.credit_card.tables import credit_cards
from tests.ledger.campaign import NOON, Campaign
from tests.ledger.rivals import one_before_the_other_has_committed, order, refusal

BILL_FEN = 4_286_35

# On SQLite nobody gets in beside a writer.
pytestmark = pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)


def _repayment(campaign: Campaign, tail: str, amount_fen: int) -> Callable[[], object]:
    accounts = campaign.scene.accounts
    payer, card = accounts["zhangwei", tail], accounts["zhangwei", "8812"]
    return order(campaign, "repay_credit_card", account_id=card, from_account_id=payer, amount_fen=amount_fen)


def _autopay(campaign: Campaign, tail: str) -> Callable[[], object]:
    """A request that finds the bill due."""

    def agree(conn: Connection) -> None:
        account_id = campaign.scene.accounts["zhangwei", tail]
        values = {"autopay_share": "full", "autopay_account_id": account_id, "due_on": NOON.date() - timedelta(days=1)}
        conn.execute(sa.update(credit_cards).values(**values))

    campaign.bank.db.transact(agree)
    caller = campaign.scene.callers["zhangwei"][0]
    return partial(due.settle_customer, campaign.bank, caller.world_id, caller.customer_id)


@pytest.mark.parametrize("tail", ["6789", "1122"])
def test_autopay_counts_a_repayment_that_is_under_way(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    by_hand, before = _repayment(campaign, tail, 3_000_00), campaign.balance("zhangwei", "6789")
    one_before_the_other_has_committed(campaign, monkeypatch, by_hand, _autopay(campaign, "6789"))
    paid = before - campaign.balance("zhangwei", "6789")
    assert (paid, campaign.balance("zhangwei", "8812")) == (BILL_FEN - (tail == "1122") * 3_000_00, 0)
    assert not any(sandbox.invariants(campaign.bank).values())


def test_two_repayments_are_together_no_more_than_is_owed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_it, most_of_it = _repayment(campaign, "6789", BILL_FEN), _repayment(campaign, "1122", 3_000_00)
    ended = one_before_the_other_has_committed(campaign, monkeypatch, all_of_it, most_of_it)
    assert refusal(ended) == "nothing_owed"
    assert (campaign.balance("zhangwei", "1122"), campaign.balance("zhangwei", "8812")) == (3_200_00, 0)
    assert not any(sandbox.invariants(campaign.bank).values())


@pytest.mark.parametrize("points_first", [True, False])
def test_points_and_a_repayment_are_together_no_more_than_is_owed(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, points_first: bool
) -> None:
    rivals = [order(campaign, "redeem_points", reward_id="cash_back"), _repayment(campaign, "6789", BILL_FEN)]
    first, second = rivals if points_first else reversed(rivals)
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == ("above_debt" if points_first else "nothing_to_credit")
    assert campaign.balance("zhangwei", "8812") == (20_00 - BILL_FEN if points_first else 0)
    assert not any(sandbox.invariants(campaign.bank).values())


def _instalments(campaign: Campaign, amount_fen: int) -> Callable[[], object]:
    card = campaign.scene.accounts["zhangwei", "8812"]
    return order(campaign, "convert_installment", account_id=card, amount_fen=amount_fen, periods=3)


def test_a_bill_that_is_being_repaid_goes_into_no_instalments(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    repayment, plan = _repayment(campaign, "6789", BILL_FEN), _instalments(campaign, BILL_FEN)
    assert refusal(one_before_the_other_has_committed(campaign, monkeypatch, repayment, plan)) == "bill_paid"


def test_autopay_leaves_to_instalments_what_is_being_put_there(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, before = _instalments(campaign, 3_000_00), campaign.balance("zhangwei", "6789")
    one_before_the_other_has_committed(campaign, monkeypatch, plan, _autopay(campaign, "6789"))
    assert before - campaign.balance("zhangwei", "6789") == BILL_FEN - 3_000_00
    assert not any(sandbox.invariants(campaign.bank).values())
