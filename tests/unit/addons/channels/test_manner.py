"""Language and script of what customers write, and what becomes of the bot's messages for them."""

from typing import Any

import pytest

from addons.channels.conversations import Conversation
from addons.channels.exchange import Exchange
from addons.channels.inbound import RawMessage
from addons.channels.manner import Manner, language_of
from tests.unit.addons.channels.fakes import FakeRasa


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("查一下余额", "zh"),
        ("幫我查餘額", "zh-Hant"),
        ("唔該睇下我戶口淨返幾多錢", "zh-Hant"),
        ("What is my balance", "en"),
        ("Transfer 500 yuan to 李娜", "en"),
        ("thanks", "en"),
        ("帮我check一下balance", "zh"),
        ("ATM吞卡了", "zh"),
        ("OK", None),
        ("hi", None),
        ("Li Na", None),
        ("zhuan zhang", None),
        ("6789", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_script_and_words(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_what_could_be_either_script_changes_nothing() -> None:
    manner = Manner()
    for text, language in [("餘額", "zh-Hant"), ("好", "zh-Hant"), ("OK", "zh-Hant"), ("余额", "zh"), ("好", "zh")]:
        manner.hear(text)
        assert manner.language == language, text


def test_chinese_after_english_is_answered_in_chinese() -> None:
    manner = Manner()
    manner.hear("my balance please")
    assert manner.metadata() == {"language": "en", "elder_mode": False}
    manner.hear("好")
    assert manner.metadata() == {"language": "zh", "elder_mode": False}


def test_a_language_that_was_asked_for_stays() -> None:
    manner = Manner()
    manner.adopt({"language": "en"})
    manner.hear("查余额")
    assert manner.language == "en"
    manner.adopt({"language": "fr"})
    assert manner.language == "en"


def test_rasa_sees_traditional_as_chinese_and_no_elder_mode_in_english() -> None:
    assert Manner("zh-Hant", elder_mode=True).metadata() == {"language": "zh", "elder_mode": True}
    assert Manner("en", elder_mode=True).metadata() == {"language": "en", "elder_mode": False}


def _message(text: str, *payloads: str) -> dict[str, Any]:
    return {"text": text, "buttons": [{"title": "x", "payload": payload} for payload in payloads]}


def test_in_elder_mode_a_person_is_one_tap_away_once() -> None:
    manner = Manner(elder_mode=True)
    said = manner.completed([_message("一"), _message("二", "/help")])
    assert [button["payload"] for button in said[-1]["buttons"]] == ["/help", "/request_human"]
    assert said[0]["buttons"] == []
    assert manner.completed([_message("一", "/request_human"), _message("二")])[-1]["buttons"] == []
    assert manner.completed([]) == []


def test_an_answer_without_english_says_so_in_english() -> None:
    said = Manner("en").completed([_message("转到他行免手续费。")])
    assert "Chinese only" in said[-1]["text"] and said[-1]["buttons"][0]["payload"] == "/request_human"
    english = [_message("活期 (ending 6789): ¥1.00 available")]
    assert Manner("en").completed(english) == english


@pytest.mark.asyncio
async def test_texts_and_titles_leave_in_traditional_and_payloads_come_back_as_they_were(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    rasa.answer = [{"text": "请确认转账", "buttons": [{"title": "确认", "payload": '/inform{"name": "张伟"}'}]}]
    answer = await exchange.answer(RawMessage(text="轉五百給李娜"), customer)
    message = answer.messages[0]
    assert (message.text, message.buttons[0].title) == ("請確認轉賬", "確認")
    await exchange.answer(RawMessage(press=message.buttons[0].id), customer)
    assert rasa.texts[-1] == '/inform{"name": "张伟"}'


@pytest.mark.asyncio
async def test_payloads_leave_in_traditional_as_the_text_does(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    items = [{"title": "张伟的账户", "value": "¥1.00", "tone": "in"}]
    payload = {"type": "list", "title": "账户余额", "items": items}
    rasa.answer = [{"text": "账户余额", "custom": payload}]
    [simplified] = (await exchange.answer(RawMessage(text="查余额"), customer)).messages
    assert simplified.carried["custom"] == payload
    [traditional] = (await exchange.answer(RawMessage(text="查餘額"), customer)).messages
    assert traditional.carried["custom"] == {
        "type": "list",
        "title": "賬戶餘額",
        "items": [{"title": "張偉的賬戶", "value": "¥1.00", "tone": "in"}],
    }
    assert traditional.carried["custom"]["title"] == traditional.text


@pytest.mark.asyncio
async def test_the_bot_tells_the_channel_how_to_speak_and_the_customer_nothing_of_it(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    rasa.answer = [{"custom": {"manner": {"elder_mode": True}}}, {"text": "好的"}]
    answer = await exchange.answer(RawMessage(text="说大白话"), customer)
    assert [message.text for message in answer.messages] == ["好的"]
    assert [button.title for button in answer.messages[0].buttons] == ["转人工"]
    assert rasa.seen[0].metadata is not None and rasa.seen[0].metadata["manner"]["elder_mode"] is False
    await exchange.answer(RawMessage(text="查余额"), customer)
    assert rasa.seen[1].metadata is not None and rasa.seen[1].metadata["manner"]["elder_mode"] is True
