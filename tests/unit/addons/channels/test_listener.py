"""A channel that delivers by itself hears of everything once and in order."""

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage

from addons.channels.answers import Answer
from addons.channels.conversations import Conversation
from addons.channels.exchange import Exchange
from addons.channels.inbound import RawMessage, Services
from addons.channels.turns import TurnQueue
from addons.stores.store import Store
from tests.unit.addons.channels.fakes import FakeCore, FakeRasa

pytestmark = pytest.mark.asyncio


class Notes:
    """What the channel was told; `broken` makes it fail at everything."""

    def __init__(self, broken: bool = False) -> None:
        self.log: list[str] = []
        self.broken = broken

    async def heard(self, text: str) -> None:
        await self._note(f"heard {text}")

    async def answered(self, answer: Answer) -> None:
        await self._note("answered " + " ".join(message.text for message in answer.messages))

    async def late(self, answer: Answer) -> None:
        await self._note("late " + " ".join(message.text for message in answer.messages))

    async def _note(self, line: str) -> None:
        await asyncio.sleep(0.002)  # delivering takes time, and still comes before the next turn
        self.log.append(line)
        if self.broken:
            raise RuntimeError("the channel is away")


async def test_turns_are_told_in_order(
    exchange: Exchange, rasa: FakeRasa, core: FakeCore, customer: Conversation
) -> None:
    notes = Notes()

    async def echo(message: UserMessage) -> None:
        rasa.answer = [{"text": f"re {message.text}"}]
        if message.text == "确认":
            core.code = "123456"
            rasa.answer[0]["buttons"] = [{"title": "取消", "payload": "/deny"}]

    rasa.before = echo
    texts = ("确认", "123456", "我的密码是abc12345")
    answers = await asyncio.gather(*(exchange.answer(RawMessage(text=text), customer, None, notes) for text in texts))
    button = answers[0].messages[0].buttons[0].id
    await exchange.answer(RawMessage(press=button), customer, None, notes)
    await exchange.answer(RawMessage(press=button), customer, None, notes)
    warning = answers[2].messages[0].text
    assert notes.log == [
        "heard 确认",
        "answered re 确认",
        "heard ••••••",
        "answered re /inform",
        "heard 我的密码是••••••",
        f"answered {warning} re 我的密码是******",
        "heard 取消",
        "answered re /deny",
        "answered 按钮已失效，请按最新的消息操作，或者直接打字告诉我。",
    ]


async def test_a_late_answer_comes_before_the_next_turn(
    services: Services, rasa: FakeRasa, memory: Store, customer: Conversation
) -> None:
    exchange, notes, goes_on = Exchange(services, rasa, TurnQueue(memory, budget=0.1)), Notes(), asyncio.Event()

    async def slow(message: UserMessage) -> None:
        if message.text == "转账":
            await goes_on.wait()
        rasa.answer = [{"text": f"re {message.text}"}]

    rasa.before = slow
    apology = await exchange.answer(RawMessage(text="转账", message_id="1"), customer, None, notes)
    assert apology.incident and "马上告诉您" in apology.messages[0].text
    next_turn = await exchange.begin(RawMessage(text="余额"), customer, None, notes)
    goes_on.set()
    await next_turn.answer()
    while exchange._turns._tasks:
        await asyncio.sleep(0.01)
    assert [line.partition("，")[0] for line in notes.log][:2] == ["heard 转账", "answered 您的消息还在处理中"]
    # The second message's own budget may run out as well while it waits on a busy machine.
    told = [line.replace("late re 余额", "answered re 余额") for line in notes.log[2:] if "还在处理中" not in line]
    assert told == ["late re 转账", "heard 余额", "answered re 余额"]


async def test_an_answer_that_comes_while_the_apology_is_delivered_comes_after_it(
    services: Services, rasa: FakeRasa, memory: Store, customer: Conversation
) -> None:
    exchange, notes, goes_on = Exchange(services, rasa, TurnQueue(memory, budget=0.05)), Notes(), asyncio.Event()
    note = notes.answered

    async def answered(answer: Answer) -> None:
        goes_on.set()
        await asyncio.sleep(0.2)
        await note(answer)

    async def slow(message: UserMessage) -> None:
        await goes_on.wait()

    notes.answered, rasa.before = answered, slow  # type: ignore[method-assign]
    assert (await exchange.answer(RawMessage(text="转账"), customer, None, notes)).incident
    while exchange._turns._tasks:
        await asyncio.sleep(0.01)
    assert [line[:11] for line in notes.log] == ["heard 转账", "answered 您的", "late 好的"]


async def test_a_repeat_is_not_heard_twice(exchange: Exchange, customer: Conversation) -> None:
    first, second = Notes(), Notes()
    raw = RawMessage(text="你好", message_id="m")
    await asyncio.gather(*(exchange.answer(raw, customer, None, notes) for notes in (first, second)))
    await exchange.answer(raw, customer, None, second)
    assert first.log == ["heard 你好", "answered 好的"] and second.log == []


async def test_a_listener_that_fails_harms_nobody(exchange: Exchange, customer: Conversation) -> None:
    answer = await exchange.answer(RawMessage(text="你好"), customer, None, Notes(broken=True))
    assert answer.messages[0].text == "好的" and answer.incident is None
