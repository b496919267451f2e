"""Which of the reasons that the core knows explains a card that does not work."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.card_failure import ActionExplainCardFailure, Facts, reasons
from actions.turn import Turn
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage


def _facts(bank: MemoryBank, tail: str = "6789") -> Facts:
    session = bank.sign_in("zhangwei")
    card = next(card for card in bank.cards(session) if card.tail == tail)
    account = next(account for account in bank.accounts(session) if account.id == card.account_id)
    features = next(features for features in bank.card_features(session) if features.card_id == card.id)
    return Facts(card, account, features, bank.limits(session))


def _why(facts: Facts, text: str = "卡刷不了") -> list[str]:
    return list(reasons(facts, Turn({"text": text})))


def test_nothing_is_wrong_with_a_good_card(bank: MemoryBank) -> None:
    assert _why(_facts(bank)) == []


def test_a_switch_explains_what_it_is_for_only(bank: MemoryBank) -> None:
    facts = _facts(bank)
    assert _why(facts, "在国外刷不了") == ["overseas_off"]
    closed = replace(facts, features=replace(facts.features, cardless=False))
    assert _why(closed, "微信里用不了这张卡") == ["cardless_off"]
    assert _why(closed, "超市刷不了") == []


def test_the_surest_reason_comes_first(bank: MemoryBank) -> None:
    facts = _facts(bank)
    frozen = replace(facts.card, state="frozen")
    poor = replace(facts.account, available_fen=12)
    old = replace(facts.features, expired=True, pin="locked")
    used_up = replace(facts.limits, remaining_today_fen=0)
    assert _why(Facts(frozen, poor, old, used_up)) == ["frozen", "expired", "pin_locked", "no_money", "limit_used"]


@pytest.mark.parametrize("text", ["尾号1122的卡刷不了", "信用卡刷不了", "卡刷不了"])
def test_when_nothing_is_wrong_it_is_told_once(stage: Callable[..., Stage], bank: MemoryBank, text: str) -> None:
    assert stage().run(ActionExplainCardFailure(), text, "explain_card_failure") == ["utter_card_failure_nothing"]


def test_each_card_that_does_not_work_is_told(stage: Callable[..., Stage], bank: MemoryBank) -> None:
    play = stage()
    for tail in ("6789", "8812"):
        card = next(card for card in bank.cards(str(play.session)) if card.tail == tail)
        bank.freeze_card(str(play.session), card.id, tail)
    told = play.run(ActionExplainCardFailure(), "卡刷不了", "explain_card_failure")
    assert told == ["utter_card_failure_frozen"] * 2
    assert play.messages[0]["buttons"][0]["payload"].startswith("/unfreeze_card{")
