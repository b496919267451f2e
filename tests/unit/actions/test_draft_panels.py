"""Transfers and orders on cards: to be confirmed, done, in review, refused, unknown."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import pending
from actions.conversation import Conversation
from actions.credit_card import RepayCreditCardForm
from actions.deposit import OpenTimeDepositForm
from actions.facts import FACTS
from actions.loan import ActionNegotiateOverdue
from actions.replies import Replies
from actions.transfer import (
    ActionAskTransferMoneyFormTransferConfirmed,
    ActionTransferMoney,
    ValidateTransferMoneyForm,
)
from banking.memory import MemoryBank
from banking.model import Draft
from tests.unit.actions.drawn import ELDER, ENGLISH, HAN, check, figures, sent, texts
from tests.unit.actions.service_stage import Service
from tests.unit.actions.stage import DOMAIN, Stage

FORM = "transfer_money_form"


def confirming(play: Stage, manner: dict[str, Any]) -> dict[str, Any]:
    """The message that asks for the confirmation of 500 yuan to 李娜."""
    play.manner, play.form = manner, FORM
    play.run(ValidateTransferMoneyForm(), "给李娜转500", "transfer_money", ("李娜",))
    assert play.asked == "transfer_confirmed"
    play.run(ActionAskTransferMoneyFormTransferConfirmed(), "给李娜转500", "transfer_money", ("李娜",))
    [message] = sent(play)
    return message


def authorise(play: Stage, bank: MemoryBank) -> None:
    play.run(ValidateTransferMoneyForm(), "确认", "affirm")
    bank.submit_code(str(play.session), bank.last_code("zhangwei"))
    play.code = "accepted"
    play.run(ValidateTransferMoneyForm(), "", "inform", any_button="x")


@pytest.mark.parametrize("manner", [{}, ENGLISH, ELDER])
def test_a_transfer_is_confirmed_on_a_card(
    stage: Callable[..., Stage], bank: MemoryBank, manner: dict[str, Any]
) -> None:
    play = stage()
    message = confirming(play, manner)
    panel, draft = check(message, bank, play), bank.draft(str(play.session), play.slots["transfer_draft"])
    assert (panel["type"], panel["amount"], panel["confirm"]) == ("card", "¥500.00", True)
    assert panel["subtitle"] == message["text"] and draft.canonical_text in panel["subtitle"]
    assert len(message["buttons"]) == 2
    labels = [row["label"] for row in panel["rows"]]
    assert labels == (["Payee", "Paid from", "Fee"] if manner == ENGLISH else ["收款人", "付款账户", "手续费"])
    assert panel["title"] == ("Please check the transfer" if manner == ENGLISH else "请核对转账")


@pytest.mark.parametrize("manner", [{}, ENGLISH])
def test_a_transfer_that_is_done_is_a_receipt(
    stage: Callable[..., Stage], bank: MemoryBank, manner: dict[str, Any]
) -> None:
    play = stage()
    confirming(play, manner)
    authorise(play, bank)
    play.run(ActionTransferMoney(), "", "inform", any_button="x")
    [message] = sent(play)
    panel = check(message, bank, play)
    assert (panel["type"], panel["state"], panel["amount"]) == ("card", "done", "¥500.00")
    payee, _, receipt = (row["value"] for row in panel["rows"])
    assert payee in message["text"] and receipt in message["text"]
    assert [bool(HAN.search(row["label"])) for row in panel["rows"]] == [manner == {}] * 3


@pytest.mark.parametrize("manner", [{}, ENGLISH])
def test_a_transfer_that_nobody_knows_of_is_pending(
    stage: Callable[..., Stage], bank: MemoryBank, monkeypatch: pytest.MonkeyPatch, manner: dict[str, Any]
) -> None:
    play = stage()
    confirming(play, manner)
    authorise(play, bank)
    bank.fault = "core_drop_reply"
    monkeypatch.setattr(pending, "QUERY_PAUSES", ())
    assert play.run(ActionTransferMoney(), "", "inform", any_button="x")[-1] == "utter_transfer_still_unknown"
    message = sent(play)[-1]
    panel = message["custom"]
    assert (panel["state"], panel["amount"], panel["subtitle"]) == ("pending", "¥500.00", message["text"])
    assert "李娜" in panel["rows"][0]["value"] and "成功" not in json.dumps(panel, ensure_ascii=False)


def told(play: Stage, draft: Draft) -> dict[str, Any]:
    """The message about how a draft ended."""
    message, dispatcher = play.message("转账到了吗", "check_transfer_status"), CollectingDispatcher()
    tracker = Tracker("sender", dict.fromkeys(DOMAIN["slots"]), message, [], False, None, {}, "action_listen")
    pending.tell(Conversation(tracker, Replies(dispatcher, DOMAIN, "transfer", message)), draft)
    play.messages = dispatcher.messages
    [said] = sent(play)
    return said


@pytest.mark.parametrize(("ending", "state"), [("REVIEW", "pending"), ("REJECTED", "failed"), ("EXPIRED", "failed")])
@pytest.mark.parametrize("manner", [{}, ENGLISH])
def test_a_transfer_in_review_is_pending_and_one_that_was_not_made_failed(
    stage: Callable[..., Stage], bank: MemoryBank, ending: Any, state: str, manner: dict[str, Any]
) -> None:
    play = stage()
    confirming(play, manner)
    draft = bank.draft(str(play.session), play.slots["transfer_draft"])
    message = told(play, replace(draft, state=ending))
    assert (message["custom"]["state"], message["custom"]["subtitle"]) == (state, message["text"])
    assert bool(HAN.search(message["custom"]["title"])) == (manner == {})


@pytest.fixture
def deposit(stage: Callable[..., Stage], bank: MemoryBank) -> Service:
    """A service at the confirmation of 10,000 yuan for a year."""
    service = Service(OpenTimeDepositForm(), stage(form="open_time_deposit_form"), bank)
    service.start("存1万一年定期，从6789扣")
    assert service.stage.slots["service_asked"] == "confirm"
    return service


def test_an_order_is_confirmed_and_carried_out_on_cards(deposit: Service, bank: MemoryBank) -> None:
    stage = deposit.stage
    draft = bank.draft(str(stage.session), stage.slots["service_draft"])
    asked = sent(stage)[-1]
    panel = check(asked, bank, stage)
    assert (panel["title"], panel["amount"], panel["confirm"]) == ("存定期", "¥10,000.00", True)
    assert draft.order and panel["rows"] == [{"label": row.label, "value": row.value} for row in draft.order.lines]
    assert (panel["subtitle"], panel["footer"]) == (f"请您核对：{draft.canonical_text}。", "确认办理吗？")
    assert [button["title"] for button in asked["buttons"]] == ["确认", "取消"]
    deposit.say("确认", "affirm")
    deposit.type_code()
    done = sent(stage)[-1]
    panel, result = done["custom"], bank.draft(str(stage.session), draft.id).result
    assert result and (panel["state"], panel["amount"]) == ("done", "¥10,000.00")
    assert panel["rows"] == [{"label": row.label, "value": row.value} for row in result.lines]
    assert result.receipt_no in panel["footer"] and "confirm" not in panel
    assert figures(*texts(panel)) == figures(done["text"])


def test_an_order_in_english_has_its_buttons_emphasised_and_no_card_of_chinese_lines(deposit: Service) -> None:
    deposit.stage.manner = ENGLISH
    deposit.say("what?")
    assert sent(deposit.stage)[-1]["custom"] == {"type": "confirm"}
    deposit.say("yes", "affirm")
    deposit.type_code()
    assert "custom" not in sent(deposit.stage)[-1]


def test_an_order_that_nobody_knows_of_is_pending(
    deposit: Service, bank: MemoryBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = bank.draft(str(deposit.stage.session), deposit.stage.slots["service_draft"])
    deposit.say("确认", "affirm")
    bank.fault = "core_drop_reply"
    monkeypatch.setattr(pending, "QUERY_PAUSES", ())
    deposit.type_code()
    message = sent(deposit.stage)[-1]
    assert message["custom"]["rows"] == [{"label": "业务", "value": draft.canonical_text}]
    assert (message["custom"]["state"], message["custom"]["subtitle"]) == ("pending", message["text"])


def test_what_is_said_around_an_orders_lines_stays_on_its_card(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionNegotiateOverdue(), "信用卡还不上了", "negotiate_overdue")
    [message] = sent(play)
    panel = message["custom"]
    assert panel["state"] == "done" and "凡是收费的“代理协商”都不要信" in panel["footer"]
    assert figures(*texts(panel)) == figures(message["text"])


def test_a_repayment_shows_the_amount_that_the_core_was_asked_for(
    stage: Callable[..., Stage], bank: MemoryBank
) -> None:
    service = Service(RepayCreditCardForm(), stage(form="repay_credit_card_form"), bank)
    service.start("还信用卡最低还款，从6789扣")
    panel = sent(service.stage)[-1]["custom"]
    draft = bank.draft(str(service.stage.session), service.stage.slots["service_draft"])
    assert draft.order and draft.order.asked["amount_fen"] == 42864
    assert (panel["amount"], panel["confirm"]) == ("¥428.64", True)


TRANSFERS = {"utter_transfer_done", "utter_transfer_not_done"}
AT_ONCE = {"request_human", "report_scam", "report_identity_theft", "dispute_transaction", "report_swallowed_card"}


def test_every_ending_of_an_order_can_stand_around_its_card() -> None:
    """A panel is made with the wording's own values: a name that nobody fills would cost the whole answer."""
    for name, variations in DOMAIN["responses"].items():
        if name in TRANSFERS or not name.startswith("utter_") or not name.endswith(("_done", "_confirm")):
            continue
        at_once = name.removeprefix("utter_").removesuffix("_done") in AT_ONCE
        filled = {"lines"} if at_once else {"summary", "lines", "receipt_no", "amounts"}
        named = {found for one in variations for found in re.findall(r"\{(\w+)\}", one["text"])}
        assert named - filled - FACTS.values().keys() == set(), name
