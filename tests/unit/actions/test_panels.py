"""Lists, bills, codes and sign-ins: one message with text and buttons, the same figures, nothing the text hides."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from rasa_sdk import Action

from actions.account import ActionCheckBalance, ActionListAccounts
from actions.branch import ActionFindBranch
from actions.credit_card_queries import ActionCheckCreditBill
from actions.deposit import ActionAskDepositRate
from actions.income import ActionCheckIncome
from actions.loan import ActionBrowseLoans, ActionCheckLoanSchedule
from actions.transactions import ActionCheckTransactions
from actions.transfer_status import ActionCheckTransferLimit, ActionCheckTransferStatus, ActionListPayees
from actions.wealth import ActionBrowseWealth, ActionCheckHoldings
from banking.memory import MemoryBank
from banking.model import Draft
from banking.transfers import ScheduleTransfer
from tests.unit.actions.drawn import ELDER, ENGLISH, HAN, check, sent
from tests.unit.actions.stage import Stage

LISTS: list[tuple[Action, str, str, str]] = [
    (ActionCheckBalance(), "查余额", "check_balance", "zhangwei"),
    (ActionCheckBalance(), "查余额", "check_balance", "zhaolei"),
    (ActionCheckTransactions(), "最近的交易", "check_transactions", "zhangwei"),
    (ActionListAccounts(), "我有哪些账户", "list_accounts", "zhangwei"),
    (ActionListAccounts(), "我有哪些账户", "list_accounts", "chenchen"),
    (ActionCheckTransferStatus(), "转账到了吗", "check_transfer_status", "zhangwei"),
    (ActionCheckIncome(), "工资到账了吗", "check_income", "zhangwei"),
    (ActionCheckIncome(), "有没有钱到账", "check_income", "zhangwei"),
    (ActionCheckHoldings(), "我买的理财", "check_holdings", "zhangwei"),
    (ActionCheckLoanSchedule(), "房贷还款计划", "check_loan_schedule", "zhangwei"),
    (ActionListPayees(), "我的收款人", "list_payees", "zhangwei"),
    (ActionAskDepositRate(), "存款利率", "ask_deposit_rate", "zhangwei"),
    (ActionAskDepositRate(), "存10万一年多少利息", "ask_deposit_rate", "zhangwei"),
    (ActionBrowseWealth(), "有什么理财", "browse_wealth", "zhangwei"),
    (ActionBrowseWealth(), "有什么理财", "browse_wealth", "lina"),
    (ActionBrowseLoans(), "有什么贷款", "browse_loans", "zhangwei"),
    (ActionFindBranch(), "徐家汇附近的网点", "find_branch", "zhangwei"),
]
IN_ENGLISH = {"check_balance", "list_accounts", "check_transactions", "check_transfer_status", "find_branch"}


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


def test_only_money_that_left_is_marked_as_gone(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    _authorised(bank, play, bank.draft_transfer(str(play.session), *_route(bank, play, "5566"), 300_00))
    play.run(ActionCheckTransferStatus(), "转账到了吗", "check_transfer_status")
    panel = check(sent(play)[0], bank, play)
    assert {(item["value"][0], item.get("tone")) for item in panel["items"]} == {("-", "out"), ("¥", None)}
    gone, failed = panel["items"]
    assert (gone["title"], gone["value"]) == ("王强（工商银行，尾号5566）", "-¥300.00")
    assert "回单号" in gone["note"] and "没有转出" in failed["note"]


def test_what_is_to_come_says_from_which_account_and_when(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    account_id, payee_id = _route(bank, play, "3344")
    first_on = (date.today() + timedelta(days=31)).replace(day=15)
    order = ScheduleTransfer(payee_id, account_id, 300_00, "monthly", first_on.isoformat())
    _authorised(bank, play, bank.prepare(str(play.session), order))
    play.run(ActionCheckTransferStatus(), "转账到了吗", "check_transfer_status")
    panel = check(sent(play)[-1], bank, play)
    assert panel["title"] == "预约转账" and panel["items"][0]["subtitle"].startswith("每月")
    assert "尾号6789" in panel["items"][0]["note"] and "下一次" in panel["items"][0]["note"]


def _authorised(bank: MemoryBank, play: Stage, draft: Draft) -> None:
    """Carried out with its code."""
    session = str(play.session)
    bank.send_code(session, draft.id)
    bank.submit_code(session, bank.last_code("zhangwei"))
    bank.confirm(session, draft.id)


def _route(bank: MemoryBank, play: Stage, payee_tail: str) -> tuple[str, str]:
    """Ids of the paying account 6789 and of a payee."""
    session = str(play.session)
    account = next(account for account in bank.accounts(session) if account.tail == "6789")
    return account.id, next(payee.id for payee in bank.payees(session) if payee.tail == payee_tail)


def test_the_limits_are_a_card(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    play.run(ActionCheckTransferLimit(), "转账限额", "check_transfer_limit")
    [message] = sent(play)
    panel = check(message, bank, play)
    assert panel["type"] == "card" and message["buttons"]
    assert {"label": "今天还可以转", "value": "¥50,000.00"} in panel["rows"]


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
