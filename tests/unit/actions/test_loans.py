"""Loans, deposits and wealth: answers that conversation cases do not reach."""

from collections.abc import Callable

from actions.loan import ActionNegotiateOverdue
from actions.loan_calculator import CalculateLoanForm
from actions.service_actions import ActionAskServiceAnswer
from actions.wealth import ActionBrowseWealth
from actions.wealth_questionnaire import AssessRiskForm
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


def test_a_visitor_calculates_and_a_rate_is_no_amount(stage: Callable[..., Stage]) -> None:
    visitor = stage(login=None, form="calculate_loan_form")
    said = visitor.run(CalculateLoanForm(), "贷80万20年利率3.85，等额本金", "calculate_loan")
    assert said == ["utter_loan_calculated"]
    assert visitor.messages[0]["amount"] == "800,000.00"
    assert visitor.messages[0]["rate"] == "3.85%"
    assert visitor.form is None


def test_a_rate_that_nobody_said_is_called_the_banks_own(stage: Callable[..., Stage]) -> None:
    visitor = stage(login=None, form="calculate_loan_form")
    visitor.run(CalculateLoanForm(), "贷80万20年", "calculate_loan")
    assert "您没有说利率" in visitor.messages[0]["source"]
    visitor.form = "calculate_loan_form"
    visitor.run(CalculateLoanForm(), "贷80万20年利率3.85", "calculate_loan")
    assert visitor.messages[0]["source"] == ""


def test_two_ways_that_cost_the_same_are_not_compared(stage: Callable[..., Stage]) -> None:
    visitor = stage(login=None, form="calculate_loan_form")
    assert visitor.run(CalculateLoanForm(), "贷10万一个月利率3.85", "calculate_loan") == ["utter_loan_calculated"]


def test_the_bare_number_of_an_answer_is_years(stage: Callable[..., Stage]) -> None:
    visitor = stage(login=None, form="calculate_loan_form")
    visitor.run(CalculateLoanForm(), "贷100万", "calculate_loan")
    visitor.run(ActionAskServiceAnswer(), "贷100万", "calculate_loan")
    said = visitor.run(CalculateLoanForm(), "30", "inform")
    assert said == ["utter_loan_calculated", "utter_loan_compared"]
    assert "4,407.14" in visitor.messages[0]["rows"]


def test_nothing_is_recommended_once_the_result_is_old(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    bank._customers["zhangwei"].books.assessment = None
    assert stage().run(ActionBrowseWealth(), "推荐个理财", "browse_wealth") == ["utter_wealth_products_unassessed"]


def test_words_that_are_no_option_are_asked_again(stage: Callable[..., Stage]) -> None:
    form = AssessRiskForm()
    lina = stage(login="lina", form="assess_risk_form")
    lina.run(form, "风险测评", "assess_risk")
    lina.run(form, "10万", "inform")
    assert lina.slots["service_asked"] == "q1"
    lina.run(form, "31至50岁", "inform")
    assert lina.slots["service_values"] == {"q1": "C"}


def test_help_with_payments_is_one_turn(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    said = stage(login="lina").run(ActionNegotiateOverdue(), "信用卡还不上了", "negotiate_overdue")
    assert said == ["utter_negotiate_overdue_done"]
    assert stage(login=None).run(ActionNegotiateOverdue(), "还不上了", "negotiate_overdue") == [
        "utter_negotiate_overdue_visitor"
    ]
