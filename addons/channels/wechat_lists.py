"""The list a follower saw last, where WeChat has no buttons: what a typed number or title presses."""

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from addons.channels.answers import Button
from addons.channels.buttons import LIFETIME_SECONDS, ButtonStore, Pressed
from addons.channels.conversations import Conversation
from addons.channels.wechat_menu import chosen
from addons.stores.store import Store

_NUMBER = re.compile(r"\d+")
# Ways out of a question, which answer none: a number then is about the question itself.
_WAYS_OUT = ("/cancel", "/deny", "/request_human", "/help", "/out_of_scope")
_RESEND = "code_request"

NumberAsked = Callable[[str], Awaitable[bool]]
"""Whether the bot has just asked for a number (an amount) in a conversation."""


@dataclass(frozen=True)
class Lists:
    """Lists by openid. Every method may raise StoreUnavailable."""

    store: Store
    account: str
    buttons: ButtonStore

    async def countable(self, conversation: str, offered: Sequence[Button]) -> bool:
        """Whether numbers may stand for these buttons: not where all they offer is a way out of a question."""
        known = await self.buttons.offered(conversation)
        return not all(_is_way_out(known.get(str(button.id))) for button in offered) if offered else True

    async def remember(self, openid: str, offered: Sequence[Button], countable: bool) -> None:
        """This is the newest list; without buttons there is none any more."""
        if not offered:
            return await self.forget(openid)
        entries = [[button.id, button.title] for button in offered]
        value = json.dumps({"entries": entries, "countable": countable})
        await self.store.set(self._key(openid), value, LIFETIME_SECONDS)

    async def forget(self, openid: str) -> None:
        """What was said since makes the list an old one."""
        await self.store.delete(self._key(openid))

    async def meant(self, openid: str, text: str, conversation: Conversation, asked: NumberAsked) -> str | None:
        """Id of the button that a typed text means; None when it is to be read as a text."""
        held = await self.store.get(self._key(openid))
        if held is None:
            return None
        found = json.loads(held)
        entries: list[list[str]] = found["entries"]
        typed = unicodedata.normalize("NFKC", text).strip()
        for button, title in entries:
            if typed == unicodedata.normalize("NFKC", title).strip():
                return await self._live(conversation.id, button)
        position = chosen(typed, len(entries)) if found["countable"] else None
        if position is None:
            return None
        named = _naming(typed, [title for _, title in entries])
        if position in named or not (named or await asked(conversation.id)):
            return await self._live(conversation.id, entries[position][0])
        return None

    async def _live(self, conversation: str, button: str) -> str | None:
        """An old number is a text again."""
        return button if button in await self.buttons.live(conversation) else None

    def _key(self, openid: str) -> str:
        return f"wechat:{self.account}:list:{openid}"


def _is_way_out(pressed: Pressed | None) -> bool:
    return pressed is not None and (pressed.payload.startswith(_WAYS_OUT) or _RESEND in pressed.payload)


def _naming(typed: str, titles: Sequence[str]) -> list[int]:
    """Positions of the titles that name a typed number: "3" means "3期", if that is offered, and not the third."""
    numbers = set(_NUMBER.findall(typed))
    return [at for at, title in enumerate(titles) if numbers & {n.lstrip("0") for n in _NUMBER.findall(title)}]


def asks_for_number(slots: Mapping[str, object]) -> bool:
    """Whether the slots of a conversation say that an amount is awaited."""
    asked = (slots.get("requested_slot"), slots.get("service_asked"))
    requested = asked[1] if asked[0] == "service_answer" else asked[0]
    return "amount" in str(requested)
