from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.unsure import ActionUnsure
from tests.unit.actions.stage import DOMAIN

TOPICS = {"faq": {"ranking": [{"intent_response_key": "faq/close_account"}, {"intent_response_key": "faq/card_fee"}]}}


Message = dict[str, Any]


def _said(action: Any, message: Message, events: list[Message], form: str | None = None) -> Message:
    loop = {"name": form} if form else {}
    tracker = Tracker("sender", {}, message, events, False, None, loop, "action_listen")
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, tracker, DOMAIN)
    said: dict[str, Any] = dispatcher.messages[0]
    return said


def _message(*intents: str) -> dict[str, Any]:
    ranking = [{"name": "nlu_fallback"}, *({"name": intent} for intent in intents)]
    return {"intent": {"name": "nlu_fallback"}, "intent_ranking": ranking, "response_selector": TOPICS}


def test_the_two_best_readings_are_offered_in_the_customers_words() -> None:
    said = _said(ActionUnsure(), _message("out_of_scope", "faq", "check_balance", "transfer_money"), [])
    assert said["response"] == "utter_unsure_clarify"
    assert said["buttons"] == [
        {"title": "怎么销户", "payload": '/faq{"topic_ref": "faq/close_account"}'},
        {"title": "查余额", "payload": "/check_balance"},
    ]


def test_without_a_reading_worth_offering_examples_are_given() -> None:
    assert _said(ActionUnsure(), _message("inform", "affirm"), [])["response"] == "utter_unsure"


def test_the_second_miss_in_a_row_offers_a_person() -> None:
    events = [{"event": "action", "name": name} for name in ("action_listen", "action_unsure", "action_listen")]
    assert _said(ActionUnsure(), _message("check_balance"), events)["response"] == "utter_unsure_again"


def test_a_miss_after_an_answer_is_a_first_one() -> None:
    events = [{"event": "action", "name": name} for name in ("action_unsure", "action_listen", "action_check_balance")]
    assert _said(ActionUnsure(), _message("check_balance"), events)["response"] == "utter_unsure_clarify"


def test_inside_a_form_its_own_question_follows() -> None:
    said = _said(ActionUnsure(), _message("check_balance"), [], form="transfer_money_form")
    assert said["response"] == "utter_unsure_in_service"


def test_every_intent_of_the_domain_has_words() -> None:
    names = {name for intent in DOMAIN["intents"] for name in (intent if isinstance(intent, dict) else [intent])}
    missing = [name for name in names - {"faq"} if f"phrase_reading_{name}" not in DOMAIN["responses"]]
    assert missing == []
