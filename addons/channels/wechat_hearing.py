"""What a push says to the bot, what it earns, and the few words that the channel answers by itself."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
import zhconv

from addons.channels.wechat_parse import (
    Click,
    EnterSession,
    File,
    Image,
    Link,
    Location,
    Push,
    Scan,
    Subscribe,
    Text,
    Video,
    Voice,
)
from addons.channels.wechat_quota import Occasion

_UNREAD = (Image, Video, Location, Link, File)
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Said:
    """What a follower did, as the bot hears it: `text`, `press`, or neither (a picture and the like)."""

    text: str | None = None
    press: str | None = None


def said(push: Push) -> Said | None:
    """What of a push the bot hears; None for events that say nothing to it."""
    if isinstance(push, Text):
        return Said(press=push.menu_id) if push.menu_id else Said(push.content)
    if isinstance(push, Voice):
        return Said(push.recognition)
    if isinstance(push, Click):
        return Said(push.menu_key)
    return Said() if isinstance(push, _UNREAD) else None


def greeting(push: Push) -> str | None:
    """Key of the sentence that greets, for the events that are greeted."""
    if isinstance(push, Subscribe):
        return "wechat.welcome"
    return "wechat.hello" if isinstance(push, (Scan, EnterSession)) else None


def occasion(push: Push) -> Occasion | None:
    """What a push earns. A tap on a menu message counts as a click, as Tencent's table has it."""
    if isinstance(push, Text):
        return Occasion.CLICK if push.menu_id else Occasion.MESSAGE
    if isinstance(push, (Voice, *_UNREAD)):
        return Occasion.MESSAGE
    by_event = {
        Click: Occasion.CLICK,
        Subscribe: Occasion.SUBSCRIBE,
        Scan: Occasion.SCAN,
        EnterSession: Occasion.ENTER,
    }
    return by_event.get(type(push))


def is_message(push: Push) -> bool:
    """Whether somebody waits for an answer."""
    return occasion(push) is not None


def bare(text: str) -> str:
    """A text without what people add to a word (spaces, punctuation, capitals), in Simplified Chinese."""
    return str(zhconv.convert(_NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower(), "zh-hans"))


@lru_cache(maxsize=2)
def words(kind: str) -> frozenset[str]:
    """Words of one kind in wechat_words.yml: bind, leave_desk."""
    known: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("wechat_words.yml").read_text("utf-8"))
    return frozenset(known[kind])
