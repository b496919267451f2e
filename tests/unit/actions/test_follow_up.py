from collections.abc import Callable

import pytest

from actions.account import ActionCheckBalance
from actions.transactions import ActionCheckTransactions
from actions.turn import Turn
from tests.unit.actions.stage import Stage


def _said(play: Stage) -> str:
    return " ".join(str(value) for message in play.messages for value in message.values())


def test_the_balance_of_the_account_named_afterwards(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckBalance(), "尾号1122还有多少钱", "check_balance")
    play.run(ActionCheckBalance(), "那信用卡呢", "inform")
    assert "8812" in _said(play)
    assert "尾号1122" not in _said(play)


def test_what_was_not_said_anew_stays(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckTransactions(), "今年的支出明细", "check_transactions")
    first = play.slots["past_queries"]["action_check_transactions"]
    play.run(ActionCheckTransactions(), "那1122那张呢", "inform")
    later = play.slots["past_queries"]["action_check_transactions"]
    assert [entity["entity"] for entity in later["entities"] if entity["entity"] == "time"] == ["time"]
    assert later["intent"] == first["intent"] == "check_transactions"
    play.run(ActionCheckTransactions(), "那6789呢", "inform")
    third = Turn(
        {"text": play.slots["past_queries"]["action_check_transactions"]["text"], "intent": {}, "entities": []}
    )
    assert "6789" in third.text
    assert "1122" not in third.text
    assert "支出" in third.text


def test_the_pieces_kept_stand_where_their_entities_say(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckTransactions(), "尾号1122上个月的明细", "check_transactions")
    play.run(ActionCheckTransactions(), "信用卡的呢", "inform")
    asked = play.slots["past_queries"]["action_check_transactions"]
    moment = next(entity for entity in asked["entities"] if entity["entity"] == "time")
    assert asked["text"][moment["start"] : moment["end"]] == "上个月"


@pytest.mark.parametrize(("text", "leans"), [("那这个月的明细呢", True), ("查一下这个月的明细", False)])
def test_a_query_said_in_full_begins_anew(stage: Callable[..., Stage], text: str, leans: bool) -> None:
    play = stage()
    play.run(ActionCheckTransactions(), "尾号1122上个月的明细", "check_transactions")
    play.run(ActionCheckTransactions(), text, "check_transactions")
    assert ("1122" in play.slots["past_queries"]["action_check_transactions"]["text"]) is leans


def test_a_button_leaves_what_was_asked(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.run(ActionCheckTransactions(), "尾号1122上个月的明细", "check_transactions")
    asked = play.slots["past_queries"]
    play.run(ActionCheckTransactions(), "", "check_transactions", page_cursor='{"limit": "5"}')
    assert play.slots["past_queries"] == asked


def test_three_queries_are_remembered_and_no_endless_text(stage: Callable[..., Stage]) -> None:
    play = stage()
    play.slots["past_queries"] = {f"action_{number}": {} for number in range(3)}
    play.run(ActionCheckBalance(), "余额" * 400, "check_balance")
    assert list(play.slots["past_queries"]) == ["action_1", "action_2", "action_check_balance"]
    assert len(play.slots["past_queries"]["action_check_balance"]["text"]) == 500
