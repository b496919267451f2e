"""What WeCom 微信客服 hands out: customers' messages as the pushes of WeChat that they amount to, and events."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from addons.channels.wechat_parse import File, Image, Link, Location, Push, Text, Video, Voice
from addons.channels.wechat_text import printable

_CUSTOMER, _SYSTEM = 3, 4  # origin of an entry; 5 is a servicer
_LONGEST_TEXT = 8192  # characters; more are not read any further
_ID = re.compile(r"[0-9A-Za-z_@.=+-]{1,128}")
_KINDS: Mapping[str, type[Push]] = {"image": Image, "video": Video, "location": Location, "link": Link}
_CHANGES = {1: "create", 2: "switch", 3: "close", 4: "create"}


@dataclass(frozen=True)
class Entered:
    """A customer opened the session; `code` allows one greeting, within 20 seconds of `created`."""

    customer: str
    desk: str
    created: int
    code: str


@dataclass(frozen=True)
class Changed:
    """A person took the customer over (create), passed them on (switch) or is done (close)."""

    customer: str
    desk: str
    change: str


@dataclass(frozen=True)
class Bounced:
    """A message that WeCom had taken (`identity`: its msgid) did not reach the customer."""

    customer: str
    identity: str
    why: str


Entry = Push | Entered | Changed | Bounced


def understood(entry: Mapping[str, Any]) -> Entry | None:
    """What an entry says; None for what says nothing to us: servicers' messages, other events, the malformed."""
    if entry.get("origin") == _SYSTEM:
        return _event(entry)
    if entry.get("origin") != _CUSTOMER:
        return None
    customer, desk = _ids(entry)
    created, message = entry.get("send_time"), entry.get("msgid")
    if not customer or not desk or not _is_number(created) or not isinstance(message, str) or not message:
        return None
    key = hashlib.sha256(f"{desk} {customer} {message}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return _message(str(entry.get("msgtype")), entry, (customer, desk, int(str(created)), key))


def desk_of(entry: Mapping[str, Any]) -> str:
    """The account (open_kfid) that an entry belongs to; "" for one that names none."""
    return _ids(_mapping(entry.get("event")) if entry.get("origin") == _SYSTEM else entry)[1]


def _message(kind: str, entry: Mapping[str, Any], sent: tuple[str, str, int, str]) -> Push:
    if kind == "text":
        text = _mapping(entry.get("text"))
        return Text(*sent, printable(_text(text, "content"))[:_LONGEST_TEXT], _text(text, "menu_id") or None)
    if kind == "voice":  # without what was said: WeCom does not write it down
        return Voice(*sent, None)
    return _KINDS.get(kind, File)(*sent)  # cards, mini-programs and whatever WeCom invents: nothing we could read


def _event(entry: Mapping[str, Any]) -> Entry | None:
    event = _mapping(entry.get("event"))
    customer, desk = _ids(event)
    created, kind = entry.get("send_time"), event.get("event_type")
    if not customer or not desk or not _is_number(created):
        return None
    if kind == "enter_session":
        return Entered(customer, desk, int(str(created)), _text(event, "welcome_code"))
    if kind == "msg_send_fail":
        return Bounced(customer, _text(event, "fail_msgid"), str(event.get("fail_type"))[:8])
    change = event.get("change_type")
    if kind == "session_status_change" and isinstance(change, int) and change in _CHANGES:
        return Changed(customer, desk, _CHANGES[change])
    return None


def _ids(named: Mapping[str, Any]) -> tuple[str, str]:
    customer, desk = _text(named, "external_userid"), _text(named, "open_kfid")
    return (customer, desk) if _ID.fullmatch(customer) and _ID.fullmatch(desk) else ("", "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(named: Mapping[str, Any], name: str) -> str:
    value = named.get(name)
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
