"""Tokens open conversations, for a while; one customer's devices share theirs; nothing is kept in the clear."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from addons.channels.conversations import IDLE_SECONDS, ConversationStore
from addons.channels.manner import Manner
from addons.stores.sqlite_store import SqliteStore
from addons.stores.store import Store
from tests.stores import OpenStore
from tests.unit.addons.channels.fakes import KEY

pytestmark = pytest.mark.asyncio


@pytest.fixture
def kept(memory: Store) -> ConversationStore:
    return ConversationStore(memory, KEY)


async def test_tokens_and_ids_are_random_and_find_what_they_opened(kept: ConversationStore) -> None:
    opened = [await kept.open("local", f"session {number}", elder_mode=True) for number in range(50)]
    assert len({conversation.id for conversation, _ in opened}) == len({token for _, token in opened}) == 50
    for conversation, token in opened:
        assert await kept.find(token) == conversation
    assert await kept.find(token + "x") is None and await kept.find("\ud83d") is None
    assert conversation.manner == Manner(elder_mode=True) and conversation.session == "session 49"


async def test_neither_token_nor_session_is_stored(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "channels.db"))
    kept = ConversationStore(store, KEY)
    _, token = await kept.open("local", "session-reference", subject="pseudonym")
    fresh = await kept.rotate(token)
    await store.close()
    written = "".join(str(row) for row in sqlite3.connect(tmp_path / "channels.db").execute("SELECT * FROM kept"))
    assert "conversation" in written
    for secret in (token, fresh, "session-reference", "pseudonym"):
        assert secret is not None and secret not in written


async def test_a_session_sealed_with_another_key_or_for_another_conversation_is_none(
    kept: ConversationStore, memory: Store
) -> None:
    mine, token = await kept.open("local", "mine")
    assert await ConversationStore(memory, "B" * 42 + "A").find(token) is None
    other, others_token = await kept.open("local", "other")
    record = await memory.get(other.device)
    assert record is not None
    await memory.set(mine.device, record.replace(other.id, mine.id), 600)
    assert await kept.find(token) is None
    assert (await kept.find(others_token)) == other


async def test_devices_of_one_customer_share_a_conversation_but_no_sign_in(open_another: OpenStore) -> None:
    first, second = ConversationStore(open_another(), KEY), ConversationStore(open_another(), KEY)
    both = await asyncio.gather(
        first.open("web", "session 1", elder_mode=True, subject="s"), second.open("web", "session 2", subject="s")
    )
    (phone, phone_token), (desk, desk_token) = both
    assert phone.id == desk.id and (phone.session, desk.session) == ("session 1", "session 2")
    async with first.turn(phone):
        phone.manner.adopt({"language": "en"})
    seen = await second.find(desk_token)
    assert seen is not None and seen.manner.language == "en" and seen.manner.chosen
    await first.close(phone_token)
    assert await second.find(desk_token) == seen and await second.find(phone_token) is None
    again, _ = await first.open("web", "session 3", subject="s")
    assert again.id == desk.id and again.manner.language == "en"
    elsewhere, _ = await first.open("wechat", "x", subject="s", token="of an openid")
    assert elsewhere.id == desk.id and elsewhere.channel == "wechat"
    assert await second.find("of an openid") == elsewhere
    for other, _ in (
        await first.open("web", "x", subject="t"),
        await first.open("web", "x"),
    ):
        assert other.id != desk.id and other.manner == Manner()


async def test_a_rotated_token_is_no_good_any_more(open_another: OpenStore) -> None:
    first, second = ConversationStore(open_another(), KEY), ConversationStore(open_another(), KEY)
    conversation, token = await first.open("web", "session")
    fresh = [new for new in await asyncio.gather(*(kept.rotate(token) for kept in (first, second) * 5)) if new]
    assert len(fresh) == 1 and await first.find(token) is None
    found = await second.find(fresh[0])
    assert found is not None and (found.id, found.session) == (conversation.id, "session")
    assert await first.rotate("unknown") is None


async def test_a_turn_sees_what_happened_while_it_waited(kept: ConversationStore) -> None:
    waiting, token = await kept.open("web", "session")
    other = await kept.find(token)
    assert other is not None
    async with kept.turn(other):
        other.manner.adopt({"elder_mode": True})
    async with kept.turn(waiting):
        assert waiting.manner.elder_mode and waiting.session == "session"
    await kept.close(token)
    async with kept.turn(waiting):
        assert waiting.session is None and waiting.manner.elder_mode


async def test_the_manner_is_kept_although_the_turn_fails(kept: ConversationStore) -> None:
    conversation, token = await kept.open("web", None)
    with pytest.raises(RuntimeError):
        async with kept.turn(conversation):
            conversation.manner.hear("what is my balance")
            raise RuntimeError
    found = await kept.find(token)
    assert found is not None and found.manner.language == "en"


async def test_the_end_of_a_sign_in_is_known_everywhere(open_another: OpenStore) -> None:
    first, second = ConversationStore(open_another(), KEY), ConversationStore(open_another(), KEY)
    conversation, token = await first.open("web", "session")
    await first.end_sign_in(conversation)
    found = await second.find(token)
    assert conversation.session is None and found is not None and found.session is None and found.id == conversation.id
    await first.close(token)
    await first.end_sign_in(conversation)
    assert await first.find(token) is None


async def test_idle_conversations_end_and_used_ones_go_on(
    kept: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr("addons.stores.sqlite_store.time.time", lambda: now)
    (_, idle), (used_one, used) = await kept.open("web", None), await kept.open("web", "session", True, "s")
    for _ in range(3):
        now += IDLE_SECONDS - 1
        found = await kept.find(used)
        assert found is not None and found.manner.elder_mode
    assert await kept.find(idle) is None
    assert (await kept.open("web", None, subject="s"))[0].id == used_one.id
    now += IDLE_SECONDS + 1
    assert await kept.find(used) is None and (await kept.open("web", None, subject="s"))[0].id != used_one.id
