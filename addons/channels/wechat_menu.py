"""Buttons in WeChat: a menu message where we may push, a numbered list where we may only reply."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from addons.channels.answers import Button
from addons.channels.wechat_reply import TextReply
from addons.channels.wechat_text import LARGEST, link, plain, size, split
from chinese.numbers import read_numeral

# 1, 第一个, 3. and nothing around it: an amount (200, 一百, 2元) or a day (3号) must stay one.
_ANSWER = re.compile(r"第?(?P<number>[1-9][0-9]?|[一二三四五六七八九十]{1,3})[个项]?[.。、)]?")


@dataclass(frozen=True)
class MenuSize:
    """What a menu message may hold: bytes of its words, bytes of one label, number of entries."""

    words: int = LARGEST
    label: int = LARGEST
    entries: int = 100


WECHAT = MenuSize()


@dataclass(frozen=True)
class Menu:
    """A menu message (msgmenu): words and entries as (id, label). A tap brings the id back."""

    head: str
    entries: tuple[tuple[str, str], ...]


def pushed(text: str, buttons: Sequence[Button], most: MenuSize = WECHAT) -> list[TextReply | Menu]:
    """What to push for `text` with `buttons`: texts, the last one a menu if anything is to be pressed.

    Links stand as lines of the text. Words and labels of the menu together keep to a text's limit, unless the labels
    alone leave no quarter of it to the words.
    """
    entries = tuple((button.id, split(plain(button.title), most.label)[0]) for button in buttons if button.id)
    words = "\n".join((text, *_links(buttons))).strip()
    if not entries:
        return [TextReply(piece) for piece in split(words)]
    room = min(most.words, LARGEST - sum(size(label) for _, label in entries))
    *before, head = split(words, max(room, LARGEST // 4)) or [""]
    return [*(TextReply(piece) for piece in before), Menu(head, entries)]


def numbered(text: str, buttons: Sequence[Button], request: str) -> str:
    """`text` with the buttons as a list: links to tap, the others by number, `request` (a sentence) asking for it."""
    pressed = [button for button in buttons if button.id]
    lines = [f"{number}. {plain(button.title)}" for number, button in enumerate(pressed, start=1)]
    blocks = (text, "\n".join(_links(buttons)), "\n".join(lines), request if lines else "")
    return "\n\n".join(block for block in blocks if block)


def chosen(text: str, count: int) -> int | None:
    """Position (from 0) of the entry a customer names by its number in a list of `count`; None for anything else."""
    answer = _ANSWER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    numeral = read_numeral(answer["number"]) if answer else None
    if numeral is None or numeral.ambiguous or numeral.high is not None or not 1 <= numeral.value <= count:
        return None
    return int(numeral.value) - 1


def _links(buttons: Sequence[Button]) -> list[str]:
    return [link(button.title, button.url) for button in buttons if button.url]
