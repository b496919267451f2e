"""One way to the customer's phone: what a push that failed may still become."""

from __future__ import annotations

import time

import pytest

from addons.channels.answers import Answer, Button, Message
from addons.channels.buttons import ButtonStore, Pressed
from addons.channels.conversations import Conversation
from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_delivery import Abilities, Delivery, Work
from addons.channels.wechat_followers import Follower
from addons.channels.wechat_lists import Lists
from addons.channels.wechat_outbox import Outbox
from addons.channels.wechat_outcome import Later, Never, Outcome, Reason, Sent
from addons.channels.wechat_owed import OwedAnswers
from addons.channels.wechat_parse import Text
from addons.channels.wechat_quota import Occasion, Quota
from addons.channels.wechat_reply import NOTHING, Reply
from addons.channels.wechat_routes import Routes
from addons.stores.store import Store

pytestmark = pytest.mark.asyncio
OPENID, CONVERSATION = "o1", "wechat-c1"


async def _delivered(store: Store, outcome: Outcome) -> tuple[str, int, tuple[Message, ...], int]:
    """An answer with buttons whose push has this outcome: WeChat's HTTP answer, pushes tried, what is kept, notices."""
    notices: list[str] = []

    async def notify(openid: str) -> None:
        notices.append(openid)

    async def owns(openid: str, owner: str) -> bool:
        return True

    sent: list[Pushed] = []

    async def send(openid: str, message: Pushed, reference: str) -> Outcome:
        sent.append(message)
        return outcome

    async def transfer(openid: str, language: str) -> bool:
        return False

    def seal(reply: Reply) -> str:
        return f"<xml>{reply}</xml>"

    quota, owed, buttons = Quota(store, "wx1"), OwedAnswers(store, "wx1"), ButtonStore(store)
    routes = Routes(store, "wx1")
    delivery = Delivery(
        routes, owed, Outbox(send, quota, owed, True, notify), Lists(store, "wx1", buttons), Abilities(), transfer, owns
    )
    await quota.earn(OPENID, Occasion.MESSAGE)
    (button,) = await buttons.issue(CONVERSATION, [Pressed("/check_balance", "查余额")])
    work = Work(Text(OPENID, "gh_1", 0, "k1", "你好", None), seal, time.monotonic() + 60)
    work.follower, work.waiting = Follower(OPENID, Conversation(CONVERSATION, "wechat")), 1
    assert await routes.begin("k1")
    await delivery.deliver(work, Answer((Message("您要办什么？", (Button("查余额", id=button),)),)))
    return await work.body, len(sent), await owed.take_kept(OPENID, ""), len(notices)


async def test_a_menu_that_went_out_is_the_answer(store: Store) -> None:
    assert await _delivered(store, Sent()) == (NOTHING, 1, (), 0)


@pytest.mark.parametrize("refused", [Later(Reason.NO_PERMISSION), Later(Reason.TOO_LONG), Never(Reason.BAD_OPENID)])
async def test_a_menu_that_was_refused_becomes_the_passive_reply(store: Store, refused: Outcome) -> None:
    body, tried, kept, notices = await _delivered(store, refused)
    assert "您要办什么" in body and (tried, kept, notices) == (1, (), 0)


async def test_a_menu_that_may_be_on_the_phone_is_not_said_twice_at_once(store: Store) -> None:
    body, tried, kept, notices = await _delivered(store, Later(Reason.UNCONFIRMED))
    assert (body, tried, notices) == (NOTHING, 1, 1)
    assert [message.text for message in kept] == ["您要办什么？"], "nothing is lost, should it not have arrived"
