"""Full account numbers: the core gets them, Rasa gets a reference."""

import pytest

from addons.channels.conversations import Conversation
from addons.channels.inbound import Inbound, RawMessage, Services, receive
from tests.unit.addons.channels.fakes import FakeCore

pytestmark = pytest.mark.asyncio

NUMBER = "6291880000000034466"


async def typed(text: str, conversation: Conversation, services: Services) -> Inbound:
    return await receive(RawMessage(text=text), conversation, services)


@pytest.mark.parametrize("text", [NUMBER, "6291 8800 0000 0034 466", f"添加收款人陈晨,卡号{NUMBER}"])
async def test_a_number_becomes_a_reference(
    text: str, customer: Conversation, services: Services, core: FakeCore
) -> None:
    inbound = await typed(text, customer, services)
    assert core.held == [NUMBER]
    assert inbound.metadata["account_number"] == "an_reference"
    assert "629188" not in str(inbound.text) and NUMBER not in str(inbound.metadata)


async def test_a_mistyped_number_is_told(customer: Conversation, services: Services) -> None:
    inbound = await typed(NUMBER[:-1] + "7", customer, services)
    assert inbound.metadata["account_number"] == "invalid" and "629188" not in str(inbound.text)


async def test_without_the_core_it_is_hidden_all_the_same(
    customer: Conversation, services: Services, core: FakeCore
) -> None:
    core.down = True
    inbound = await typed(NUMBER, customer, services)
    assert inbound.metadata["account_number"] == "unavailable" and "629188" not in str(inbound.text)


@pytest.mark.parametrize("text", ["转500给李娜", f"{NUMBER} 或者 6222020200112233446"])
async def test_nothing_is_handed_in_without_one_number(
    text: str, customer: Conversation, services: Services, core: FakeCore
) -> None:
    inbound = await typed(text, customer, services)
    assert core.held == [] and "account_number" not in inbound.metadata


async def test_a_visitor_hands_nothing_in(visitor: Conversation, services: Services, core: FakeCore) -> None:
    inbound = await typed(NUMBER, visitor, services)
    assert core.held == [] and set(inbound.metadata) == {"context", "manner"}
