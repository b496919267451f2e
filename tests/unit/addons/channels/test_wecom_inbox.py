"""Fetching from WeCom over both stores: once, in order, and whatever fails in between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from addons.channels.wechat_parse import Doorbell
from addons.channels.wecom_taking import Taking
from addons.stores.store import Store
from tests.stores import OpenStore
from tests.unit.addons.channels.wecom_server import CORP, DESK, Flaky, Server, process

pytestmark = pytest.mark.asyncio


async def test_everything_is_fetched_in_order_and_nothing_twice(store: Store) -> None:
    server = Server()
    one = process(server, store)
    for number in range(5):
        server.say(f"第{number}条")
    await one.ring("T1")
    assert one.texts == [f"第{number}条" for number in range(5)]
    assert server.calls == [("", "T1"), ("2", "T1"), ("4", "T1")]
    await one.ring("T2")
    assert server.calls[3:] == [("5", "T2")] and len(one.texts) == 5
    server.say("又一条")
    await one.ring("T3")
    assert one.texts[5:] == ["又一条"]


async def test_two_processes_fetch_once(open_another: OpenStore) -> None:
    server = Server()
    first, second = process(server, open_another()), process(server, open_another())
    for number in range(6):
        server.say(f"第{number}条")
    await asyncio.gather(first.ring("A"), second.ring("A"), first.ring("B"), second.ring("B"))
    assert sorted(first.texts + second.texts) == [f"第{number}条" for number in range(6)]
    assert [cursor for cursor, _ in server.calls].count("") == 1, "one at a time"


async def test_a_message_that_comes_again_after_its_answer_is_owed_nothing(store: Store) -> None:
    server = Server()
    one = process(server, store)
    server.say("一")
    await one.ring()
    (work,) = one.started
    await one.taking.account.delivery.owed.settle(work.push.key)
    assert not await one.taking.take(work.push)
    assert await store.get(f"wechat:{CORP}:owed:{work.push.key}") is None


async def test_a_process_that_dies_in_the_middle_of_a_page_loses_and_doubles_nothing(open_another: OpenStore) -> None:
    server = Server()
    first, second = process(server, open_another()), process(server, open_another())
    for number in range(2):
        server.say(f"第{number}条")

    class Died(BaseException):
        """Stands for SIGKILL: nothing of ours runs any more."""

    async def take(push: Any, missed: bool = False) -> bool:
        if push.content == "第1条":
            raise Died
        return await Taking.take(first.taking, push, missed)

    object.__setattr__(first.inbox._hands.taking, "take", take)
    await first.inbox.ring(Doorbell(DESK, "T"))
    with pytest.raises(Died):
        await asyncio.gather(*first.inbox._tasks)
    assert first.texts == ["第0条"]
    second.inbox._doubt = False
    assert await second.inbox.fetch(DESK), "what was rung for is fetched without another ring"
    assert second.texts == ["第1条"], "the first one was taken, and is owed an answer by the dead one"
    assert await second.inbox._store.get(f"wechat:{CORP}:owed:{first.started[0].push.key}")


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("key", [":route:", ":quota:", ":owed:", ":cursor:", ":place:", ":alive:"])
async def test_an_outage_at_any_point_loses_and_doubles_nothing(store: Store, key: str, made: bool) -> None:
    server, flaky = Server(), Flaky(store)
    one = process(server, flaky)  # type: ignore[arg-type]
    server.say("第一条")
    flaky.next, flaky.made = key, made
    await one.ring()
    assert await one.inbox.fetch(DESK)
    assert one.texts == ["第一条"]
    assert len(await store.entries(f"wechat:{CORP}:owed-by:{one.taking.account.delivery.owed._me}")) == 1
