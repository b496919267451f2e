"""Each message once, in order, detached from its request, never without an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from addons.channels.answers import Answer, Button, Message, packed, unpacked
from addons.channels.turns import MOST_IN_FLIGHT, Job, TurnQueue
from addons.stores.store import Store, StoreUnavailable

pytestmark = pytest.mark.asyncio


@pytest.fixture
def queue(memory: Store) -> TurnQueue:
    return TurnQueue(memory)


async def take(queue: TurnQueue, conversation: str, message_id: str | None, job: Job) -> Answer:
    return await (await queue.begin(conversation, message_id, job)).answer()


def said(text: str) -> Answer:
    return Answer((Message(text),))


def texts(answer: Answer) -> list[str]:
    return [message.text for message in answer.messages]


def slow(text: str, log: list[str], seconds: float = 0.02) -> Job:
    async def job() -> Answer:
        log.append(f"{text} begins")
        await asyncio.sleep(seconds)
        log.append(f"{text} ends")
        return said(text)

    return job


async def test_order_within_a_conversation_and_none_between(queue: TurnQueue) -> None:
    log = list[str]()
    first = [take(queue, "a", None, slow(name, log)) for name in ("1", "2", "3")]
    answers = await asyncio.gather(*first, take(queue, "b", None, slow("other", log, 0.001)))
    assert [texts(answer) for answer in answers] == [["1"], ["2"], ["3"], ["other"]]
    mine = [line for line in log if "other" not in line]
    assert mine == [f"{name} {what}" for name in "123" for what in ("begins", "ends")]
    assert log.index("other ends") < log.index("1 ends")


async def test_the_order_of_arrival_holds_although_the_store_is_slow(
    queue: TurnQueue, memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message waits longest for its claim and its place."""
    add, delays = memory.add, iter([0.05, 0.03, 0.01] + [0.0] * 9)

    async def slowly(key: str, value: str, lifetime: float) -> bool:
        await asyncio.sleep(next(delays))
        return await add(key, value, lifetime)

    monkeypatch.setattr(memory, "add", slowly)
    log = list[str]()
    await asyncio.gather(*(take(queue, "a", f"m{name}", slow(name, log, 0)) for name in "123"))
    assert log == [f"{name} {what}" for name in "123" for what in ("begins", "ends")]


async def test_a_store_that_hesitates_changes_neither_order_nor_answers(
    queue: TurnQueue, memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, refused = memory.lock, iter([True, True, False, True] + [False] * 9)

    @asynccontextmanager
    async def hesitating(key: str, lease: float = 30.0) -> AsyncIterator[None]:
        if next(refused):
            raise StoreUnavailable("TimeoutError")
        async with lock(key, lease):
            yield

    monkeypatch.setattr(memory, "lock", hesitating)
    log = list[str]()
    answers = await asyncio.gather(*(take(queue, "a", None, slow(name, log)) for name in ("1", "2", "3")))
    assert [texts(answer) for answer in answers] == [["1"], ["2"], ["3"]]
    assert log == [f"{name} {what}" for name in "123" for what in ("begins", "ends")]


async def test_same_message_id_is_one_turn(queue: TurnQueue) -> None:
    log = list[str]()
    together = await asyncio.gather(*(take(queue, "a", "id-1", slow("x", log)) for _ in range(3)))
    later = await take(queue, "a", "id-1", slow("x", log))
    assert {tuple(texts(answer)) for answer in (*together, later)} == {("x",)} and log == ["x begins", "x ends"]
    await take(queue, "b", "id-1", slow("y", log))
    assert "y ends" in log


async def test_three_in_flight_are_enough_and_the_fourth_may_come_again(queue: TurnQueue) -> None:
    log, goes_on = list[str](), asyncio.Event()

    async def held() -> Answer:
        await goes_on.wait()
        return said("held")

    turns = [await queue.begin("a", f"m{n}", held) for n in range(MOST_IN_FLIGHT)]
    refused = await queue.begin("a", "extra", slow("extra", log))
    busy = await refused.answer()
    assert MOST_IN_FLIGHT == 3 and refused.busy and busy.refusal == "busy" and "请稍候" in texts(busy)[0]
    assert not any(turn.busy for turn in turns)
    assert (await queue.begin("a", "m0", held)) is turns[0], "a repeat takes no place"
    assert texts(await take(queue, "b", "m0", slow("other", log))) == ["other"]
    goes_on.set()
    for turn in turns:
        await turn.answer()
    assert texts(await take(queue, "a", "extra", slow("extra", log))) == ["extra"] and "extra begins" in log


async def test_a_place_is_free_as_soon_as_the_answer_is_there(queue: TurnQueue) -> None:
    async def job() -> Answer:
        await asyncio.sleep(0.005)
        return said("x")

    turns = [await queue.begin("a", None, job) for _ in range(MOST_IN_FLIGHT)]
    for _ in range(10):
        await turns.pop(0).answer()
        turns.append(await queue.begin("a", None, job))
        assert not turns[-1].busy


async def test_hanging_up_does_not_cancel_the_turn(queue: TurnQueue) -> None:
    log = list[str]()
    request = asyncio.ensure_future(take(queue, "a", "id-1", slow("transfer", log)))
    await asyncio.sleep(0.005)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert texts(await take(queue, "a", "id-1", slow("transfer", log))) == ["transfer"]
    assert log == ["transfer begins", "transfer ends"]


async def test_an_exception_becomes_an_apology_without_the_text(
    queue: TurnQueue, caplog: pytest.LogCaptureFixture
) -> None:
    async def job() -> Answer:
        raise RuntimeError("客户说了 13800010001")

    with caplog.at_level(logging.ERROR):
        answer = await take(queue, "a", None, job)
    assert answer.incident and answer.incident in texts(answer)[0] and answer.incident in caplog.text
    assert "RuntimeError" in caplog.text and "客户" not in caplog.text


async def idle(queue: TurnQueue) -> None:
    while queue._tasks:
        await asyncio.sleep(0.01)


async def over_budget(memory: Store, text: str) -> Answer:
    """What is told of a turn that ends after its budget."""
    impatient = TurnQueue(memory, budget=0.02)
    answer = await take(impatient, "a", None, slow(text, [], 0.06))
    await idle(impatient)
    return answer


async def test_a_turn_over_budget_is_apologised_for_and_told_later(queue: TurnQueue, memory: Store) -> None:
    for text in ("回单", "第二张"):
        answer = await over_budget(memory, text)
        assert answer.incident and "下一次" in texts(answer)[0]
    assert texts(await take(queue, "b", None, slow("别人", [], 0))) == ["别人"]
    assert texts(await take(queue, "a", None, slow("余额", [], 0))) == ["回单", "第二张", "余额"]
    assert texts(await take(queue, "a", None, slow("余额", [], 0))) == ["余额"]


async def test_a_refusal_keeps_late_messages_for_the_next_answer(queue: TurnQueue, memory: Store) -> None:
    async def refused() -> Answer:
        return Answer((Message("按钮已失效"),), refusal="button_expired")

    await over_budget(memory, "回单")
    assert texts(await take(queue, "a", None, refused)) == ["按钮已失效"]
    assert texts(await take(queue, "a", None, slow("余额", [], 0))) == ["回单", "余额"]


async def test_forgotten_conversations_are_told_nothing_late(queue: TurnQueue, memory: Store) -> None:
    await over_budget(memory, "回单")
    await queue.forget("a")
    assert texts(await take(queue, "a", None, slow("余额", [], 0))) == ["余额"]


async def test_nothing_is_kept_for_ended_conversations(queue: TurnQueue) -> None:
    log = list[str]()
    for number in range(50):
        await take(queue, f"c{number}", f"m{number}", slow("x", log, 0))
    await idle(queue)
    assert not queue._running and not len(queue._doors)


async def test_any_message_id_will_do(queue: TurnQueue) -> None:
    for message_id in ("\ud83d", "x" * 10_000, "\x00", "一:二"):
        assert texts(await take(queue, "a", message_id, slow(ascii(message_id), []))) == [ascii(message_id)]
        assert texts(await take(queue, "a", message_id, slow("again", []))) == [ascii(message_id)]


async def test_an_answer_is_kept_whole() -> None:
    buttons = (Button("确认", id="x"), Button("官网", url="https://bank.example"))
    messages = (Message("一", buttons, {"custom": {"type": "card"}}), Message(""))
    answer = Answer(messages, {"intent": "greet"}, "1A2B3C4D", "busy", ("a", "b"))
    assert unpacked(packed(answer)) == answer and unpacked(packed(Answer(()))) == Answer(())
