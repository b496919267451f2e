"""The bot's messages as WeChat shows them: one passive reply, or a few messages of the customer-service API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from addons.channels.answers import Button, Message
from addons.channels.wechat_menu import Menu, MenuSize, numbered, pushed
from addons.channels.wechat_reply import NewsReply, Reply, TextReply, TransferReply
from addons.channels.wechat_text import LARGEST, link, merge, plain, size, split
from addons.channels.wording import say

TRANSFER = Message("", carried={"custom": {"type": "transfer"}})
"""Stands for: this customer goes to WeChat's own desk."""

Pushed = TextReply | NewsReply | Menu
_TITLE = 60  # characters of an article's title


@dataclass(frozen=True)
class Passive:
    """One passive reply, the buttons it offers by number, and what did not fit in."""

    reply: Reply
    offered: tuple[Button, ...] = ()
    rest: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Words:
    """What is said around the bot's messages, in the customer's language.

    `countable`: whether a number may stand for a button; otherwise its words are asked for.
    """

    language: str
    countable: bool

    @property
    def request(self) -> str:
        """The sentence below a list."""
        return say("wechat.choose" if self.countable else "wechat.choose_words", self.language)


def is_transfer(messages: Iterable[Message]) -> bool:
    """Whether the customer is to go to WeChat's own desk."""
    return any((message.carried.get("custom") or {}).get("type") == "transfer" for message in messages)


def pressable(messages: Iterable[Message]) -> tuple[Button, ...]:
    """Buttons that can be pressed (the others are links), in order."""
    return tuple(button for message in messages for button in message.buttons if button.id)


def passive(messages: Sequence[Message], words: Words) -> Passive:
    """The messages as one reply; all their buttons stand in one list at its end."""
    if is_transfer(messages):
        return Passive(TransferReply())
    article = _article(messages)
    if article is not None:
        return Passive(article)
    offered, text = pressable(messages), _all_text(messages, words)
    if size(text) <= LARGEST:
        return Passive(TextReply(text), offered)
    more = "\n\n" + say("wechat.more", words.language)
    first, *rest = split(text, LARGEST - size(more))
    return Passive(TextReply(first + more), offered, tuple(Message(piece) for piece in merge(rest)))


def pushes(messages: Sequence[Message], words: Words, menu: MenuSize | None, articles: bool, most: int) -> list[Pushed]:
    """The messages to push one after another: with menus, or, when these are more than `most`, as texts with a list."""
    listed: list[Pushed] = [TextReply(piece) for piece in split(_all_text(messages, words))]
    if menu is None or any(len(message.buttons) > menu.entries for message in messages):
        return listed
    made: list[Pushed] = []
    texts: list[str] = []
    for message in messages:
        if articles and (article := _article([message])) is not None:
            made += [*map(TextReply, merge(texts)), article]
            texts = []
        elif pressable([message]):
            made += pushed("\n\n".join([*texts, _text(message)]).strip(), message.buttons, menu)
            texts = []
        else:
            texts.append(_with_links(message))
    made += map(TextReply, merge(texts))
    return made if len(made) <= most else listed


def kept(pushed_message: Pushed) -> Message:
    """A message that could not be pushed, as it is kept."""
    if isinstance(pushed_message, Menu):
        return Message(pushed_message.head, tuple(Button(label, id=entry) for entry, label in pushed_message.entries))
    if isinstance(pushed_message, NewsReply):
        words = "\n".join(part for part in (pushed_message.title, pushed_message.description) if part)
        return Message(words, carried={"image": pushed_message.picture})
    return Message(pushed_message.content)


def _all_text(messages: Sequence[Message], words: Words) -> str:
    texts = "\n\n".join(text for text in map(_with_links, messages) if text)
    if words.countable:
        return numbered(texts, pressable(messages), words.request)
    titles = "\n".join(f"「{plain(button.title)}」" for button in pressable(messages))
    return "\n\n".join(part for part in (texts, titles and f"{words.request}\n{titles}") if part)


def _with_links(message: Message) -> str:
    links = [link(button.title, button.url) for button in message.buttons if button.url]
    return "\n".join(part for part in (_text(message), *links) if part)


def _text(message: Message) -> str:
    """The words, which are a full fallback of every payload, with links to what is not words."""
    named = (("image", "wechat.picture"), ("attachment", "wechat.document"))
    links = [link(say(title), _address(message.carried[key])) for key, title in named if message.carried.get(key)]
    # Links of ours come after `plain`: what somebody wrote into a payee's name must not become one.
    linked = message.carried.get("wechat_link")
    own = [link(linked["title"], linked["url"])] if isinstance(linked, dict) else []
    return "\n".join(part for part in (plain(message.text).strip(), *links, *own) if part)


def _article(messages: Sequence[Message]) -> NewsReply | None:
    """A single message that is a picture with words, without buttons."""
    if len(messages) != 1 or messages[0].buttons or not messages[0].carried.get("image"):
        return None
    picture = _address(messages[0].carried["image"])
    if not picture.startswith("https://"):
        return None
    title, _, description = messages[0].text.strip().partition("\n")
    if not title or len(title) > _TITLE:
        title, description = say("wechat.picture"), messages[0].text.strip()
    return NewsReply(title, description, picture, picture) if size(description) <= LARGEST // 4 else None


def _address(held: object) -> str:
    """Address of a picture or document as responses of the domain write it: alone, or with `url` or `src` in it."""
    if isinstance(held, dict):
        held = held.get("url") or held.get("src") or ""
    return str(held)
