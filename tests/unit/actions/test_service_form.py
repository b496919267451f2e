"""The form that all services share, shown by repaying a credit card."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from actions.credit_card import RepayCreditCardForm
from actions.service_actions import ActionAskServiceAnswer, ActionFinishService
from actions.switching import ActionOfferSwitch
from actions.transfer import ValidateTransferMoneyForm
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage

FORM = "repay_credit_card_form"


@dataclass
class Service:
    """A customer in front of one service: each `say` is a turn of Rasa's, the question included."""

    stage: Stage
    bank: MemoryBank

    def say(self, text: str, intent: str = "inform", **button: str) -> list[str]:
        said = self.stage.run(RepayCreditCardForm(), text, intent, (), **button)
        if self.stage.asked == "service_answer":
            said += self.stage.run(ActionAskServiceAnswer(), text, intent, (), **button)
        elif self.stage.asked is None and self.stage.form:
            said += self.stage.run(ActionFinishService(), text, intent, (), **button)
        return said

    def type_code(self) -> list[str]:
        self.bank.submit_code(str(self.stage.session), self.bank.last_code("zhangwei"))
        self.stage.code = "accepted"
        said = self.say("", "inform")
        self.stage.code = None
        return said

    def owed(self) -> int:
        accounts = self.bank.accounts(str(self.stage.session))
        return -next(account.balance_fen for account in accounts if account.tail == "8812")


@pytest.fixture
def service(stage: Callable[..., Stage], bank: MemoryBank) -> Service:
    return Service(stage(form=FORM), bank)


def test_all_at_once(service: Service) -> None:
    assert service.say("从6789这张卡还信用卡1000元", "repay_credit_card") == ["utter_service_confirm"]
    assert service.say("确认", "affirm") == ["utter_bank_code_sent"]
    assert service.stage.asked == "service_code"
    assert service.type_code() == ["utter_service_done"]
    assert service.owed() == 3_286_35


def test_step_by_step_the_answer_is_about_the_question(service: Service) -> None:
    assert service.say("还信用卡", "repay_credit_card") == ["utter_repay_credit_card_ask_amount_fen"]
    assert service.say("800") == ["utter_repay_credit_card_ask_from_account_id"]
    assert service.say("6789") == ["utter_service_confirm"]
    assert service.stage.slots["service_values"]["amount_fen"] == 800_00


def test_buttons_answer(service: Service) -> None:
    service.say("还信用卡", "repay_credit_card")
    service.say("", "inform", service_option="all")
    assert service.stage.slots["service_values"]["amount_fen"] == 4_286_35


@pytest.mark.parametrize("text", ["差不多一千", "三百到五百", "500美元", "-200元"])
def test_no_amount_is_guessed(service: Service, text: str) -> None:
    service.say("还信用卡", "repay_credit_card")
    assert service.say(text) == ["utter_service_amount_unclear", "utter_repay_credit_card_ask_amount_fen"]


def test_a_correction_makes_another_order_and_asks_again(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    first = service.stage.slots["service_draft"]
    assert service.say("改成2000元", "correct_value") == ["utter_service_confirm"]
    assert service.bank.draft(str(service.stage.session), first).state == "CANCELLED"
    service.say("确认", "affirm")
    service.type_code()
    assert service.owed() == 2_286_35


def test_yes_with_another_amount_is_no_yes(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    assert service.say("确认,还2000元", "affirm") == ["utter_service_confirm"]
    assert service.stage.slots["service_confirmed"] is None


def test_what_the_core_refuses_is_asked_again(service: Service) -> None:
    said = service.say("从6789这张卡还信用卡5000元", "repay_credit_card")
    assert said == ["utter_bank_not_possible", "utter_repay_credit_card_ask_amount_fen"]
    assert service.say("1000") == ["utter_service_confirm"]


def test_no_at_the_confirmation_cancels_the_order(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    draft = service.stage.slots["service_draft"]
    assert service.say("不还了", "deny") == ["utter_service_cancelled"]
    assert service.stage.form is None
    assert service.bank.draft(str(service.stage.session), draft).state == "CANCELLED"


def test_what_is_not_for_it_is_left_to_the_rules(service: Service) -> None:
    service.say("还信用卡", "repay_credit_card")
    before = dict(service.stage.slots)
    assert service.stage.run(RepayCreditCardForm(), "查6789的余额", "check_balance") == []
    assert service.stage.slots == before


def test_an_answer_is_heard_whatever_its_intent(service: Service) -> None:
    service.say("还信用卡", "repay_credit_card")
    assert service.say("就500吧", "out_of_scope") == ["utter_repay_credit_card_ask_from_account_id"]


def test_a_core_that_is_down_is_asked_again(service: Service) -> None:
    service.bank.fault = "core_down"
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    assert service.stage.asked == "service_retry"
    service.bank.fault = "none"
    assert service.say("再试一次", "affirm") == ["utter_service_confirm"]


def test_a_lost_answer_is_found_out(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    service.say("确认", "affirm")
    service.bank.submit_code(str(service.stage.session), service.bank.last_code("zhangwei"))
    service.stage.code = "accepted"
    service.stage.run(RepayCreditCardForm(), "", "inform")
    service.bank.fault = "core_drop_reply"
    said = service.stage.run(ActionFinishService(), "", "inform")
    assert said == ["utter_service_outcome_unknown", "utter_service_done"]
    assert service.owed() == 3_286_35


def test_a_wrong_code_does_not_claim_that_another_was_sent(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    service.say("确认", "affirm")
    service.stage.code = "wrong"
    assert service.say("", "inform") == ["utter_bank_code_wrong"]
    assert service.stage.asked == "service_code"
    service.stage.code = None
    assert service.say("", "inform", code_request="resend") == ["utter_bank_code_sent"]


def test_nothing_is_done_without_the_code(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    assert service.stage.run(ActionFinishService(), "", "inform") == []
    assert service.owed() == 4_286_35


def test_a_visitor_has_to_sign_in(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    visitor = Service(stage(login=None, form=FORM), bank)
    assert visitor.say("还信用卡", "repay_credit_card") == ["utter_bank_sign_in_required"]


def test_leaving_for_another_service_takes_up_what_was_said(service: Service) -> None:
    service.say("从6789这张卡还信用卡1000元", "repay_credit_card")
    draft, play = service.stage.slots["service_draft"], service.stage
    assert play.run(ActionOfferSwitch(), "给李娜转500", "transfer_money", ("李娜",)) == ["utter_service_switch"]
    assert [button["title"] for button in play.messages[0]["buttons"]] == ["继续还信用卡", "改办给别人转账"]
    play.form = "transfer_money_form"
    play.run(ValidateTransferMoneyForm(), "", "transfer_money", (), service_switch="now")
    assert play.asked == "transfer_confirmed"
    assert play.slots["transfer_amount"] == 500_00
    assert play.slots["service_values"] is None
    assert service.bank.draft(str(play.session), draft).state == "CANCELLED"
