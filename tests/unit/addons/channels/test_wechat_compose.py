"""The bot's messages as one reply, as pushes, and the lists that stand for buttons."""

from __future__ import annotations

import pytest
import pytest_asyncio

from addons.channels.answers import Button, Message
from addons.channels.buttons import ButtonStore, Pressed
from addons.channels.conversations import Conversation
from addons.channels.wechat_compose import TRANSFER, Words, passive, pushes
from addons.channels.wechat_lists import Lists, asks_for_number
from addons.channels.wechat_menu import WECHAT, Menu
from addons.channels.wechat_reply import NewsReply, TextReply, TransferReply
from addons.channels.wechat_text import LARGEST
from addons.stores.sqlite_store import SqliteStore

WORDS = Words("zh", countable=True)
ASKED = Message(
    "确认吗？", (Button("确认", id="b1"), Button("取消", id="b2"), Button("详情", url="https://bank.example/"))
)


def test_one_reply_holds_all_with_one_list_at_its_end() -> None:
    made = passive([ASKED, Message("还有 <a href=x>假链接</a>", (Button("帮助", id="b3"),))], WORDS)
    assert isinstance(made.reply, TextReply) and made.rest == ()
    assert made.reply.content == (
        '确认吗？\n<a href="https://bank.example/">详情</a>\n\n还有 ＜a href=x>假链接＜/a>\n\n'
        "1. 确认\n2. 取消\n3. 帮助\n\n请回复数字选择。"
    )
    assert [button.id for button in made.offered] == ["b1", "b2", "b3"]


def test_ways_out_are_not_numbered() -> None:
    made = passive([Message("转多少钱？", (Button("转人工", id="b1"),))], Words("zh", countable=False))
    assert isinstance(made.reply, TextReply) and "1." not in made.reply.content and "「转人工」" in made.reply.content


def test_what_does_not_fit_is_left_over() -> None:
    made = passive([Message("您好。" * 1000)], WORDS)
    assert isinstance(made.reply, TextReply) and len(made.reply.content.encode()) <= LARGEST
    assert "回复任意内容" in made.reply.content
    shown = made.reply.content.partition("\n")[0] + "".join(message.text for message in made.rest)
    assert shown == "您好。" * 1000


def test_pictures_documents_and_transfers() -> None:
    picture = Message("活动\n详情见图", carried={"image": "https://bank.example/a.png"})
    address = "https://bank.example/a.png"
    assert passive([picture], WORDS).reply == NewsReply("活动", "详情见图", address, address)
    both = passive([picture, Message("回单", carried={"attachment": {"url": "https://bank.example/r.pdf"}})], WORDS)
    assert isinstance(both.reply, TextReply) and both.reply.content.count("<a href=") == 2
    assert passive([Message("x"), TRANSFER], WORDS).reply == TransferReply()


def test_pushes_merge_and_stay_within_the_quota() -> None:
    messages = [Message("一"), Message("二"), ASKED, Message("三")]
    made = pushes(messages, WORDS, menu=WECHAT, articles=True, most=5)
    assert [type(message) for message in made] == [Menu, TextReply]
    assert isinstance(made[0], Menu) and made[0].head.startswith("一\n\n二\n\n确认吗？")
    (listed,) = pushes(messages, WORDS, menu=WECHAT, articles=True, most=1)
    assert isinstance(listed, TextReply) and listed.content.endswith("1. 确认\n2. 取消\n\n请回复数字选择。")


@pytest_asyncio.fixture
async def lists() -> Lists:
    store = SqliteStore()
    return Lists(store, "wx1", ButtonStore(store))


async def offer(lists: Lists, *titles: str, payload: str = "/inform") -> list[str]:
    pressed = [Pressed(f"{payload}{number}", title) for number, title in enumerate(titles)]
    ids = await lists.buttons.issue("c1", pressed)
    buttons = [Button(title, id=button) for title, button in zip(titles, ids)]
    await lists.remember("o1", buttons, await lists.countable("c1", buttons))
    return ids


async def meant(lists: Lists, text: str, amount: bool = False) -> str | None:
    async def asked(conversation: str) -> bool:
        return amount

    return await lists.meant("o1", text, Conversation("c1", "wechat"), asked)


@pytest.mark.asyncio
async def test_numbers_and_titles(lists: Lists) -> None:
    ids = await offer(lists, "工商银行", "建设银行")
    assert [await meant(lists, text) for text in ("1", "２", "第二个", "建设银行", "3", "200", "你好")] == [
        *(ids[0], ids[1], ids[1], ids[1]),
        *(None, None, None),
    ]
    assert await meant(lists, "1", amount=True) is None and await meant(lists, "建设银行", amount=True) == ids[1]
    await lists.buttons.press("c1", ids[0])
    assert await meant(lists, "1") is None, "a number is good as long as the button"


@pytest.mark.asyncio
async def test_a_number_that_a_title_names_means_that_title(lists: Lists) -> None:
    ids = await offer(lists, "3期", "6期", "12期")
    assert await meant(lists, "3") is None, "not the third, and the bot understands it as it is"
    assert await meant(lists, "1") == ids[0]
    (yes,) = await offer(lists, "是，1.00 元")
    assert await meant(lists, "1", amount=True) == yes


@pytest.mark.asyncio
async def test_ways_out_answer_no_number(lists: Lists) -> None:
    (out,) = await offer(lists, "转人工", payload="/request_human")
    assert await meant(lists, "1") is None and await meant(lists, "转人工") == out


def test_slots_that_ask_for_an_amount() -> None:
    assert asks_for_number({"requested_slot": "transfer_amount"})
    assert asks_for_number({"requested_slot": "service_answer", "service_asked": "amount_fen"})
    assert not asks_for_number({"requested_slot": "service_answer", "service_asked": "card_id"})
    assert not asks_for_number({"requested_slot": "transfer_payee", "service_asked": "amount_fen"})
