from collections.abc import AsyncIterator

import pytest_asyncio

from tests.unit.services.wechat_sandbox.harness import AccountUser, Receiver, StandIn, receiving, running


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running() as started:
        yield started


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as started:
        yield started


@pytest_asyncio.fixture
async def account(stand_in: StandIn, receiver: Receiver) -> AccountUser:
    return await stand_in.account(receiver)
