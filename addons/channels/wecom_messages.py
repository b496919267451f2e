"""What WeCom 微信客服 hands out, as the pushes of WeChat that it amounts to."""

import hashlib
from collections.abc import Mapping
from typing import Any

from addons.channels.wechat_parse import AgentSession, File, Image, Link, Location, Push, Text, Video, Voice
from addons.channels.wechat_text import printable

CUSTOMER, SYSTEM = 3, 4  # origin of an entry
_CHANGES = {1: "create", 2: "switch", 3: "close"}
_KINDS: Mapping[str, type[Push]] = {
    "image": Image,
    "video": Video,
    "location": Location,
    "link": Link,
    "file": File,
    "miniprogram": Link,
}


def understood(entry: Mapping[str, Any]) -> Push | None:
    """The push an entry amounts to; None for what says nothing to us (agents' messages, whatever is malformed)."""
    if entry.get("origin") == SYSTEM:
        return _event(entry)
    sent = _sent(entry, entry) if entry.get("origin") == CUSTOMER else None
    if sent is None:
        return None
    kind = str(entry.get("msgtype"))
    if kind == "text":
        content = _mapping(entry.get("text"))
        return Text(*sent, printable(str(content.get("content", ""))), str(content.get("menu_id") or "") or None)
    if kind == "voice":
        return Voice(*sent, None)
    return _KINDS[kind](*sent) if kind in _KINDS else None


def _event(entry: Mapping[str, Any]) -> Push | None:
    event = _mapping(entry.get("event"))
    sent = _sent(entry, event)
    change = _CHANGES.get(event.get("change_type", 0))
    if sent is None or event.get("event_type") != "session_status_change" or change is None:
        return None
    return AgentSession(*sent, change, str(event.get("new_servicer_userid") or ""))


def _sent(entry: Mapping[str, Any], who: Mapping[str, Any]) -> tuple[str, str, int, str] | None:
    """Customer, desk, time and key."""
    customer, desk, created = who.get("external_userid"), who.get("open_kfid"), entry.get("send_time")
    message = entry.get("msgid")
    if not all(isinstance(text, str) and text for text in (customer, desk, message)) or not isinstance(created, int):
        return None
    return str(customer), str(desk), created, hashlib.sha256(f"{desk} {message}".encode()).hexdigest()[:32]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
