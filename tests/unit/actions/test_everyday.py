"""Exchange rates, branches, appointments, bills and the profile: what conversations do not reach."""

from collections.abc import Callable

import pytest

from actions.appointment import BookAppointmentForm
from actions.branch import ActionFindBranch
from actions.data_rights import ExerciseDataRightsForm
from actions.fx import ActionAskExchangeRate
from actions.life import ManageAutoDebitForm, PayBillForm
from actions.profile import EditContactForm, SetSmsAlertForm
from tests.unit.actions.stage import Stage


def _said(play: Stage) -> dict[str, str]:
    message: dict[str, str] = play.messages[-1]
    return message


@pytest.mark.parametrize(
    ("text", "response", "shown"),
    [
        ("一百美元换多少人民币", "utter_fx_conversion", "现汇可得 ¥711.26，现钞可得 ¥705.46；向银行买入要 ¥714.26"),
        ("两万日元", "utter_fx_conversion", "20,000 日元卖给银行，现汇可得 ¥909.44"),
        ("外汇牌价", "utter_fx_prices", "美元：现汇买入 711.26"),
    ],
)
def test_amounts_are_converted_both_ways(stage: Callable[..., Stage], text: str, response: str, shown: str) -> None:
    play = stage(login=None)
    assert play.run(ActionAskExchangeRate(), text, "ask_exchange_rate") == [response]
    assert shown in _said(play)["rows"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("中关村支行地址", "中关村支行"), ("徐家汇有网点吗", "徐家汇支行"), ("深南大道那家电话", "福田支行")],
)
def test_a_branch_is_found_by_name_district_or_street(stage: Callable[..., Stage], text: str, found: str) -> None:
    play = stage(login=None)
    assert play.run(ActionFindBranch(), text, "find_branch") == ["utter_branch_found"]
    assert found in _said(play)["rows"]


def test_the_city_is_asked_with_what_was_wanted(stage: Callable[..., Stage]) -> None:
    play = stage(login=None)
    assert play.run(ActionFindBranch(), "附近有取款机吗", "find_branch") == ["utter_branch_ask_city"]
    assert play.messages[-1]["buttons"][0]["payload"] == '/find_branch{"city": "上海", "service_option": "atm"}'
    assert play.run(ActionFindBranch(), "", "find_branch", city="上海", service_option="atm") == ["utter_branch_found"]
    assert "人民广场自助银行" in _said(play)["rows"]


@pytest.mark.parametrize(
    ("text", "on", "from_fen"),
    [
        ("开通短信提醒", True, 0),
        ("满500才提醒", True, 500_00),
        ("一百以下的别发", True, 100_00),
        ("关掉短信", False, 0),
    ],
)
def test_alerts_have_a_threshold(stage: Callable[..., Stage], text: str, on: bool, from_fen: int) -> None:
    play = stage()
    play.form = "set_sms_alert_form"
    play.run(SetSmsAlertForm(), text, "set_sms_alert")
    assert play.slots["service_values"] == {"on": on, "from_fen": from_fen}


def test_an_own_number_is_topped_up_unless_another_is_named(stage: Callable[..., Stage]) -> None:
    chosen = {}
    for text in ("充一百话费", "给我妈充50块话费", "用6789交电费"):
        play = stage()
        play.form = "pay_bill_form"
        play.run(PayBillForm(), text, "pay_bill")
        bills = {bill.id: bill for bill in play.bank.bill_accounts(str(play.session))}
        values = play.slots["service_values"]
        chosen[text] = bills[values["bill_account_id"]].number, values["amount_fen"]
    assert play.slots["service_summary"] == "从借记卡（尾号6789）缴电费（户号尾号8217） ¥186.32"
    assert list(chosen.values()) == [("138****0001", 100_00), ("138****0005", 50_00), ("尾号8217", 186_32)]


def test_agreements_are_listed_at_once(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.form = "manage_auto_debit_form"
    assert play.run(ManageAutoDebitForm(), "查查我签了哪些代扣", "manage_auto_debit") == ["utter_life_agreements"]
    assert play.form is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("邮箱改成wei@qq.com", {"item": "email", "value": "wei@qq.com"}),
        ("单位换成上海晨星科技有限公司", {"item": "employer", "value": "上海晨星科技有限公司"}),
        ("地址改成上海市静安区江宁路168弄3号502室", {"item": "address", "value": "上海市静安区江宁路168弄3号502室"}),
        ("改地址", {"item": "address"}),
    ],
)
def test_contact_data_is_heard_in_one_sentence(stage: Callable[..., Stage], text: str, values: dict[str, str]) -> None:
    play = stage()
    play.form = "edit_contact_form"
    play.run(EditContactForm(), text, "edit_contact")
    assert play.slots["service_values"] == values


def test_a_required_consent_is_explained_and_another_asked_for(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.form = "exercise_data_rights_form"
    said = play.run(ExerciseDataRightsForm(), "撤回征信授权", "exercise_data_rights")
    assert said == ["utter_bank_not_possible"]
    assert play.slots["service_asked"] == "consent"


def test_nothing_to_cancel_is_said(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.form = "book_appointment_form"
    said = play.run(BookAppointmentForm(), "取消我的预约", "book_appointment")
    assert said == ["utter_branch_no_appointments"]
    assert play.form is None
