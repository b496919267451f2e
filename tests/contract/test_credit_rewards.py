"""Points, rewards, applications for a card, and giving one back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.credit_card import ApplyCreditCard, CancelCreditCard, ConvertInstalment, RedeemPoints
from banking.port import AccountNotFound, AccountRestricted
from tests.contract.credit_cards import card, done, lines, refusal, repay, results
from tests.contract.worlds import NOON, World


def test_points_with_their_last_days(bank: World, zhangwei: str, lina: str) -> None:
    points = bank.port.points(zhangwei)
    assert (points.balance, [lot.points for lot in points.lots]) == (12_860, [2_860, 10_000])
    assert [(lot.expires_on.month, lot.expires_on.day) for lot in points.lots] == [(12, 31), (12, 31)]
    assert points.lots[0].expires_on < points.lots[1].expires_on
    assert bank.port.points(lina).balance == 0


def test_what_points_buy_is_public(bank: World, zhangwei: str) -> None:
    rewards = bank.port.rewards(None)
    assert rewards == bank.port.rewards(zhangwei)
    assert [(one.id, one.points) for one in rewards if not one.in_stock] == [("fryer", 9_900)]
    assert {one.id: one.points for one in rewards}["coffee"] == 3_000


def test_points_that_expire_first_are_spent_first(bank: World, zhangwei: str) -> None:
    draft = done(bank, zhangwei, RedeemPoints("coffee"))
    assert not draft.needs_code
    assert results(draft) == {"剩余积分": "9,860 分", "怎么送达": "发到手机 138****0001，24 小时内"}
    assert lines(draft)["需要积分"] == "3,000 分，兑换后剩 9,860 分"
    assert [lot.points for lot in bank.port.points(zhangwei).lots] == [9_860]


def test_cash_back_pays_a_part_of_the_debt(bank: World, zhangwei: str) -> None:
    done(bank, zhangwei, RedeemPoints("cash_back"))
    assert bank.balance(zhangwei, "8812") == -4_266_35
    assert card(bank, zhangwei).bill.left_fen == 4_266_35


def test_the_annual_fee_is_waived_once_a_year(bank: World, zhangwei: str) -> None:
    done(bank, zhangwei, RedeemPoints("annual_fee"))
    assert refusal(bank, zhangwei, RedeemPoints("annual_fee"))[0] == "points_short"


@pytest.mark.parametrize(
    ("reward", "rule"), [("cooker", "points_short"), ("fryer", "sold_out"), ("yacht", "reward_unknown")]
)
def test_rewards_that_can_not_be_had(bank: World, zhangwei: str, reward: str, rule: str) -> None:
    assert refusal(bank, zhangwei, RedeemPoints(reward))[0] == rule


def test_points_are_of_a_credit_card(bank: World, lina: str) -> None:
    assert refusal(bank, lina, RedeemPoints("coffee"))[0] == "no_credit_card"


def test_expired_points_are_gone(bank: World, zhangwei: str) -> None:
    lots = bank.port.points(zhangwei).lots
    bank.set_clock(NOON + (lots[0].expires_on - NOON.date()) + timedelta(days=1))
    assert bank.port.points(bank.sign_in("zhangwei")).balance == 10_000


def test_the_cards_on_offer_are_public(bank: World, zhangwei: str) -> None:
    products = bank.port.card_products(None)
    assert products == bank.port.card_products(zhangwei)
    assert [product.id for product in products] == ["standard", "youth", "auto", "travel"]


def test_an_application_gets_a_number_and_can_be_followed(bank: World, zhangwei: str) -> None:
    assert bank.port.card_applications(zhangwei) == ()
    draft = done(bank, zhangwei, ApplyCreditCard("auto"))
    assert not draft.needs_code
    application = bank.port.card_applications(zhangwei)[0]
    assert (application.product, application.state) == ("车主卡", "received")
    assert (application.applied_on, application.answer_by) == (NOON.date(), NOON.date() + timedelta(days=5))
    assert application.application_no.startswith("SQ")
    assert refusal(bank, zhangwei, ApplyCreditCard("travel"))[0] == "application_open"


def test_applications_that_are_refused(bank: World, lina: str) -> None:
    running = bank.port.card_applications(lina)[0]
    assert (running.product, running.state) == ("青年卡", "reviewing")
    rule, reason = refusal(bank, lina, ApplyCreditCard("auto"))
    assert (rule, running.application_no in reason) == ("application_open", True)
    wangfang = bank.sign_in("wangfang")
    assert refusal(bank, wangfang, ApplyCreditCard("black"))[0] == "product_unknown"
    with pytest.raises(AccountRestricted):
        bank.port.prepare(bank.sign_in("zhaolei"), ApplyCreditCard("auto"))


def test_a_card_in_use_is_not_closed(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    done(bank, zhangwei, ConvertInstalment(account_id, 1_000_00, 3))
    rule, reason = refusal(bank, zhangwei, CancelCreditCard(account_id, True))
    assert rule == "still_in_use"
    assert "¥4,286.35" in reason and "分期" in reason and "12,860 积分" in reason


def test_closing_a_card_is_handed_to_a_person(bank: World, zhangwei: str) -> None:
    account_id = card(bank, zhangwei).account_id
    repay(bank, zhangwei, 4_286_35)
    assert refusal(bank, zhangwei, CancelCreditCard(account_id, False))[0] == "points_left"
    draft = done(bank, zhangwei, CancelCreditCard(account_id, True))
    assert results(draft)["客服致电"] == "3 个工作日内"
    assert (card(bank, zhangwei).closing_no or "").startswith("XH")
    assert bank.card(zhangwei, "8812").state == "active"
    assert refusal(bank, zhangwei, CancelCreditCard(account_id, True))[0] == "closing"
    assert refusal(bank, zhangwei, RedeemPoints("coffee"))[0] == "closing"


def test_only_the_owner_closes_a_card(bank: World, zhangwei: str, lina: str) -> None:
    with pytest.raises(AccountNotFound):
        bank.port.prepare(lina, CancelCreditCard(card(bank, zhangwei).account_id, True))
