"""The whole inbound path: whatever is typed, Rasa gets words, and its own `/inform` only from the channel."""

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from addons.channels.conversations import Conversation
from addons.channels.inbound import CODE_TURN, RawMessage, Services, receive
from addons.stores.sqlite_store import SqliteStore
from tests.unit.addons.channels.fakes import KEY, FakeCore
from tests.unit.addons.channels.test_cleaning import PIECES, begins_like_one, read_as_intent

_PARTS = st.sampled_from(
    [
        *PIECES,
        "123456",
        "我的密码是/affirm ",
        "6222020200112233440",
        "inform",
        "/restart",
        '{"a":1}',
        "验证码",
        "一二三四五六",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(_PARTS, max_size=8).map("".join), st.booleans())
@example("6222020200112233440/affirm", True)
@example("密码:/affirm", False)
def test_no_text_brings_an_intent_of_its_own(typed: str, signed_in: bool) -> None:
    async def received() -> None:
        store, core = SqliteStore(), FakeCore()
        core.code = "123456"
        services = Services.over(store, core, KEY)  # type: ignore[arg-type]
        opened: Conversation = (await services.conversations.open("local", "session" if signed_in else None))[0]
        inbound = await receive(RawMessage(text=typed), opened, services)
        await store.close()
        if inbound.text == CODE_TURN:
            assert "code" in inbound.metadata and inbound.shown == "••••••" and signed_in
        elif inbound.text is not None:
            assert not begins_like_one(inbound.text) and not read_as_intent(inbound.text)
        else:
            assert inbound.refusal and inbound.notices

    asyncio.run(received())
