import re
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FACTS
from actions.faq import ActionAnswerFaq, topic_payload
from actions.replies import Replies
from tests.unit.actions.stage import DOMAIN

READ = {"faq": {"ranking": [{"intent_response_key": "faq/hotline"}, {"intent_response_key": "faq/card_fee"}]}}
ANSWERS = sorted(name for name in DOMAIN["responses"] if name.startswith("utter_faq_"))


def _answer(message: dict[str, Any]) -> dict[str, Any]:
    tracker = Tracker("sender", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    assert ActionAnswerFaq().run(dispatcher, tracker, DOMAIN) == []
    said: dict[str, Any] = dispatcher.messages[0]
    return said


def test_the_likeliest_topic_is_answered_with_the_facts_that_its_answer_names() -> None:
    said = _answer({"text": "客服电话", "intent": {"name": "faq"}, "response_selector": READ})
    assert said["response"] == "utter_faq_hotline"
    assert said["hotline"] == FACTS.values()["hotline"]
    assert "deposit_insurance_limit" not in said


def test_a_button_names_its_topic_whatever_its_payload_reads_as() -> None:
    entities = [{"entity": "topic_ref", "value": "faq/fx_quota"}]
    message = {"text": topic_payload("faq/fx_quota"), "intent": {"name": "faq"}, "entities": entities}
    assert _answer(message | {"response_selector": READ})["response"] == "utter_faq_fx_quota"


def test_typed_text_cannot_name_a_topic() -> None:
    entities = [{"entity": "topic_ref", "value": "faq/fx_quota"}]
    message = {"text": "客服电话", "intent": {"name": "faq"}, "entities": entities, "response_selector": READ}
    assert _answer(message)["response"] == "utter_faq_hotline"


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_can_be_filled(name: str) -> None:
    dispatcher = CollectingDispatcher()
    Replies(dispatcher, DOMAIN, "faq").say(name)
    values = {key: value for key, value in dispatcher.messages[0].items() if isinstance(value, str)}
    for wording in DOMAIN["responses"][name]:
        assert not re.search(r"[{}]", wording["text"].format(**values))


def test_what_the_code_says_goes_before_a_fact_of_the_same_name() -> None:
    dispatcher = CollectingDispatcher()
    Replies(dispatcher, DOMAIN, "faq").say("utter_faq_hotline", hotline="本次会话的号码")
    assert dispatcher.messages[0]["hotline"] == "本次会话的号码"
