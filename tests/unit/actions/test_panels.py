"""Lists, bills, codes and sign-ins: one message with text and buttons, the same figures, nothing the text hides."""

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Action

from actions.account import ActionCheckBalance
from actions.branch import ActionFindBranch
from actions.credit_card_queries import ActionCheckCreditBill
from actions.deposit import ActionAskDepositRate
from actions.loan import ActionBrowseLoans
from actions.transactions import ActionCheckTransactions
from actions.transfer_status import ActionListPayees
from actions.wealth import ActionBrowseWealth
from banking.memory import MemoryBank
from tests.unit.actions.drawn import ELDER, ENGLISH, HAN, check, sent
from tests.unit.actions.stage import Stage

LISTS: list[tuple[Action, str, str, str]] = [
    (ActionCheckBalance(), "查余额", "check_balance", "zhangwei"),
    (ActionCheckBalance(), "查余额", "check_balance", "zhaolei"),
    (ActionCheckTransactions(), "最近的交易", "check_transactions", "zhangwei"),
    (ActionListPayees(), "我的收款人", "list_payees", "zhangwei"),
    (ActionAskDepositRate(), "存款利率", "ask_deposit_rate", "zhangwei"),
    (ActionAskDepositRate(), "存10万一年多少利息", "ask_deposit_rate", "zhangwei"),
    (ActionBrowseWealth(), "有什么理财", "browse_wealth", "zhangwei"),
    (ActionBrowseWealth(), "有什么理财", "browse_wealth", "lina"),
    (ActionBrowseLoans(), "有什么贷款", "browse_loans", "zhangwei"),
    (ActionFindBranch(), "徐家汇附近的网点", "find_branch", "zhangwei"),
]
IN_ENGLISH = {"check_balance", "check_transactions", "find_branch"}


@pytest.mark.parametrize(("action", "text", "intent", "login"), LISTS)
def test_lists_say_what_the_text_says(
    stage: Callable[..., Stage], bank: MemoryBank, action: Action, text: str, intent: str, login: str
) -> None:
    play = stage(login)
    play.run(action, text, intent)
    [message] = sent(play)
    panel = check(message, bank, play)
    assert panel["type"] == "list" and panel["title"] and panel["items"]
    assert all(item["title"] in message["text"] for item in panel["items"])


@pytest.mark.parametrize(("action", "text", "intent", "login"), LISTS)
def test_lists_are_english_where_the_text_is_and_else_left_out(
    stage: Callable[..., Stage], bank: MemoryBank, action: Action, text: str, intent: str, login: str
) -> None:
    play = stage(login)
    play.manner = ENGLISH
    play.run(action, text, intent)
    [message] = sent(play)
    assert ("custom" in message) == (intent in IN_ENGLISH)
    if "custom" in message:
        panel = check(message, bank, play)
        own = [panel["title"], panel.get("subtitle", ""), panel.get("footer", "")]
        own += [item.get("subtitle", "") for item in panel["items"] if intent == "check_balance"]
        assert not HAN.search("".join(own))


def test_the_balance_stays_one_message(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckBalance(), "查余额", "check_balance")
    [message] = sent(play)
    assert message["text"].startswith("借记卡（尾号6789）：可用余额 ¥52,318.66\n")
    assert message["custom"]["items"][0] == {
        "title": "借记卡",
        "subtitle": "尾号6789",
        "value": "¥52,318.66",
        "note": "可用余额",
    }


def test_transactions_say_which_way_the_money_went(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckTransactions(), "最近的交易", "check_transactions")
    [message] = sent(play)
    assert message["buttons"] and message["custom"]["subtitle"] == message["text"].split("\n")[0]
    for item in message["custom"]["items"]:
        assert item["value"].startswith({"in": "+¥", "out": "-¥"}[item["tone"]])


def test_a_benchmark_never_stands_alone(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionBrowseWealth(), "有什么理财", "browse_wealth")
    panel = sent(play)[0]["custom"]
    assert {item["note"] for item in panel["items"]} == {"业绩比较基准"}
    assert "不是收益承诺" in panel["footer"] and "可能亏损本金" in panel["footer"]


def test_a_bill_is_a_card(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    play.run(ActionCheckCreditBill(), "信用卡账单", "check_credit_bill")
    [message] = sent(play)
    panel = check(message, bank, play)
    assert (panel["type"], panel["amount"]) == ("card", "¥4,286.35")
    assert {"label": "最低还款", "value": "¥428.64"} in panel["rows"]
    assert panel["footer"] in message["text"] and message["buttons"]
    play.manner = ENGLISH
    play.run(ActionCheckCreditBill(), "credit card bill", "check_credit_bill")
    [message] = sent(play)
    panel = check(message, bank, play)
    assert {"label": "Minimum payment", "value": "¥428.64"} in panel["rows"]
    assert panel["footer"] == "Nothing has been paid of it yet." and panel["footer"] in message["text"]


CODE, SIGN_IN = {"type": "one_time_code", "digits": 6}, {"type": "sign_in"}


@pytest.mark.parametrize("manner", [{}, ENGLISH, ELDER])
@pytest.mark.parametrize(
    ("response", "payload"),
    [
        ("utter_ask_transfer_money_form_transfer_code", CODE),
        ("utter_ask_service_code", CODE),
        ("utter_ask_unfreeze_card_form_card_code", CODE),
        ("utter_bank_sign_in_required", SIGN_IN),
        ("utter_bank_session_invalid", SIGN_IN),
        ("utter_bank_context_invalid", SIGN_IN),
        ("utter_ask_transfer_money_form_transfer_confirmed", {"type": "confirm"}),
    ],
)
def test_rasa_keeps_a_responses_payload_beside_its_text(
    stage: Callable[..., Stage], manner: dict[str, Any], response: str, payload: dict[str, Any]
) -> None:
    play = stage()
    play.manner = manner
    [message] = sent(play, response)
    assert message["custom"] == payload and message["text"]


def test_a_visitor_is_offered_the_sign_in(stage: Callable[..., Stage]) -> None:
    visitor = stage(login=None)
    visitor.run(ActionCheckBalance(), "查余额", "check_balance")
    [message] = sent(visitor)
    assert message["custom"] == SIGN_IN and "登录" in message["text"]
