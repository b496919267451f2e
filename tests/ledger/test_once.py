"""What the bank grants or promises once, asked for twice at the same moment: the second is told of the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlparse

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from services.core_bank.app import routes
from services.core_bank.card.tables import card_features
from services.core_bank.care import tickets
from services.core_bank.credit_card.tables import point_lots
from services.core_bank.identifiers import new_id
from services.core_bank.life.tables import auto_debits, bill_accounts
from services.core_bank.payees import numbers
from services.core_bank.tables import cards, transactions
from tests.ledger.campaign import NOON, WORKERS, Campaign, Order, receipt, together
from tests.ledger.rivals import one_before_the_other_has_committed, order, refusal, told

Orders = tuple[Callable[[], object], Callable[[], object]]
POSTGRESQL = pytest.mark.parametrize("campaign", ["postgresql"], indirect=True)


def _id(campaign: Campaign, query: sa.sql.Select) -> Any:
    with campaign.bank.db.read() as conn:
        return conn.execute(query.limit(1)).scalar_one()


def _mine(campaign: Campaign, table: sa.Table) -> Any:
    return table.c.customer_id == campaign.scene.callers["zhangwei"][0].customer_id


def _twice(campaign: Campaign, kind: str, **fields: Any) -> Orders:
    return order(campaign, kind, **fields), order(campaign, kind, **fields)


def _card_applications(campaign: Campaign) -> Orders:
    return order(campaign, "apply_credit_card", product_id="standard"), order(
        campaign, "apply_credit_card", product_id="travel"
    )


def _loan_applications(campaign: Campaign) -> Orders:
    return _twice(campaign, "apply_loan", product_code="consumer", amount_fen=50_000_00, months=12, purpose="装修")


def _recalls(campaign: Campaign) -> Orders:
    transfer = Order("zhangwei", "6789", "5566", 100_00)
    draft = campaign.draft(transfer)
    campaign.confirm(transfer, draft)
    made = _id(campaign, sa.select(transactions.c.id).where(transactions.c.draft_id == draft))
    return _twice(campaign, "report_wrong_transfer", transfer_id=made)


def _daily_limits(campaign: Campaign) -> Orders:
    return _twice(campaign, "change_transfer_limit", daily_fen=10_000_00)


def _agreements(campaign: Campaign) -> Orders:
    free = sa.select(bill_accounts.c.id).where(_mine(campaign, bill_accounts), bill_accounts.c.category == "gas")
    account = campaign.scene.accounts["zhangwei", "6789"]
    return _twice(campaign, "manage_auto_debit", bill_account_id=_id(campaign, free), on=True, account_id=account)


def _cancelled_agreements(campaign: Campaign) -> Orders:
    signed = sa.select(auto_debits.c.bill_account_id)
    return _twice(campaign, "manage_auto_debit", bill_account_id=_id(campaign, signed), on=False)


def _new_payees(campaign: Campaign) -> Orders:
    caller = campaign.scene.callers["zhangwei"][0]
    typed = (numbers.hold(campaign.bank, caller, "6222020200112233446") for _ in range(2))
    first, second = (
        order(campaign, "add_payee", number_reference=number["reference"], name="赵六", alias=None) for number in typed
    )
    return first, second


def _a_removed_payee(campaign: Campaign) -> Orders:
    payee = campaign.scene.payees["zhangwei", "5566"]
    return order(campaign, "remove_payee", payee_id=payee), _scheduled(campaign)


def _a_payee_with_a_schedule(campaign: Campaign) -> Orders:
    payee = campaign.scene.payees["zhangwei", "5566"]
    removal = order(campaign, "remove_payee", payee_id=payee)
    return _scheduled(campaign), removal


def _scheduled(campaign: Campaign) -> Callable[[], object]:
    return order(
        campaign,
        "schedule_transfer",
        payee_id=campaign.scene.payees["zhangwei", "5566"],
        account_id=campaign.scene.accounts["zhangwei", "6789"],
        amount_fen=100_00,
        repeats="once",
        first_on=(NOON.date() + timedelta(days=5)).isoformat(),
    )


def _closings(campaign: Campaign) -> Orders:
    accounts = campaign.scene.accounts
    card, payer = accounts["zhangwei", "8812"], accounts["zhangwei", "6789"]
    owed_fen = -campaign.balance("zhangwei", "8812")
    order(campaign, "repay_credit_card", account_id=card, from_account_id=payer, amount_fen=owed_fen)()
    return _twice(campaign, "cancel_credit_card", account_id=card, forfeit_points=True)


def _raised_limits(campaign: Campaign) -> Orders:
    card = campaign.scene.accounts["zhangwei", "8812"]
    first, second = (
        order(campaign, "raise_credit_limit", account_id=card, term=term, limit_fen=36_000_00)
        for term in ("permanent", "temporary")
    )
    return first, second


def _waived_fees(campaign: Campaign) -> Orders:
    owner = campaign.scene.callers["zhangwei"][0].customer_id
    lot = {"id": new_id("pt"), "customer_id": owner, "points": 20_000, "expires_on": NOON.date() + timedelta(days=300)}
    campaign.bank.db.transact(lambda conn: conn.execute(sa.insert(point_lots).values(**lot)))
    return _twice(campaign, "redeem_points", reward_id="annual_fee")


@POSTGRESQL
@pytest.mark.parametrize(
    ("rivals", "rule"),
    [
        (_card_applications, "application_open"),
        (_loan_applications, "already_applied"),
        (_recalls, "already_recalled"),
        (_daily_limits, "same_limit"),
        (_agreements, "already_signed"),
        (_cancelled_agreements, "not_signed"),
        (_new_payees, "payee_exists"),
        (_a_removed_payee, "payee_not_found"),
        (_a_payee_with_a_schedule, "has_scheduled"),
        (_closings, "closing"),
        (_raised_limits, "limit_not_higher"),
        (_waived_fees, "fee_waived"),
    ],
)
def test_the_second_is_refused(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, rivals: Callable[[Campaign], Orders], rule: str
) -> None:
    first, second = rivals(campaign)
    assert refusal(one_before_the_other_has_committed(campaign, monkeypatch, first, second)) == rule


def _ticket(ended: Any) -> str:
    return told(ended)["受理编号"]


@POSTGRESQL
@pytest.mark.parametrize(
    ("kind", "fields", "number"),
    [("request_human", {"text": "人工"}, _ticket), ("negotiate_overdue", {"debt": "any"}, receipt)],
)
def test_the_second_gets_the_number_of_the_first(
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fields: dict[str, str],
    number: Callable[[Any], str],
) -> None:
    answers: list[Any] = []
    first, second = _twice(campaign, kind, **fields)
    ended = one_before_the_other_has_committed(campaign, monkeypatch, lambda: answers.append(first()), second)
    assert number(ended) == number(answers[0])


def test_a_visitor_who_sends_twice_leaves_one_ticket(campaign: Campaign) -> None:
    world_id = campaign.scene.callers["zhangwei"][0].world_id
    matter = tickets.Matter(world_id, None, "give_feedback", "很好", "the same key")
    leave = partial(campaign.bank.db.transact, lambda conn: tickets.open_for_visitor(conn, matter, NOON))
    left: list[Any] = together([leave] * WORKERS)
    assert len({ticket.ticket_no for ticket in left}) == 1


def test_guessing_a_pin_in_parallel_gives_no_more_tries(campaign: Campaign) -> None:
    account = campaign.scene.accounts["zhangwei", "6789"]
    card_id = _id(campaign, sa.select(cards.c.id).where(cards.c.account_id == account))
    links = [urlparse(told(order(campaign, "change_pin", card_id=card_id)())["设置链接"]).path for _ in range(2)]
    app = routes(with_sandbox=True)
    app.state.bank = campaign.bank
    guess = {"old": "590271", "new": "830264", "again": "830264"}
    client = TestClient(app)
    seen: list[Any] = together([partial(client.post, link, data=guess) for link in links * 4])
    assert Counter(page.status_code for page in seen if "还可以再试" in page.text) == {422: 2}
    failures = sa.select(card_features.c.pin_failures).where(card_features.c.card_id == card_id)
    assert _id(campaign, failures) == 3
