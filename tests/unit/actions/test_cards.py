from collections.abc import Callable

import pytest

from actions.card import ValidateFreezeCardForm, ValidateReportLostCardForm, ValidateUnfreezeCardForm
from actions.card_actions import ActionFreezeCard, ActionReportLostCard, ActionUnfreezeCard
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


def _state(stage: Stage, bank: MemoryBank, tail: str) -> str:
    return next(card.state for card in bank.cards(str(stage.session)) if card.tail == tail)


def _freeze(play: Stage, text: str) -> list[str]:
    play.form = "freeze_card_form"
    said = play.run(ValidateFreezeCardForm(), text, "freeze_card")
    return said if play.asked else said + play.run(ActionFreezeCard(), text, "freeze_card")


@pytest.mark.parametrize(
    ("text", "frozen"),
    [
        ("冻结尾号6789的卡", ["6789"]),
        ("信用卡冻结", ["8812"]),
        ("二类户那张先冻上", ["1122"]),
        ("把我的卡全部冻结", ["6789", "1122", "8812"]),
    ],
)
def test_a_card_that_was_named_is_frozen_at_once(
    stage: Callable[..., Stage], bank: MemoryBank, text: str, frozen: list[str]
) -> None:
    play = stage()
    assert _freeze(play, text) == ["utter_card_frozen"] * len(frozen)
    assert [card.tail for card in bank.cards(str(play.session)) if card.state == "frozen"] == frozen


def test_which_card_is_asked_once(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    assert _freeze(play, "冻结银行卡") == []
    assert play.asked == "card_choice"
    play.run(ValidateFreezeCardForm(), "第二个", "inform")
    play.run(ActionFreezeCard(), "第二个", "inform")
    assert _state(play, bank, "1122") == "frozen"


def test_freezing_twice_says_so(stage: Callable[..., Stage]) -> None:
    play = stage(login="lina")
    _freeze(play, "冻结银行卡")
    assert _freeze(play, "冻结尾号3344") == ["utter_card_already_frozen"]
    assert _freeze(play, "冻结银行卡") == ["utter_card_none_to_freeze"]


def test_an_unknown_tail_is_said_and_asked(stage: Callable[..., Stage]) -> None:
    play = stage()
    assert _freeze(play, "冻结尾号9999的卡") == ["utter_card_unknown"]
    assert play.asked == "card_choice"


def test_a_lost_answer_is_looked_up(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(login="lina", form="freeze_card_form")
    play.run(ValidateFreezeCardForm(), "冻结银行卡", "freeze_card")
    bank.fault = "core_drop_reply"
    said = play.run(ActionFreezeCard(), "冻结银行卡", "freeze_card")
    assert said[0] == "utter_card_outcome_unknown"
    assert said[-1] in ("utter_card_frozen", "utter_card_already_frozen")
    assert _state(play, bank, "3344") == "frozen"


def test_a_core_that_is_down_changes_nothing_and_offers_to_try_again(
    stage: Callable[..., Stage], bank: MemoryBank
) -> None:
    play = stage(login="lina", form="freeze_card_form")
    play.run(ValidateFreezeCardForm(), "冻结银行卡", "freeze_card")
    bank.fault = "core_down"
    assert play.run(ActionFreezeCard(), "冻结银行卡", "freeze_card") == ["utter_card_unavailable"]
    assert play.messages[-1]["buttons"][0]["payload"].startswith("/freeze_card{")
    bank.fault = "none"
    assert _state(play, bank, "3344") == "active"


def test_a_loss_report_gives_its_number_and_cannot_be_unfrozen(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(login="lina", form="report_lost_card_form")
    play.run(ValidateReportLostCardForm(), "卡丢了", "report_lost_card")
    assert play.run(ActionReportLostCard(), "卡丢了", "report_lost_card") == ["utter_card_reported_lost"]
    assert _state(play, bank, "3344") == "lost"
    play.form = "unfreeze_card_form"
    assert play.run(ValidateUnfreezeCardForm(), "解冻尾号3344", "unfreeze_card") == ["utter_card_lost_cannot_unfreeze"]


def test_unfreezing_needs_the_code(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage(login="lina")
    _freeze(play, "冻结银行卡")
    play.form = "unfreeze_card_form"
    play.run(ValidateUnfreezeCardForm(), "解冻", "unfreeze_card")
    assert play.asked == "card_code"
    assert play.run(ActionUnfreezeCard(), "解冻", "unfreeze_card") == []
    assert _state(play, bank, "3344") == "frozen"
    bank.submit_code(str(play.session), bank.last_code("lina"))
    play.code = "accepted"
    play.run(ValidateUnfreezeCardForm(), "", "inform", any_button="x")
    assert play.run(ActionUnfreezeCard(), "", "inform", any_button="x") == ["utter_card_unfrozen"]
    assert _state(play, bank, "3344") == "active"
