"""Turns of one conversation taken by several Rasa processes that share a store (SQLite: two queues over one)."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from addons.channels.answers import Answer, Message
from addons.channels.turns import MOST_IN_FLIGHT, Job, TurnQueue
from addons.stores.redis_store import RedisStore
from tests.stores import OpenStore

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[2]


def texts(answer: Answer) -> list[str]:
    return [message.text for message in answer.messages]


def job(text: str, log: list[str], goes_on: asyncio.Event | None = None) -> Job:
    async def run() -> Answer:
        log.append(f"{text} begins")
        await (goes_on.wait() if goes_on else asyncio.sleep(0.01))
        log.append(f"{text} ends")
        return Answer((Message(text),))

    return run


async def take(queue: TurnQueue, message_id: str | None, work: Job) -> Answer:
    return await (await queue.begin("a", message_id, work)).answer()


async def test_turns_do_not_overlap(open_another: OpenStore) -> None:
    queues, log = [TurnQueue(open_another()) for _ in range(3)], list[str]()
    answers = await asyncio.gather(*(take(queues[n], None, job(str(n), log)) for n in range(MOST_IN_FLIGHT)))
    assert [texts(answer) for answer in answers] == [["0"], ["1"], ["2"]]
    assert all(begin.split()[0] == end.split()[0] for begin, end in zip(log[::2], log[1::2])) and len(log) == 6


async def test_a_message_sent_to_several_processes_runs_once(open_another: OpenStore) -> None:
    queues, log = [TurnQueue(open_another()) for _ in range(3)], list[str]()
    answers = await asyncio.gather(*(take(queues[n % 3], "id", job(f"run {n}", log)) for n in range(9)))
    assert len({tuple(texts(answer)) for answer in answers}) == 1 and len(log) == 2
    assert texts(await take(TurnQueue(open_another()), "id", job("later", log))) == texts(answers[0]) and len(log) == 2


async def test_three_in_flight_over_all_processes(open_another: OpenStore) -> None:
    queues, log, goes_on = [TurnQueue(open_another()) for _ in range(2)], list[str](), asyncio.Event()
    turns = [await queues[n % 2].begin("a", f"m{n}", job(str(n), log, goes_on)) for n in range(MOST_IN_FLIGHT)]
    for queue in queues:
        assert (await queue.begin("a", "extra", job("extra", log))).busy
    goes_on.set()
    for turn in turns:
        await turn.answer()
    assert texts(await take(queues[0], "extra", job("extra", log))) == ["extra"]


async def test_a_late_answer_is_told_by_whichever_process_answers_next(open_another: OpenStore) -> None:
    first, second = TurnQueue(open_another(), budget=0.05), TurnQueue(open_another())
    log, goes_on = list[str](), asyncio.Event()
    assert (await take(first, "id", job("回单", log, goes_on))).incident
    waiting = asyncio.ensure_future(take(second, None, job("余额", log)))
    await asyncio.sleep(0.1)
    goes_on.set()
    assert texts(await waiting) == ["回单", "余额"]
    repeated = await take(second, "id", job("again", log))
    assert repeated.incident and "again begins" not in log


async def test_long_turns_keep_their_claim_and_their_place(open_another: OpenStore) -> None:
    """Leases shorter than the turn are renewed while it runs, and while it waits."""
    first, second = (TurnQueue(open_another(), lease=1.5) for _ in range(2))
    log, goes_on = list[str](), asyncio.Event()
    turns = [await first.begin("a", f"m{n}", job(str(n), log, goes_on)) for n in range(MOST_IN_FLIGHT)]
    await asyncio.sleep(3)
    repeats = [await second.begin("a", f"m{n}", job("again", log)) for n in range(MOST_IN_FLIGHT)]
    assert (await second.begin("a", "extra", job("extra", log))).busy
    goes_on.set()
    assert [texts(await turn.answer()) for turn in turns] == [["0"], ["1"], ["2"]]
    assert [texts(await turn.answer()) for turn in repeats] == [["0"], ["1"], ["2"]]
    assert "again begins" not in log


async def test_what_an_abandoned_queue_claimed_runs_again(open_another: OpenStore) -> None:
    """The same as a killed process, as far as the store can tell."""
    log = list[str]()
    dead, alive = TurnQueue(open_another(), lease=0.6), TurnQueue(open_another())
    turns = [await dead.begin("a", f"m{n}", job("dead", log, asyncio.Event())) for n in range(MOST_IN_FLIGHT)]
    for task in dead._tasks:
        task.cancel()
    repeats = await asyncio.gather(*(take(alive, f"m{n}", job(str(n), log)) for n in range(MOST_IN_FLIGHT)))
    assert [texts(answer) for answer in repeats] == [["0"], ["1"], ["2"]] and not any(turn.busy for turn in turns)


RUN = """
import asyncio, os
from addons.channels.turns import TurnQueue
from addons.stores.redis_store import RedisStore

async def job():
    print("begins", flush=True)
    await asyncio.sleep(600)

async def run():
    queue = TurnQueue(RedisStore(os.environ["REDIS_URL"]), lease=2.0)
    await (await queue.begin("a", "id", job)).answer()

asyncio.run(run())
"""


async def test_the_message_of_a_killed_process_runs_again(redis_url: str) -> None:
    environment = {**os.environ, "REDIS_URL": redis_url}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    store, log = RedisStore(redis_url), list[str]()
    queue = TurnQueue(store)
    try:
        assert process.stdout is not None and process.stdout.readline() == "begins\n"
        repeat = await queue.begin("a", "id", job("again", log))
        await asyncio.sleep(3)
        assert log == [], "it still runs elsewhere"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert texts(await asyncio.wait_for(repeat.answer(), 60)) == ["again"]
    await store.close()
