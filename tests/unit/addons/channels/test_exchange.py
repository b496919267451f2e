"""The whole path of a message, with a fake Rasa; nothing the bot says is lost."""

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from addons.channels.conversations import Conversation
from addons.channels.core_client import CodeOutcome
from addons.channels.exchange import Exchange
from addons.channels.inbound import RawMessage, Services
from addons.channels.manner import Manner
from addons.channels.output import Collector
from addons.stores.store import Store, StoreUnavailable
from tests.unit.addons.channels.fakes import FakeCore, FakeRasa

pytestmark = pytest.mark.asyncio


async def test_rasa_learns_whether_a_person_could_take_over(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    for desk in (False, True):
        await exchange.answer(RawMessage(text="转人工", desk=desk), customer)
    assert [(message.metadata or {}).get("desk") for message in rasa.seen] == [None, True]


async def test_buttons_leave_as_ids_and_come_back_as_payloads(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    rasa.answer = [
        {
            "text": "请确认",
            "buttons": [
                {"title": "确认", "payload": "/affirm"},
                {"title": "官网", "url": "https://bank.example", "type": "web_url"},
                {"title": "取消", "payload": "/deny"},
            ],
        }
    ]
    answer = await exchange.answer(RawMessage(text="转账"), customer)
    confirm, link, cancel = answer.messages[0].buttons
    assert (confirm.title, link.url, link.id, cancel.title) == ("确认", "https://bank.example", None, "取消")
    assert "/affirm" not in str(answer)
    rasa.answer = [{"text": "好的"}]
    await exchange.answer(RawMessage(press=cancel.id), customer)
    assert rasa.texts == ["转账", "/deny"]
    expired = await exchange.answer(RawMessage(press=confirm.id), customer)
    assert expired.refusal == "button_expired" and rasa.texts == ["转账", "/deny"]


async def test_rasa_gets_who_and_where_from_the_channel(
    exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    await exchange.answer(RawMessage(text="你好"), customer)
    message = rasa.seen[0]
    assert (message.sender_id, message.input_channel) == (customer.id, "local")
    assert message.metadata is not None and set(message.metadata) == {"context", "manner"}


async def test_warnings_come_before_the_answer(exchange: Exchange, rasa: FakeRasa, customer: Conversation) -> None:
    answer = await exchange.answer(RawMessage(text="我的密码是abc12345"), customer)
    assert "密码" in answer.messages[0].text and answer.messages[-1].text == "好的"
    assert "abc12345" not in str(rasa.texts)


@pytest.mark.parametrize("silence", [[], [{"text": " "}], [{"text": None}]])
async def test_silence_becomes_an_apology(
    silence: list[dict[str, Any]], exchange: Exchange, rasa: FakeRasa, customer: Conversation
) -> None:
    rasa.answer = silence
    answer = await exchange.answer(RawMessage(text="你好"), customer)
    assert answer.incident and answer.incident in answer.messages[-1].text


async def test_a_code_counts_in_order(
    exchange: Exchange, rasa: FakeRasa, core: FakeCore, customer: Conversation
) -> None:
    """The confirmation opens the challenge; the code typed while it runs waits for it."""

    async def open_challenge(message: UserMessage) -> None:
        if message.text == "确认":
            await asyncio.sleep(0.02)
            core.code = "123456"

    rasa.before = open_challenge
    await asyncio.gather(*(exchange.answer(RawMessage(text=text), customer) for text in ("确认", "123456")))
    assert rasa.texts == ["确认", "/inform"] and rasa.seen[1].metadata is not None
    assert rasa.seen[1].metadata["code"] == "accepted"


async def test_reading_is_of_this_message(exchange: Exchange, rasa: FakeRasa, customer: Conversation) -> None:
    asked = []

    async def reader(conversation: str, message_id: str) -> dict[str, Any]:
        asked.append((conversation, message_id))
        return {"intent": "greet"}

    answer = await exchange.answer(RawMessage(text="你好"), customer, reader)
    assert answer.reading == {"intent": "greet"} and asked == [(customer.id, rasa.seen[0].message_id)]


async def test_spent_buttons_are_told(exchange: Exchange, rasa: FakeRasa, customer: Conversation) -> None:
    buttons = [{"title": "确认", "payload": "/affirm"}, {"title": "取消", "payload": "/deny"}]
    rasa.answer = [{"text": "请确认", "buttons": buttons}]
    first = await exchange.answer(RawMessage(text="转账"), customer)
    second = await exchange.answer(RawMessage(text="再转"), customer)
    ids = [{button.id for button in answer.messages[0].buttons} for answer in (first, second)]
    assert first.spent == () and set(second.spent) == ids[0]
    rasa.answer = [{"text": "好的"}]
    pressed = await exchange.answer(RawMessage(press=second.messages[0].buttons[0].id), customer)
    assert set(pressed.spent) == ids[1]


async def test_manner_and_sign_in_outlive_the_process(
    exchange: Exchange, services: Services, rasa: FakeRasa, core: FakeCore
) -> None:
    conversation, token = await services.conversations.open("local", "session-reference")
    rasa.answer = [{"custom": {"manner": {"elder_mode": True}}}, {"text": "好的"}]
    await exchange.answer(RawMessage(text="幫我查餘額"), conversation)
    found = await services.conversations.find(token)
    assert found is not None and found.manner == Manner("zh-Hant", elder_mode=True)
    core.outcome = CodeOutcome.SESSION_INVALID
    assert (await exchange.answer(RawMessage(text="123456"), found)).refusal == "session_expired"
    found = await services.conversations.find(token)
    assert found is not None and found.session is None


async def test_without_the_store_there_is_an_apology(
    exchange: Exchange, rasa: FakeRasa, memory: Store, customer: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*args: object) -> None:
        raise StoreUnavailable("TimeoutError")

    for method in ("get", "add"):
        with monkeypatch.context() as patch:
            patch.setattr(memory, method, down)
            answer = await exchange.answer(RawMessage(text="你好", message_id=method), customer)
            assert answer.incident and answer.incident in answer.messages[0].text and rasa.seen == []
    assert (await exchange.answer(RawMessage(text="你好", message_id="add"), customer)).messages[0].text == "好的"


async def test_collector_loses_nothing() -> None:
    collector = Collector("local")
    for message in (
        {"text": "一\n\n二"},
        {"buttons": [{"title": "确认", "payload": "/affirm"}]},
        {"text": "选", "quick_replies": [{"title": "是", "payload": "/affirm"}]},
        {"image": "https://bank.example/a.png"},
        {"text": "附件", "attachment": {"url": "x"}, "custom": {"type": "card"}},
        {"custom": {"text": "兜底", "type": "new"}},
        {"elements": [{"title": "卡", "subtitle": "金卡", "buttons": [{"title": "办", "payload": "/apply"}]}]},
        {},
    ):
        await collector.send_response("c", message)
    await collector.send_text_with_buttons("c", "", [{"title": "a", "payload": "/b"}])
    await collector.send_quick_replies("c", "q", [])
    await collector.send_image_url("c", "i")
    await collector.send_attachment("c", "f")
    await collector.send_custom_json("c", {"k": 1})
    await collector.send_text_message("c", " t ")
    assert collector.name() == "local"
    assert [message["text"] for message in collector.messages] == [
        "一\n\n二", "", "选", "", "附件", "兜底", "卡\n金卡", "", "q", "", "", "", "t",
    ]  # fmt: skip
    assert collector.messages[4]["custom"] == {"type": "card"} and collector.messages[4]["attachment"] == {"url": "x"}
    assert [len(message["buttons"]) for message in collector.messages[:3]] == [0, 1, 1]
    assert collector.messages[6]["buttons"][0]["title"] == "办"
