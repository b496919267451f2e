"""The log of a web conversation: what was said, numbered, so that a page that was away can catch up."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import count
from typing import Any, NamedTuple

from addons.channels.answers import Message
from addons.channels.buttons import ButtonStore
from addons.stores.patience import patiently
from addons.stores.store import Store
from chinese.digit_groups import is_luhn
from chinese.mask import mask_card

MOST_ITEMS = 500
IDLE_SECONDS = 8 * 3600.0
MOVED_SECONDS = 600.0  # the last turns of a conversation that is over have ended by then
PAGE = 30
CUSTOMER, BOT, DESK, NOTICE = "customer", "bot", "desk", "notice"
SPEAKERS = (BOT, DESK, NOTICE)
_CARD = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{15,18}(?!\d)")

Item = dict[str, Any]


class Page(NamedTuple):
    """Items in order, whether there are older ones, and the number of the log's last one (0: none)."""

    items: list[Item]
    more: bool
    last: int


class ConversationLog:
    """Items of all web conversations. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, buttons: ButtonStore, now: Callable[[], datetime] | None = None) -> None:
        self._store, self._buttons = store, buttons
        self._now = now or (lambda: datetime.now(timezone.utc))

    async def add(self, conversation: str, item: Item) -> Item:
        """Keep an item; the same with its number and time."""
        kept, entry = self._entry(item)
        return {"seq": await self._append(conversation, entry), **kept}

    async def add_for_sure(self, conversation: str, item: Item) -> Item:
        """The same, once, also when the store is away for a while."""
        kept, entry = self._entry(item)
        tries = count()

        async def append() -> int:
            if next(tries):  # the try before may have been written although its answer was lost
                newest = await self._store.entries(_key(conversation), most=PAGE)
                for number, held in newest:
                    if held == entry:
                        return number
            return await self._append(conversation, entry)

        return {"seq": await patiently(append), **kept}

    def _entry(self, item: Item) -> tuple[Item, str]:
        kept = {"at": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"), **item}
        return kept, json.dumps(kept, ensure_ascii=False)

    async def _append(self, conversation: str, entry: str) -> int:
        return await self._store.append(_key(conversation), entry, MOST_ITEMS, IDLE_SECONDS)

    async def since(self, conversation: str, after: int) -> Page:
        """Items after a number; the newest ones for a page with none, too old ones, or some of a log that is gone."""
        items = await self._items(conversation, most=MOST_ITEMS)
        last = items[-1]["seq"] if items else 0
        missed = [item for item in items if item["seq"] > after]
        if after == 0 or after > last or (missed and missed[0]["seq"] > after + 1):
            shown = items[-PAGE:]
            return Page(await self._with_live_buttons(conversation, shown), len(items) > len(shown), last)
        return Page(await self._with_live_buttons(conversation, missed), items[0]["seq"] < after, last)

    async def before(self, conversation: str, number: int) -> Page:
        """The items before a number."""
        items = await self._items(conversation, before=number, most=PAGE + 1)
        shown = await self._with_live_buttons(conversation, items[-PAGE:])
        return Page(shown, len(items) > PAGE, shown[-1]["seq"] if shown else 0)

    async def live(self, conversation: str) -> set[str]:
        """Ids of the buttons that can be pressed."""
        return await self._buttons.live(conversation)

    async def all(self, conversation: str) -> list[Item]:
        """Every item that is kept, as it was said."""
        return await self._items(conversation, most=MOST_ITEMS)

    async def move(self, source: str, target: str) -> None:
        """Say at the end of `target` what was said in `source`, which is over; its buttons and cards stay behind."""
        await self._store.set(_moved_key(source), target, MOVED_SECONDS)
        for item in await self.all(source):
            await self.add(target, without_choices(item))
        await self._store.delete(_key(source))

    async def moved(self, conversation: str) -> str | None:
        """Where a conversation went on that is over: an answer to it may still be on its way."""
        return await patiently(lambda: self._store.get(_moved_key(conversation)))

    async def _items(self, conversation: str, **selected: int) -> list[Item]:
        entries = await self._store.entries(_key(conversation), **selected)
        return [{"seq": number, **json.loads(entry)} for number, entry in entries]

    async def _with_live_buttons(self, conversation: str, items: list[Item]) -> list[Item]:
        live = await self.live(conversation)
        return [
            {**item, "buttons": [button for button in item["buttons"] if "url" in button or button["id"] in live]}
            for item in items
        ]


def without_choices(item: Item) -> Item:
    """What an item says in another conversation than its own."""
    said = {key: held for key, held in item.items() if key not in ("seq", "custom")}
    return {**said, "buttons": [button for button in item["buttons"] if "url" in button]}


def own_item(text: str, message_id: str) -> Item:
    """Item of what the customer said, in words that may be kept."""
    return {"from": CUSTOMER, "reply_to": None, "id": message_id, "text": hide_cards(text), "buttons": []}


def item_of(message: Message, reply_to: str | None = None, speaker: str = BOT) -> Item:
    """Item of a message to the customer."""
    buttons = [
        {"title": button.title, "url": button.url} if button.url else {"title": button.title, "id": button.id}
        for button in message.buttons
    ]
    carried: Item = {key: message.carried[key] for key in ("image", "attachment", "custom") if key in message.carried}
    return {"from": speaker, "reply_to": reply_to, "text": hide_cards(message.text), "buttons": buttons, **carried}


def hide_cards(text: str) -> str:
    """`text` without a full card number; receipt numbers, which begin with letters, stay."""
    return _CARD.sub(lambda run: mask_card(run.group()) if is_luhn(run.group()) else run.group(), text)


def _key(conversation: str) -> str:
    return f"web:log:{conversation}"


def _moved_key(conversation: str) -> str:
    return f"web:moved:{conversation}"
