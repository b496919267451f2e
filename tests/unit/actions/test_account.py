"""What is asked of accounts: which transactions are meant, what is told of them, and documents in conversation."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.account import ActionCheckBalance
from actions.documents import RequestAssetCertificateForm, RequestReceiptForm, RequestStatementForm
from actions.explain_transaction import ActionExplainTransaction
from actions.finding import named_in
from actions.income import ActionCheckIncome
from actions.restrictions import ActionExplainAccountRestriction
from actions.service_actions import ActionAskServiceAnswer, ActionFinishService
from actions.service_form import ServiceForm
from actions.spending import ActionSummarizeSpending
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage

SIDES = ["美团", "京东商城", "上海云帆科技有限公司", "中国移动", "上海地铁"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("京东那笔是什么", ["京东商城"]),
        ("美团花了多少", ["美团"]),
        ("上海的公司", []),
        ("中国的银行", []),
        ("地铁", ["上海地铁"]),
        ("云帆的工资", ["上海云帆科技有限公司"]),
    ],
)
def test_names_are_found_by_a_part_of_them(text: str, found: list[str]) -> None:
    assert named_in(text, SIDES) == found


@pytest.mark.parametrize(
    ("text", "persons", "response", "said"),
    [
        ("最近一个月的工资到了吗", (), "utter_account_income", "工资"),
        ("工资到账了没", (), "utter_account_income", "15,680.00"),
        ("有一笔15680到账了吗", (), "utter_account_income", "15,680.00"),
        ("云帆公司打的钱到了没", (), "utter_account_income", "云帆"),
        ("李娜转我的500到了吗", ("李娜",), "utter_account_income_none", "李娜转来的 ¥500.00 "),
        ("报销款下来没有", (), "utter_account_income_none", "报销款"),
        ("退我的199怎么还没见", (), "utter_account_income_none", "退款"),
        ("养老金到了吗", (), "utter_account_income_none", "养老金"),
        ("有人给我转钱了吗", (), "utter_account_income_recent", "15,680.00"),
        ("15680块打到我工资卡上没有", (), "utter_account_income", "15,680.00"),
        ("押金退了没，房东说昨晚转的", ("房东",), "utter_account_income_none", "房东转来的"),
    ],
)
def test_what_came_in(
    stage: Callable[..., Stage], text: str, persons: tuple[str, ...], response: str, said: str
) -> None:
    play = stage()
    assert play.run(ActionCheckIncome(), text, "check_income", persons) == [response]
    assert said in str(play.messages[0])


@pytest.mark.parametrize(
    ("text", "persons", "response", "said"),
    [
        ("最近30天花了多少", (), "utter_account_spending", "1,681.50"),
        ("最近30天吃饭花了多少", (), "utter_account_spending_category", "45.00"),
        ("最近30天看病花了多少", (), "utter_account_spending_none_of", "医疗"),
        ("最近30天工资一共多少", (), "utter_account_spending_income", "15,680.00"),
        ("最近30天一共转给妈妈多少", ("妈妈",), "utter_account_spending_with", "1,000.00"),
        ("最近30天在永辉花了多少", (), "utter_account_spending_with", "132.75"),
        ("最近30天1122花了多少", (), "utter_account_spending_none", "没有查到"),
        ("2099年3月花了多少", (), "utter_account_future_transactions", ""),
    ],
)
def test_spending(stage: Callable[..., Stage], text: str, persons: tuple[str, ...], response: str, said: str) -> None:
    play = stage()
    assert play.run(ActionSummarizeSpending(), text, "summarize_spending", persons) == [response]
    assert said in str(play.messages[0]) or said == "没有查到"


def test_a_time_alone_keeps_the_topic(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionSummarizeSpending(), "最近30天外卖花了多少", "summarize_spending")
    assert play.run(ActionSummarizeSpending(), "最近一周", "inform") == ["utter_account_spending_category"]
    assert play.messages[0]["name"] == "餐饮"
    assert play.run(ActionSummarizeSpending(), "最近30天花了多少", "summarize_spending") == ["utter_account_spending"]
    assert play.run(ActionSummarizeSpending(), "最近一周", "inform") == ["utter_account_spending"]
    play.run(ActionCheckIncome(), "工资到了吗", "check_income")
    assert play.run(ActionCheckIncome(), "最近20天", "inform") == ["utter_account_income"]
    assert play.run(ActionCheckIncome(), "最近三天", "inform") == ["utter_account_income_none"]


@pytest.mark.parametrize(
    ("text", "response", "said"),
    [
        ("快捷支付是什么意思", "utter_account_explained_term", "快捷支付"),
        ("美团那笔是什么钱", "utter_account_explained", "美团"),
        ("扣了203.75是什么费", "utter_account_explained", "供电公司"),
        ("刚才那笔扣款是什么", "utter_account_explained", "45.00"),
        ("李娜那笔是什么", "utter_account_explained", "账户之间的转账"),
        ("这是什么意思", "utter_account_not_explained", ""),
        ("0.87元哪来的", "utter_account_not_explained", ""),
    ],
)
def test_explanations(stage: Callable[..., Stage], text: str, response: str, said: str) -> None:
    play = stage()
    assert play.run(ActionExplainTransaction(), text, "explain_transaction") == [response]
    assert said in str(play.messages[0])


def test_restrictions_and_their_absence(stage: Callable[..., Stage]) -> None:
    action, intent = ActionExplainAccountRestriction(), "explain_account_restriction"
    restricted = stage("zhaolei")
    assert restricted.run(action, "我的账户怎么被限制了", intent) == ["utter_account_restricted_because"]
    assert "身份证" in restricted.messages[0]["bring"] and "收款" in restricted.messages[0]["works"]
    assert stage().run(action, "我的卡怎么被限额了", intent) == [
        "utter_account_second_class",
        "utter_account_not_restricted",
    ]
    assert stage("lina").run(action, "我的账户怎么被限制了", intent) == ["utter_account_not_restricted"]


def test_another_currency_and_frozen_money(stage: Callable[..., Stage]) -> None:
    play = stage()
    assert play.run(ActionCheckBalance(), "冻结了多少钱", "check_balance") == ["utter_account_balance"]
    assert "冻结 ¥0.00，总余额 ¥52,318.66" in play.messages[0]["rows"]
    assert play.run(ActionCheckBalance(), "查余额", "check_balance") == ["utter_account_balance"]
    assert "冻结" not in play.messages[0]["rows"]


def say(play: Stage, form: ServiceForm, text: str, intent: str = "inform", **button: str) -> list[str]:
    """A turn of a service, its question or its end included."""
    play.form = f"{form.intent}_form"
    said = play.run(form, text, intent, (), **button)
    if play.asked == "service_answer":
        said += play.run(ActionAskServiceAnswer(), text, intent, (), **button)
    elif play.asked is None and play.form:
        said += play.run(ActionFinishService(), text, intent, (), **button)
    return said


def titles(play: Stage) -> list[str]:
    found: list[dict[str, Any]] = play.messages[-1]["buttons"]
    return [button["title"] for button in found]


def test_the_receipt_of_the_last_payment_is_there_at_once(stage: Callable[..., Stage]) -> None:
    play, form = stage(), RequestReceiptForm()
    assert say(play, form, "刚才付的那笔给我开个回单", "request_receipt") == ["utter_request_receipt_done"]
    assert "美团外卖 ¥45.00" in play.messages[0]["summary"]


def test_a_receipt_that_has_to_be_chosen(stage: Callable[..., Stage]) -> None:
    play, form = stage(), RequestReceiptForm()
    assert say(play, form, "我要回单", "request_receipt") == ["utter_request_receipt_ask_transaction_id"]
    assert len(titles(play)) == 5
    assert say(play, form, "京东那笔") == [
        "utter_account_no_such_transaction",
        "utter_request_receipt_ask_transaction_id",
    ]
    assert say(play, form, "永辉那笔") == ["utter_request_receipt_done"]


def test_a_receipt_by_button_of_an_explanation(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    play.run(ActionExplainTransaction(), "永辉那笔是什么", "explain_transaction")
    payload = play.messages[0]["buttons"][0]["payload"]
    chosen = payload.split('"')[3]
    said = say(play, RequestReceiptForm(), payload, "request_receipt", service_option=chosen)
    assert said == ["utter_request_receipt_done"]


def test_a_statement_of_half_a_year(stage: Callable[..., Stage]) -> None:
    play, form = stage(), RequestStatementForm()
    assert say(play, form, "打印半年的流水", "request_statement") == ["utter_request_statement_ask_account_id"]
    assert say(play, form, "6789") == ["utter_service_confirm"]
    assert say(play, form, "改成最近一个月", "correct_value") == ["utter_service_confirm"]
    assert say(play, form, "2015年全年的", "correct_value") == [
        "utter_bank_not_possible",
        "utter_request_statement_ask_period",
    ]
    assert say(play, form, "", "inform", service_option="months:3") == ["utter_service_confirm"]


def test_a_certificate_step_by_step(stage: Callable[..., Stage]) -> None:
    play, form = stage(), RequestAssetCertificateForm()
    ask = "utter_request_asset_certificate_ask_"
    assert say(play, form, "开存款证明", "request_asset_certificate") == [f"{ask}account_id"]
    assert say(play, form, "定期") == [f"{ask}amount_fen"]
    assert say(play, form, "六万") == [f"{ask}purpose"]
    assert say(play, form, "签证") == [f"{ask}frozen_until"]
    assert say(play, form, "不冻结") == ["utter_bank_not_possible", f"{ask}amount_fen"]
    assert say(play, form, "全部") == ["utter_service_confirm"]
    assert "¥50,000.00" in play.messages[0]["summary"]


def test_a_certificate_all_at_once(stage: Callable[..., Stage]) -> None:
    play, form = stage(), RequestAssetCertificateForm()
    text = "用尾号6789开一张两万元的存款证明，办签证用，冻结三个月"
    assert say(play, form, text, "request_asset_certificate") == ["utter_service_confirm"]
