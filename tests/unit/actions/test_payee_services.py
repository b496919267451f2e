"""Adding and removing payees: what is heard, and that the number never is."""

from collections.abc import Callable

import pytest

from actions.payee_services import AddPayeeForm, RemovePayeeForm
from banking.memory import MemoryBank
from banking.memory_transfer_records import demo_number
from tests.unit.actions.service_stage import Service
from tests.unit.actions.stage import Stage

CHEN = demo_number("4466")


@pytest.fixture
def adding(stage: Callable[..., Stage], bank: MemoryBank) -> Service:
    return Service(AddPayeeForm(), stage(form="add_payee_form"), bank)


@pytest.fixture
def removing(stage: Callable[..., Stage], bank: MemoryBank) -> Service:
    return Service(RemovePayeeForm(), stage(form="remove_payee_form"), bank)


def test_step_by_step(adding: Service) -> None:
    assert adding.start("添加收款人") == ["utter_add_payee_ask_name"]
    assert adding.say("陈晨", "transfer_money") == ["utter_add_payee_ask_number_reference"]
    assert adding.type_number(CHEN) == ["utter_service_confirm"]
    assert CHEN not in str(adding.stage.slots)
    adding.say("确认", "affirm")
    assert adding.type_code() == ["utter_add_payee_done"]
    assert "4466" in {payee.tail for payee in adding.bank.payees(str(adding.stage.session))}


def test_a_relation_is_an_alias_and_no_name(adding: Service) -> None:
    assert adding.start("把房东加到收款人里", ("房东",)) == ["utter_add_payee_ask_name"]
    adding.say("陈晨", "inform", ("陈晨",))
    assert adding.type_number(CHEN) == ["utter_service_confirm"]
    assert adding.values["alias"] == "房东"


def test_a_name_that_does_not_fit_is_asked_for_again(adding: Service) -> None:
    adding.start("添加收款人程辰", ("程辰",))
    assert adding.type_number(CHEN) == ["utter_bank_not_possible", "utter_add_payee_ask_name"]
    assert adding.say("陈晨", "inform", ("陈晨",)) == ["utter_service_confirm"]


@pytest.mark.parametrize("outcome", ["invalid", "unavailable"])
def test_a_number_without_a_reference(adding: Service, outcome: str) -> None:
    adding.start("添加收款人陈晨", ("陈晨",))
    adding.stage.number = outcome
    said = adding.say("****4467")
    assert said == [f"utter_add_payee_number_{outcome}", "utter_add_payee_ask_number_reference"]


def test_one_of_two_is_removed(removing: Service) -> None:
    assert removing.start("把王强删了", ("王强",)) == ["utter_remove_payee_ask_payee_id"]
    assert removing.say("建行的") == ["utter_service_confirm"]
    assert removing.say("不对,删工行的王强", "correct_value", ("王强",)) == ["utter_service_confirm"]
    removing.say("确认", "affirm")
    assert removing.type_code() == ["utter_remove_payee_done"]
    assert {payee.tail for payee in removing.bank.payees(str(removing.stage.session))} == {"3344", "7788", "9900"}


def test_nobody_of_that_name(removing: Service) -> None:
    said = removing.start("把赵六删了", ("赵六",))
    assert said == ["utter_transfer_payee_not_saved", "utter_remove_payee_ask_payee_id"]
    assert removing.say("不", "deny") == ["utter_service_cancelled"]
