import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.english import in_english
from actions.manner import ActionMeetComplaint, ActionRateService, ActionSetElderMode, ActionSwitchLanguage
from actions.payees import match
from actions.replies import Replies
from banking.model import Payee
from tests.unit.actions.stage import DOMAIN


def _run(action: Any, text: str, events: list[dict[str, Any]] | None = None, **button: str) -> list[Any]:
    """What was said: response names, and the manner that the channel is told."""
    entities = [{"entity": name, "value": value} for name, value in button.items()]
    message = {"text": "/x" if button else text, "intent": {"name": "x"}, "entities": entities}
    dispatcher = CollectingDispatcher()
    result = action.run(
        dispatcher, Tracker("sender", {}, message, events or [], False, None, {}, "action_listen"), DOMAIN
    )
    if asyncio.iscoroutine(result):
        asyncio.run(result)
    return [said.get("response") or said["custom"]["manner"] for said in dispatcher.messages]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请说英语", "en"),
        ("switch to English", "en"),
        ("不要英文", "zh"),
        ("怎么突然都是繁体了", "zh"),
        ("讲粤语", "zh-Hant"),
        ("轉繁體", "zh-Hant"),
        ("traditional Chinese please", "zh-Hant"),
        ("chinese please", "zh"),
    ],
)
def test_the_language_that_was_named_is_taken(text: str, language: str) -> None:
    manner, response = _run(ActionSwitchLanguage(), text)
    assert manner == {"language": language}
    assert response == f"utter_language_{language.replace('-', '_').lower()}"


def test_a_language_that_was_not_named_is_asked_for_and_tapped() -> None:
    assert _run(ActionSwitchLanguage(), "日本語でお願いします") == ["utter_switch_language_ask"]
    assert _run(ActionSwitchLanguage(), "", language_ref="en")[0] == {"language": "en"}


@pytest.mark.parametrize(("text", "on"), [("说大白话", True), ("不用大白话了", False), ("退出长辈模式", False)])
def test_plain_words_go_on_and_off(text: str, on: bool) -> None:
    assert _run(ActionSetElderMode(), text)[0] == {"elder_mode": on}


def test_the_second_complaint_in_a_row_goes_to_a_person() -> None:
    assert _run(ActionMeetComplaint(), "没用") == ["utter_complain_bot"]
    names = ("action_meet_complaint", "transfer_money_form", "action_listen")
    again = [{"event": "action", "name": name} for name in names]
    assert _run(ActionMeetComplaint(), "没用", again) == ["utter_complain_bot_again", "utter_request_human_visitor"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("给你五颗星", "utter_rate_service_good"),
        ("4分", "utter_rate_service_good"),
        ("10分", "utter_rate_service_good"),
        ("一般般吧,给三星", "utter_rate_service_bad"),
        ("不满意", "utter_rate_service_bad"),
        ("非常满意", "utter_rate_service_good"),
        ("我要评价", "utter_rate_service_ask"),
    ],
)
def test_a_score_is_figures_stars_or_words(text: str, response: str) -> None:
    assert _run(ActionRateService(), text) == [response]


def test_a_tapped_score_counts_and_nothing_else_does() -> None:
    assert _run(ActionRateService(), "", score_ref="1") == ["utter_rate_service_bad"]
    assert _run(ActionRateService(), "", score_ref="9") == ["utter_rate_service_ask"]


def test_phrases_follow_the_manner_of_the_message() -> None:
    message = {"metadata": {"manner": {"language": "en", "elder_mode": False}}}
    english = Replies(CollectingDispatcher(), DOMAIN, "card", message)
    chinese = Replies(CollectingDispatcher(), DOMAIN, "card", {"metadata": {}})
    assert (english.phrase("phrase_card_debit"), chinese.phrase("phrase_card_debit")) == ("debit card", "借记卡")
    assert (
        english.phrase("phrase_account_scope_period", start="2026年11月1日", end="11月22日") == "1 Nov 2026 to 22 Nov"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("12月3日", "3 Dec"),
        ("2026年1月31日", "31 Jan 2026"),
        ("11月22日 15:30", "22 Nov 15:30"),
        ("11月22日15:30前", "22 Nov 15:30"),
        ("借记卡", "debit card"),
        ("还差 ¥3,786.35", "¥3,786.35 left to pay"),
        ("信用卡（尾号8812）已冻结", "credit card ending 8812, frozen"),
        ("每月15日", "every month on day 15"),
        ("李娜、王强", "李娜, 王强"),
        ("张三", "张三"),
    ],
)
def test_a_value_of_the_core_is_read_in_english(said: str, shown: str) -> None:
    assert in_english(said) == shown


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        (None, "transfer 500 yuan to Li Na", True),
        (None, "pay lina please", True),
        ("li na", "li na", True),
        (None, "pay my bill in april", False),
        ("Li Nan", "Li Nan", False),
    ],
)
def test_a_payee_is_found_by_the_name_in_latin_letters(said: str | None, text: str, found: bool) -> None:
    payee = Payee(id="p1", name="李娜", bank="工商银行", tail="3344", alias=None, internal=False, paid_before=True)
    assert match(said, text, [payee]) == ([payee] if found else [])
