"""Each message once, in order, detached from its request, never without an answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from addons.channels.turns import MOST_WAITING, Answer, Message, TurnQueue

pytestmark = pytest.mark.asyncio


def said(text: str) -> Answer:
    return Answer((Message(text),))


def texts(answer: Answer) -> list[str]:
    return [message.text for message in answer.messages]


def slow(text: str, log: list[str], seconds: float = 0.02) -> Callable[[], Awaitable[Answer]]:
    async def job() -> Answer:
        log.append(f"{text} begins")
        await asyncio.sleep(seconds)
        log.append(f"{text} ends")
        return said(text)

    return job


async def test_order_within_a_conversation_and_none_between() -> None:
    queue, log = TurnQueue(), list[str]()
    first = [queue.take("a", None, slow(name, log)) for name in ("1", "2", "3")]
    answers = await asyncio.gather(*first, queue.take("b", None, slow("other", log, 0.001)))
    assert [texts(answer) for answer in answers] == [["1"], ["2"], ["3"], ["other"]]
    mine = [line for line in log if "other" not in line]
    assert mine == [f"{name} {what}" for name in "123" for what in ("begins", "ends")]
    assert log.index("other ends") < log.index("1 ends")


async def test_same_message_id_is_one_turn() -> None:
    queue, log = TurnQueue(), list[str]()
    together = await asyncio.gather(*(queue.take("a", "id-1", slow("x", log)) for _ in range(3)))
    later = await queue.take("a", "id-1", slow("x", log))
    assert {tuple(texts(answer)) for answer in (*together, later)} == {("x",)} and log == ["x begins", "x ends"]
    await queue.take("b", "id-1", slow("y", log))
    assert "y ends" in log


async def test_too_many_waiting_are_told_and_may_come_again() -> None:
    queue, log = TurnQueue(), list[str]()
    waiting = [asyncio.ensure_future(queue.take("a", f"m{n}", slow(str(n), log))) for n in range(MOST_WAITING + 1)]
    await asyncio.sleep(0)
    busy = await queue.take("a", "extra", slow("extra", log))
    assert busy.refusal == "busy" and "请稍候" in texts(busy)[0]
    assert [texts(answer) for answer in await asyncio.gather(*waiting)] == [["0"], ["1"], ["2"], ["3"]]
    assert texts(await queue.take("a", "extra", slow("extra", log))) == ["extra"]


async def test_hanging_up_does_not_cancel_the_turn() -> None:
    queue, log = TurnQueue(), list[str]()
    request = asyncio.ensure_future(queue.take("a", "id-1", slow("transfer", log)))
    await asyncio.sleep(0.005)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert texts(await queue.take("a", "id-1", slow("transfer", log))) == ["transfer"]
    assert log == ["transfer begins", "transfer ends"]


async def test_an_exception_becomes_an_apology_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    async def job() -> Answer:
        raise RuntimeError("客户说了 13800010001")

    with caplog.at_level(logging.ERROR):
        answer = await TurnQueue().take("a", None, job)
    assert answer.incident and answer.incident in texts(answer)[0] and answer.incident in caplog.text
    assert "RuntimeError" in caplog.text and "客户" not in caplog.text


async def test_a_turn_over_budget_is_apologised_for_and_told_later() -> None:
    queue, log = TurnQueue(budget=0.02), list[str]()
    answer = await queue.take("a", None, slow("回单", log, 0.06))
    assert answer.incident and "处理中" in texts(answer)[0]
    await asyncio.sleep(0.06)
    assert texts(await queue.take("a", None, slow("余额", log, 0))) == ["回单", "余额"]
    assert texts(await queue.take("a", None, slow("余额", log, 0))) == ["余额"]


async def test_a_refusal_keeps_late_messages_for_the_next_answer() -> None:
    queue, log = TurnQueue(budget=0.02), list[str]()

    async def refused() -> Answer:
        return Answer((Message("按钮已失效"),), refusal="button_expired")

    await queue.take("a", None, slow("回单", log, 0.03))
    await asyncio.sleep(0.03)
    assert texts(await queue.take("a", None, refused)) == ["按钮已失效"]
    assert texts(await queue.take("a", None, slow("余额", log, 0))) == ["回单", "余额"]


async def test_nothing_is_kept_for_ended_conversations() -> None:
    clock = [0.0]
    queue, log = TurnQueue(now=lambda: clock[0]), list[str]()
    for number in range(50):
        await queue.take(f"c{number}", f"m{number}", slow("x", log, 0))
    clock[0] = 601
    await queue.take("last", "m", slow("x", log, 0))
    await asyncio.sleep(0)
    assert not queue._lanes and not queue._tasks and len(queue._remembered) == 1
