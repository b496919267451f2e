"""Deposits, holdings, loans and bills that two orders want at the same moment: each counts what the other did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import ledger, sandbox, tables
from services.core_bank.life.tables import bill_accounts
from services.core_bank.loan.tables import loans
from services.core_bank.own_accounts import bank_account
from services.core_bank.wealth import holdings
from services.core_bank.wealth.tables import wealth_holdings, wealth_redemptions
from tests.ledger.campaign import NOON, Campaign
from tests.ledger.rivals import one_before_the_other_has_committed, order, refusal, told

DEPOSIT_FEN, LOAN_FEN, ELECTRICITY_FEN = 50_000_00, 680_000_00, 186_32

# On SQLite nobody gets in beside a writer.
pytestmark = pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)


def _one(campaign: Campaign, query: sa.sql.Select) -> Any:
    with campaign.bank.db.read() as conn:
        return conn.execute(query).one()


def _account(campaign: Campaign, kind: str) -> Any:
    """The row of zhangwei's only account of a kind."""
    mine = tables.accounts.c.customer_id == campaign.scene.callers["zhangwei"][0].customer_id
    return _one(campaign, sa.select(tables.accounts).where(mine, tables.accounts.c.kind == kind))


def _in_order(campaign: Campaign) -> bool:
    return not any(sandbox.invariants(campaign.bank).values())


def _withdrawal(campaign: Campaign, amount_fen: int, to: str = "6789") -> Callable[[], object]:
    deposit, account = _account(campaign, "time_deposit"), campaign.scene.accounts["zhangwei", to]
    fields = {"account_id": deposit.id, "to_account_id": account, "amount_fen": amount_fen}
    return order(campaign, "withdraw_time_deposit", **fields)


@pytest.mark.parametrize(
    ("then_fen", "rule"),
    [(DEPOSIT_FEN, "above_deposit"), (DEPOSIT_FEN - 30_000_00 - 10_00, "rest_too_small")],
)
def test_a_withdrawal_counts_one_that_is_under_way(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, then_fen: int, rule: str
) -> None:
    first, second = _withdrawal(campaign, 30_000_00), _withdrawal(campaign, then_fen, "1122")
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == rule
    left = campaign.balance("zhangwei", "time_deposit"), campaign.balance("zhangwei", "1122")
    assert left == (DEPOSIT_FEN - 30_000_00, 3_200_00) and _in_order(campaign)


def test_a_deposit_withdrawn_in_two_parts_is_closed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _withdrawal(campaign, 30_000_00), _withdrawal(campaign, DEPOSIT_FEN - 30_000_00)
    told(one_before_the_other_has_committed(campaign, monkeypatch, first, second))
    deposit = _account(campaign, "time_deposit")
    assert (deposit.balance_fen, deposit.state) == (0, "closed") and _in_order(campaign)


def _certificate(campaign: Campaign, account_id: str, amount_fen: int) -> Callable[[], object]:
    """With the money held."""
    until = (NOON.date() + timedelta(days=30)).isoformat()
    fields = {"account_id": account_id, "amount_fen": amount_fen, "purpose": "visa", "frozen_until": until}
    return order(campaign, "request_asset_certificate", **fields)


@pytest.mark.parametrize("held_first", [True, False])
def test_money_is_held_or_withdrawn(campaign: Campaign, monkeypatch: pytest.MonkeyPatch, held_first: bool) -> None:
    deposit = _account(campaign, "time_deposit")
    rivals = _certificate(campaign, deposit.id, DEPOSIT_FEN), _withdrawal(campaign, DEPOSIT_FEN)
    first, second = rivals if held_first else rivals[::-1]
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == ("insufficient_funds" if held_first else "restricted")
    left = DEPOSIT_FEN if held_first else 0
    deposit = _account(campaign, "time_deposit")
    assert (deposit.balance_fen, deposit.floor_fen) == (left, left) and _in_order(campaign)


def _redemption(campaign: Campaign, holding: Any, to: str) -> Callable[[], object]:
    """Of all of it."""
    caller = campaign.scene.callers["zhangwei"][0]
    with campaign.bank.db.read() as conn:
        value_fen = holdings.get_holding(conn, caller.customer_id, holding.id).value_fen
    account = campaign.scene.accounts["zhangwei", to]
    return order(campaign, "redeem_wealth", holding_id=holding.id, to_account_id=account, amount_fen=value_fen)


def test_a_holding_is_redeemed_once(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    holding = _one(campaign, sa.select(wealth_holdings).where(wealth_holdings.c.product_code == "WX90"))
    first, second = (_redemption(campaign, holding, to) for to in ("6789", "1122"))
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == "no_such_holding"
    assert _one(campaign, sa.select(sa.func.count()).select_from(wealth_redemptions)) == (1,)


def test_what_was_bought_is_taken_back_once(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    before, account = campaign.balance("zhangwei", "6789"), campaign.scene.accounts["zhangwei", "6789"]
    order(campaign, "buy_wealth", product_code="JHYX", from_account_id=account, amount_fen=2_000_00)()
    holding = _one(campaign, sa.select(wealth_holdings).where(wealth_holdings.c.cooling_until.is_not(None)))
    first, second = (_redemption(campaign, holding, to) for to in ("6789", "1122"))
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == "no_such_holding"
    left = campaign.balance("zhangwei", "6789"), campaign.balance("zhangwei", "1122")
    assert left == (before, 3_200_00) and _in_order(campaign)


def _enrich(campaign: Campaign, tail: str, amount_fen: int) -> None:
    caller, account = campaign.scene.callers["zhangwei"][0], campaign.scene.accounts["zhangwei", tail]

    def work(conn: Connection) -> None:
        legs = (
            ledger.Leg(bank_account(conn, caller.world_id, "clearing"), -amount_fen, "张伟"),
            ledger.Leg(account, amount_fen, "他行"),
        )
        ledger.post(conn, ledger.Entry(caller.world_id, "transfer", "转入", NOON), legs)

    campaign.bank.db.transact(work)


def _prepayment(campaign: Campaign, tail: str, amount_fen: int) -> Callable[[], object]:
    _enrich(campaign, tail, amount_fen + 10_000_00)  # with the interest
    account, loan = campaign.scene.accounts["zhangwei", tail], _account(campaign, "mortgage")
    fields = {"account_id": loan.id, "from_account_id": account, "amount_fen": amount_fen, "effect": "lower_payment"}
    return order(campaign, "prepay_loan", **fields)


def test_a_loan_is_paid_off_once(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (_prepayment(campaign, tail, LOAN_FEN) for tail in ("6789", "1122"))
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert refusal(ended) == "nothing_owed"
    assert campaign.balance("zhangwei", "mortgage") == 0
    assert campaign.balance("zhangwei", "1122") == 3_200_00 + LOAN_FEN + 10_000_00 and _in_order(campaign)


def test_the_payments_of_a_loan_follow_from_both_prepayments(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _one(campaign, sa.select(loans.c.level_fen)).level_fen
    first, second = (_prepayment(campaign, tail, LOAN_FEN // 4) for tail in ("6789", "1122"))
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert told(ended)["剩余本金"] == "¥340,000.00" and campaign.balance("zhangwei", "mortgage") == -LOAN_FEN // 2
    assert abs(_one(campaign, sa.select(loans.c.level_fen)).level_fen - before / 2) <= 1 and _in_order(campaign)


def test_a_bill_paid_twice_is_paid_ahead_and_told_so(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = sa.select(bill_accounts).where(bill_accounts.c.owed_fen == ELECTRICITY_FEN)
    bill, accounts = _one(campaign, owed), campaign.scene.accounts
    first, second = (
        order(
            campaign,
            "pay_bill",
            bill_account_id=bill.id,
            from_account_id=accounts["zhangwei", tail],
            amount_fen=ELECTRICITY_FEN,
        )
        for tail in ("6789", "1122")
    )
    ended = one_before_the_other_has_committed(campaign, monkeypatch, first, second)
    assert told(ended) == {"预存余额": "¥186.32"}
    assert _one(campaign, sa.select(bill_accounts.c.owed_fen).where(bill_accounts.c.id == bill.id)) == (-186_32,)
    assert _in_order(campaign)
