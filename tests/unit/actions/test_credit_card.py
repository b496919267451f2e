"""Credit card services: what is understood of the sentences that customers say, and where each leads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from actions.credit_card import (
    CancelCreditCardForm,
    ChangeBillDateForm,
    ConvertInstalmentForm,
    RaiseCreditLimitForm,
    RepayCreditCardForm,
    SetAutopayForm,
)
from actions.credit_card_queries import ActionCheckCreditBill, ActionCheckCreditLimit, ActionCheckCreditRepayment
from actions.credit_card_rewards import (
    ActionCheckCardApplication,
    ActionCheckPoints,
    ApplyCreditCardForm,
    RedeemPointsForm,
)
from actions.forms import BankAction
from actions.service_actions import ActionAskServiceAnswer, ActionFinishService
from actions.service_form import ServiceForm
from banking.credit_card import ConvertInstalment
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


@dataclass
class Talk:
    """A customer in front of one service: each `say` is a turn, with what it asks or does."""

    form: ServiceForm
    stage: Stage
    bank: MemoryBank

    def say(self, text: str, intent: str = "inform", **button: str) -> list[str]:
        said = self.stage.run(self.form, text, intent, (), **button)
        if self.stage.asked == "service_answer":
            said += self.stage.run(ActionAskServiceAnswer(), text, intent, (), **button)
        elif self.stage.asked is None and self.stage.form:
            said += self.stage.run(ActionFinishService(), text, intent, (), **button)
        return said

    def start(self, text: str) -> list[str]:
        return self.say(text, self.form.intent)

    @property
    def summary(self) -> str:
        return str(self.stage.slots.get("service_summary"))

    def code(self) -> list[str]:
        self.bank.submit_code(str(self.stage.session), self.bank.last_code("zhangwei"))
        self.stage.code = "accepted"
        said = self.say("")
        self.stage.code = None
        return said


@pytest.fixture
def talk(stage: Callable[..., Stage], bank: MemoryBank) -> Callable[..., Talk]:
    """talk(Form, login="zhangwei") -> Talk"""

    def make(form: type[ServiceForm], login: str | None = "zhangwei") -> Talk:
        return Talk(form(), stage(login=login, form=f"{form.intent}_form"), bank)

    return make


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [
        ("从6789还信用卡，还最低", "428.64"),
        ("用尾号6789把信用卡还清", "4,286.35"),
        ("用6789把信用卡这期账单全还了", "4,286.35"),
        ("从6789还一半信用卡账单", "2,143.17"),
        ("从6789还信用卡1000元", "1,000.00"),
        ("尾号6789还信用卡，四千多那个账单结清", "4,286.35"),
    ],
)
def test_amounts_of_a_repayment(talk: Callable[..., Talk], sentence: str, amount: str) -> None:
    service = talk(RepayCreditCardForm)
    assert service.start(sentence) == ["utter_service_confirm"]
    assert service.summary.endswith(f"¥{amount}")


@pytest.mark.parametrize("answer", ["还最低就行", "最低还款额", "先还最低的吧", "还最少的那个"])
def test_the_minimum_is_an_answer_whatever_it_reads_like(talk: Callable[..., Talk], answer: str) -> None:
    service = talk(RepayCreditCardForm)
    service.start("从6789还信用卡")
    assert service.say(answer, "check_credit_bill") == ["utter_service_confirm"]
    assert service.summary.endswith("¥428.64")


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [("不对，只还最低", "428.64"), ("不对，冻结6789那张卡", "1,000.00"), ("最低还多少", "1,000.00")],
)
def test_a_correction_of_the_summary_whatever_it_reads_like(
    talk: Callable[..., Talk], sentence: str, amount: str
) -> None:
    service = talk(RepayCreditCardForm)
    service.start("从6789还信用卡1000元")
    service.say(sentence, "faq")
    assert service.summary.endswith(f"¥{amount}")


def test_half_of_the_bill_from_the_second_account(talk: Callable[..., Talk]) -> None:
    service = talk(RepayCreditCardForm)
    assert service.start("还信用卡") == ["utter_repay_credit_card_ask_amount_fen"]
    assert service.say("账单的一半", "redeem_wealth") == ["utter_repay_credit_card_ask_from_account_id"]
    assert service.say("第二个") == ["utter_service_confirm"]
    assert service.summary == "从借记卡（尾号1122）还信用卡（尾号8812）¥2,143.17"


def test_the_tail_of_the_card_is_no_amount(talk: Callable[..., Talk]) -> None:
    assert talk(RepayCreditCardForm).start("用6789还8812") == ["utter_repay_credit_card_ask_amount_fen"]


def test_a_question_about_the_minimum_is_none(talk: Callable[..., Talk]) -> None:
    service = talk(RepayCreditCardForm)
    service.start("从6789还信用卡")
    service.say("最低要还多少", "check_credit_bill")
    assert service.stage.slots["service_asked"] == "amount_fen"


def test_a_minimum_that_is_paid_and_a_card_that_owes_nothing(talk: Callable[..., Talk]) -> None:
    service = talk(RepayCreditCardForm)
    service.start("从6789还信用卡1000元")
    service.say("确认", "affirm")
    assert service.code() == ["utter_service_done"]
    assert service.start("从6789还信用卡最低还款额") == [
        "utter_repay_credit_card_minimum_paid",
        "utter_repay_credit_card_ask_amount_fen",
    ]
    assert service.say("全部账单") == ["utter_service_confirm"]
    service.say("确认", "affirm")
    service.code()
    assert service.start("还信用卡") == ["utter_repay_credit_card_nothing_owed"]


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("把固定额度提到四万", "固定额度提高到 ¥40,000.00"),
        ("固定额度从三万提到四万", "固定额度提高到 ¥40,000.00"),
        ("信用卡临时多给两万额度", "临时额度提高到 ¥50,000.00"),
        ("给我加一万临时额度", "临时额度提高到 ¥40,000.00"),
    ],
)
def test_limits(talk: Callable[..., Talk], sentence: str, summary: str) -> None:
    service = talk(RaiseCreditLimitForm)
    assert service.start(sentence) == ["utter_service_confirm"]
    assert service.summary.endswith(summary)


def test_a_limit_step_by_step_and_too_high(talk: Callable[..., Talk]) -> None:
    service = talk(RaiseCreditLimitForm)
    assert service.start("我要提额") == ["utter_raise_credit_limit_ask_term"]
    assert service.say("临时的就行") == ["utter_raise_credit_limit_ask_limit_fen"]
    assert service.say("十万") == ["utter_bank_not_possible", "utter_raise_credit_limit_ask_limit_fen"]
    assert service.say("50000") == ["utter_service_confirm"]
    assert service.say("还是固定额度吧，提到4万5", "correct_value") == ["utter_service_confirm"]
    assert service.summary.endswith("固定额度提高到 ¥45,000.00")


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("账单分12期", "¥4,286.35 分 12 期还"),
        ("把3000分6期", "¥3,000.00 分 6 期还"),
        ("这期账单四千多，分成三期吧", "¥4,286.35 分 3 期还"),
        ("账单分一年还", "¥4,286.35 分 12 期还"),
        ("其中2000块分二十四期", "¥2,000.00 分 24 期还"),
    ],
)
def test_instalments(talk: Callable[..., Talk], sentence: str, summary: str) -> None:
    service = talk(ConvertInstalmentForm)
    assert service.start(sentence) == ["utter_service_confirm"]
    assert service.summary.endswith(summary)


def test_periods_are_asked_with_their_cost(talk: Callable[..., Talk]) -> None:
    service = talk(ConvertInstalmentForm)
    assert service.start("我想分期") == ["utter_convert_installment_ask_periods"]
    assert [button["title"] for button in service.stage.messages[-1]["buttons"]][2] == "12期　每期 ¥382.91"
    assert service.say("九期")[0] == "utter_convert_installment_periods_unknown"
    assert service.say("12") == ["utter_service_confirm"]


def test_a_bill_in_instalments_is_not_asked_about_again(talk: Callable[..., Talk], bank: MemoryBank) -> None:
    service = talk(ConvertInstalmentForm)
    session = str(service.stage.session)
    draft = bank.prepare(session, ConvertInstalment("ac_zhangwei_8812", 1_000_00, 3))
    bank.send_code(session, draft.id)
    bank.submit_code(session, bank.last_code("zhangwei"))
    bank.confirm(session, draft.id)
    assert service.start("再分一期账单") == ["utter_bank_not_possible"]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("账单日改到10号", 10),
        ("账单日从5号改到十二号", 12),
        ("把账单日调成每月15日", 15),
        ("账单日改到月底", 28),
        ("还款日改到15号", 25),
        ("月初要交房租，账单日改到中旬吧", 15),
    ],
)
def test_bill_days(talk: Callable[..., Talk], sentence: str, day: int) -> None:
    service = talk(ChangeBillDateForm)
    assert service.start(sentence) == ["utter_service_confirm"]
    assert service.summary.endswith(f"每月{day}日")


def test_pay_day_is_no_bill_day(talk: Callable[..., Talk]) -> None:
    service = talk(ChangeBillDateForm)
    assert service.start("现在5号出账太早，账单日换一天") == ["utter_change_bill_date_ask_bill_day"]
    assert service.start("我15号发工资，账单日往后挪挪") == ["utter_change_bill_date_ask_bill_day"]
    assert service.say("18号吧") == ["utter_service_confirm"]


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("信用卡每月自动从6789扣全额", "每期还款日自动还全额"),
        ("自动还款从尾号1122扣最低", "每期还款日自动还最低还款额"),
    ],
)
def test_autopay(talk: Callable[..., Talk], sentence: str, summary: str) -> None:
    service = talk(SetAutopayForm)
    assert service.start(sentence) == ["utter_service_confirm"]
    assert service.summary.endswith(summary)


def test_choices_by_their_place_in_the_list(talk: Callable[..., Talk]) -> None:
    service = talk(SetAutopayForm)
    service.start("自动还款，从尾号6789扣")
    assert service.say("第一个") == ["utter_service_confirm"]
    assert "自动还全额" in service.summary
    service = talk(RaiseCreditLimitForm)
    service.start("我要提额到四万块")
    assert service.say("第二个") == ["utter_service_confirm"]
    assert "临时额度" in service.summary


def test_autopay_that_was_never_set_can_not_be_ended(talk: Callable[..., Talk]) -> None:
    assert talk(SetAutopayForm).start("取消自动还款") == ["utter_bank_not_possible"]


def test_rewards_by_name_place_and_too_dear(talk: Callable[..., Talk]) -> None:
    service = talk(RedeemPointsForm)
    assert service.start("用积分换个电饭煲") == ["utter_bank_not_possible", "utter_redeem_points_ask_reward_id"]
    assert service.stage.messages[-1]["buttons"][0]["title"] == "咖啡券一张　3,000 分"
    assert service.say("第二个") == ["utter_service_confirm"]
    assert service.say("换成保温杯", "correct_value") == ["utter_service_confirm"]
    assert service.say("确认", "affirm") == ["utter_redeem_points_done"]
    assert talk(RedeemPointsForm, "lina").start("积分兑换") == ["utter_points_none"]


def test_applying_for_a_card(talk: Callable[..., Talk]) -> None:
    assert talk(ApplyCreditCardForm, None).start("怎么办信用卡") == ["utter_card_products"]
    service = talk(ApplyCreditCardForm)
    assert service.start("我想办张信用卡") == ["utter_apply_credit_card_ask_product_id"]
    assert service.say("经常开车，车主那种") == ["utter_service_confirm"]
    assert service.say("确认", "affirm") == ["utter_apply_credit_card_done"]
    assert service.stage.run(ActionCheckCardApplication(), "", "check_card_application") == ["utter_card_application"]


def test_closing_a_card(talk: Callable[..., Talk]) -> None:
    service = talk(CancelCreditCardForm)
    assert service.start("注销信用卡") == ["utter_bank_not_possible"]
    repaying = talk(RepayCreditCardForm)
    repaying.start("从6789把信用卡还清")
    repaying.say("确认", "affirm")
    repaying.code()
    service = talk(CancelCreditCardForm)
    assert service.start("注销信用卡") == ["utter_bank_not_possible", "utter_cancel_credit_card_ask_forfeit_points"]
    assert service.say("积分不要了") == ["utter_service_confirm"]


@pytest.mark.parametrize(
    ("action", "answer", "words"),
    [
        (ActionCheckCreditBill, "utter_credit_card_bill", {"bill": "4,286.35", "minimum": "428.64"}),
        (ActionCheckCreditLimit, "utter_credit_card_limit", {"limit": "30,000.00", "available": "25,713.65"}),
        (ActionCheckCreditRepayment, "utter_credit_card_not_repaid", {"bill": "4,286.35"}),
        (ActionCheckPoints, "utter_points", {"balance": "12,860"}),
        (ActionCheckCardApplication, "utter_card_application_none", {}),
    ],
)
def test_queries(stage: Callable[..., Stage], action: type[BankAction], answer: str, words: dict[str, Any]) -> None:
    play = stage()
    assert play.run(action(), "", "query") == [answer]
    assert words.items() <= play.messages[-1].items()


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (ActionCheckCreditBill, "utter_credit_card_none"),
        (ActionCheckPoints, "utter_points_none"),
        (ActionCheckCardApplication, "utter_card_application"),
    ],
)
def test_a_customer_without_a_credit_card(stage: Callable[..., Stage], action: type[BankAction], answer: str) -> None:
    assert stage(login="lina").run(action(), "", "query") == [answer]


def test_visitors_sign_in_first(stage: Callable[..., Stage]) -> None:
    assert stage(login=None).run(ActionCheckCreditBill(), "", "query") == ["utter_bank_sign_in_required"]


def test_an_overdue_bill_says_so(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    due = bank.credit_cards(str(play.session))[0].bill.due_on
    bank.clock = lambda: datetime.fromisoformat(f"{due.isoformat()}T12:00:00+08:00").replace(year=due.year + 1)
    play.session = bank.sign_in("zhangwei")
    play.run(ActionCheckCreditBill(), "", "query")
    assert "逾期" in play.messages[-1]["state"]
