"""Wealth: the list, the questionnaire, buying what suits, redeeming, and money that arrives a working day later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.model import Draft
from banking.port import CodeRequired, NotPossible, RiskQuestionOpen
from banking.wealth import AssessRisk, BuyWealth, Holding, RedeemWealth
from tests.contract.worlds import NOON, World


def _buy(bank: World, session: str, code: str, amount_fen: int, tail: str = "6789") -> Draft:
    return bank.port.prepare(session, BuyWealth(code, bank.account(session, tail).id, amount_fen))


def _done(bank: World, session: str, draft: Draft, login: str = "zhangwei") -> dict[str, str]:
    bank.authorise(session, draft, login)
    result = bank.port.confirm(session, draft.id).result
    assert result is not None
    return {line.label: line.value for line in result.lines}


def _held(bank: World, session: str, code: str) -> Holding:
    return [holding for holding in bank.port.holdings(session) if holding.product_code == code][-1]


def _redeem(bank: World, session: str, code: str, amount_fen: int) -> Draft:
    order = RedeemWealth(_held(bank, session, code).id, bank.account(session, "6789").id, amount_fen)
    return bank.port.prepare(session, order)


def test_everybody_may_read_the_list_and_the_questions(bank: World, zhangwei: str) -> None:
    products = bank.port.wealth_products(None)
    assert products == bank.port.wealth_products(zhangwei)
    assert {product.risk for product in products} == {1, 2, 3, 4, 5}
    questions = bank.port.risk_questions(None)
    assert [len(question.options) for question in questions] == [4] * 7


def test_the_demo_holdings_one_gains_and_one_loses(bank: World, zhangwei: str, lina: str) -> None:
    held = [(holding.product_name, holding.value_fen, holding.profit_fen) for holding in bank.port.holdings(zhangwei)]
    assert held == [("稳享90天", 20_298_04, 298_04), ("均衡优选混合", 9_834_00, -166_00)]
    assert bank.port.holdings(lina) == ()


def test_the_questionnaire_gives_a_level_for_a_year(bank: World, zhangwei: str, lina: str) -> None:
    known = bank.port.risk_profile(zhangwei).result
    assert known is not None
    assert (known.level, known.name, known.valid) == (3, "平衡型", True)
    assert bank.port.risk_profile(lina).result is None
    draft = bank.port.prepare(lina, AssessRisk("BBBBABB"))
    with pytest.raises(CodeRequired):
        bank.port.confirm(lina, draft.id)
    assert _done(bank, lina, draft, "lina")["风险等级"] == "C2 稳健型"
    result = bank.port.risk_profile(lina).result
    assert result is not None
    assert result.level == 2
    assert (result.valid_until - NOON.date()).days in (365, 366)


@pytest.mark.parametrize(("answers", "level"), [("AAAAAAA", 1), ("DDDDDDD", 5), ("CCCCCCC", 4), ("BBBBBBC", 3)])
def test_points_and_levels(bank: World, zhangwei: str, answers: str, level: int) -> None:
    assert f"结果为C{level}（" in bank.port.prepare(zhangwei, AssessRisk(answers)).canonical_text


@pytest.mark.parametrize("answers", ["", "AAAAAA", "AAAAAAE"])
def test_incomplete_answers_are_refused(bank: World, zhangwei: str, answers: str) -> None:
    with pytest.raises(NotPossible) as refused:
        bank.port.prepare(zhangwei, AssessRisk(answers))
    assert refused.value.rule == "answers_incomplete"


def test_buying_moves_money_into_a_holding(bank: World, zhangwei: str) -> None:
    draft = _buy(bank, zhangwei, "WX90", 10_000_00)
    assert draft.canonical_text == "从借记卡（尾号6789）购买稳享90天（R2）¥10,000.00"
    assert (draft.risk, draft.risk_question_open) == ("blue", False)
    assert _done(bank, zhangwei, draft)["确认份额"] == "9,659.97份"
    assert bank.balance(zhangwei, "6789") == 42_318_66
    assert _held(bank, zhangwei, "WX90").cost_fen == 10_000_00


def test_from_r3_on_the_risk_is_asked_first(bank: World, zhangwei: str) -> None:
    draft = _buy(bank, zhangwei, "JHYX", 1_000_00)
    assert (draft.risk, draft.risk_question_open) == ("yellow", True)
    with pytest.raises(RiskQuestionOpen):
        bank.port.send_code(zhangwei, draft.id)
    bank.port.answer_risk(zhangwei, draft.id, suspicious=False)
    assert "冷静期至" in _done(bank, zhangwei, draft)


def test_only_what_suits_is_sold(bank: World, zhangwei: str, lina: str) -> None:
    for session, tail, code, amount_fen, rule in (
        (lina, "3344", "RRY", 100_00, "not_assessed"),
        (zhangwei, "6789", "CZHH", 1_000_00, "above_risk_level"),
        (zhangwei, "6789", "WX365", 9_999_99, "below_minimum"),
        (zhangwei, "6789", "NOTHING", 9_999_99, "no_such_product"),
    ):
        with pytest.raises(NotPossible) as refused:
            _buy(bank, session, code, amount_fen, tail)
        assert refused.value.rule == rule


def test_an_old_result_does_not_count(bank: World) -> None:
    bank.set_clock(NOON + timedelta(days=300))
    session = bank.sign_in("zhangwei")
    with pytest.raises(NotPossible) as refused:
        _buy(bank, session, "RRY", 100_00)
    assert refused.value.rule == "assessment_expired"
    result = bank.port.risk_profile(session).result
    assert result is not None
    assert not result.valid


def test_redeemed_money_arrives_on_the_next_working_day(bank: World, zhangwei: str) -> None:
    lines = _done(bank, zhangwei, _redeem(bank, zhangwei, "WX90", 20_298_04))
    assert lines["预计到账金额"] == "¥20,298.04"
    assert lines["到账时间"].startswith("T+1，")
    assert [holding.product_code for holding in bank.port.holdings(zhangwei)] == ["JHYX"]
    assert bank.balance(zhangwei, "6789") == 52_318_66
    bank.wait(days=4)
    session = bank.sign_in("zhangwei")
    assert bank.balance(session, "6789") == 72_616_70
    assert bank.balance(session, "6789") == 72_616_70
    assert (20_298_04, "稳享90天") in bank.movements(session)


def test_a_part_keeps_its_share_of_the_cost(bank: World, zhangwei: str) -> None:
    _done(bank, zhangwei, _redeem(bank, zhangwei, "JHYX", 4_917_00))
    rest = _held(bank, zhangwei, "JHYX")
    assert (rest.shares, rest.cost_fen, rest.value_fen) == ("5000.00", 5_000_00, 4_917_00)


def test_a_purchase_can_be_taken_back_within_a_day(bank: World, zhangwei: str) -> None:
    draft = _buy(bank, zhangwei, "JHYX", 1_000_00)
    bank.port.answer_risk(zhangwei, draft.id, suspicious=False)
    _done(bank, zhangwei, draft)
    value_fen = _held(bank, zhangwei, "JHYX").value_fen
    with pytest.raises(NotPossible) as refused:
        _redeem(bank, zhangwei, "JHYX", value_fen - 1)
    assert refused.value.rule == "whole_only"
    assert _done(bank, zhangwei, _redeem(bank, zhangwei, "JHYX", value_fen))["退回金额"] == "¥1,000.00"
    assert bank.balance(zhangwei, "6789") == 52_318_66


def test_what_redeeming_refuses(bank: World, zhangwei: str, lina: str) -> None:
    _done(bank, zhangwei, _buy(bank, zhangwei, "WX90", 1_000_00))
    with pytest.raises(NotPossible) as locked:
        _redeem(bank, zhangwei, "WX90", 500_00)
    with pytest.raises(NotPossible) as above:
        _redeem(bank, zhangwei, "JHYX", 9_834_01)
    order = RedeemWealth(_held(bank, zhangwei, "JHYX").id, bank.account(lina, "3344").id, 100_00)
    with pytest.raises(NotPossible) as foreign:
        bank.port.prepare(lina, order)
    assert [error.value.rule for error in (locked, above, foreign)] == ["locked", "above_holding", "no_such_holding"]
