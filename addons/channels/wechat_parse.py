"""What a push says: XML or JSON from Tencent -> one frozen dataclass per kind.

wechatpy's parser takes a MsgId for a number and raises five kinds of exceptions; here an id is an opaque string and
whatever cannot be read is `Unreadable`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]

from addons.channels.wechat_text import printable

LARGEST_BODY = 64 * 1024
_ID = re.compile(r"[0-9A-Za-z_@.=+-]{1,128}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_QR = "qrscene_"


class Unreadable(Exception):
    """No push of WeChat. The text names a field, never what is in it."""


@dataclass(frozen=True)
class Body:
    """Fields of a body as text (or whatever JSON held), and the format, in which the reply has to be too."""

    fields: Mapping[str, Any]
    json: bool


@dataclass(frozen=True)
class Push:
    """From a customer (`openid`) to an account (`account`: its gh_ name); `created` in seconds since 1970.

    `key` is the same for a push and its repetitions, and for nothing else.
    """

    openid: str
    account: str
    created: int
    key: str


@dataclass(frozen=True)
class Text(Push):
    """Typed words, or a tap on an entry of our menu message: then `menu_id` is ours and `content` to be ignored."""

    content: str
    menu_id: str | None


@dataclass(frozen=True)
class Voice(Push):
    """Spoken words; `recognition` is what WeChat heard, None where the account has that switched off."""

    recognition: str | None


@dataclass(frozen=True)
class Image(Push):
    """A picture."""


@dataclass(frozen=True)
class Video(Push):
    """A video, long or short."""


@dataclass(frozen=True)
class Location(Push):
    """A place the customer sent."""


@dataclass(frozen=True)
class Link(Push):
    """A shared page."""


@dataclass(frozen=True)
class File(Push):
    """A file."""


@dataclass(frozen=True)
class Unknown(Push):
    """A kind of message or event that WeChat has invented since; `kind` in lower case."""

    kind: str


@dataclass(frozen=True)
class Subscribe(Push):
    """Began to follow; `scene` of the QR code that led here."""

    scene: str | None


@dataclass(frozen=True)
class Unsubscribe(Push):
    """Follows no more: nothing can be sent."""


@dataclass(frozen=True)
class Scan(Push):
    """A follower scanned the QR code of a scene."""

    scene: str


@dataclass(frozen=True)
class Click(Push):
    """Tapped the entry of the account's menu that has this key."""

    menu_key: str


@dataclass(frozen=True)
class View(Push):
    """Opened a page from the account's menu."""


@dataclass(frozen=True)
class Whereabouts(Push):
    """The app reported where it is; nobody asked."""


@dataclass(frozen=True)
class TemplateResult(Push):
    """What became of a template message: its id, and "success" or "failed: ..."."""

    message_id: str
    status: str


@dataclass(frozen=True)
class AgentSession(Push):
    """WeChat's own desk: `change` is create, close or switch; `agent` holds the customer now (close: held)."""

    change: str
    agent: str


@dataclass(frozen=True)
class EnterSession(Push):
    """Opened the customer service of a mini-program."""


@dataclass(frozen=True)
class Doorbell:
    """WeCom 微信客服 has messages to fetch for the desk `desk`, with `token` for the next ten minutes."""

    desk: str
    token: str


def read_body(body: bytes) -> Body:
    """Read the body of a push, encrypted or not. Raises Unreadable."""
    if len(body) > LARGEST_BODY:
        raise Unreadable("body too large")
    try:
        text = body.decode("utf-8-sig").strip()
        as_json = text.startswith("{")
        fields = json.loads(text) if as_json else xmltodict.parse(text)["xml"]
    except (ValueError, KeyError, TypeError, RecursionError, ExpatError):
        raise Unreadable("neither XML nor JSON of WeChat") from None
    if not isinstance(fields, dict):
        raise Unreadable("no fields")
    return Body(fields, as_json)


def understand(fields: Mapping[str, Any]) -> Push | Doorbell:
    """Find out what a (decrypted) push says. Raises Unreadable."""
    kind = _text(fields, "MsgType").lower()
    if kind == "event":
        return _event(_text(fields, "Event").lower(), fields)
    sent = _sent(fields, *_message_identity(fields))
    if kind == "text":
        return Text(*sent, _text(fields, "Content"), _text(fields, "bizmsgmenuid") or None)
    if kind == "voice":
        return Voice(*sent, _text(fields, "Recognition") or None)
    return _BARE_MESSAGES[kind](*sent) if kind in _BARE_MESSAGES else Unknown(*sent, kind)


def _event(event: str, fields: Mapping[str, Any]) -> Push | Doorbell:
    if event == "kf_msg_or_event":
        return Doorbell(_needed(fields, "OpenKfId"), _needed(fields, "Token"))
    key, message_id = _text(fields, "EventKey"), _text(fields, "MsgID") or _text(fields, "MsgId")
    sent = _sent(fields, _text(fields, "CreateTime"), event, key, message_id)
    if event == "subscribe":
        return Subscribe(*sent, key[len(_QR) :] if key.startswith(_QR) else None)
    if event == "scan":
        return Scan(*sent, key)
    if event == "click":
        return Click(*sent, key)
    if event == "templatesendjobfinish":
        return TemplateResult(*sent, message_id, _text(fields, "Status"))
    if event in _AGENT_EVENTS:
        agent = _text(fields, "ToKfAccount" if event == "kf_switch_session" else "KfAccount")
        return AgentSession(*sent, _AGENT_EVENTS[event], agent)
    return _BARE_EVENTS[event](*sent) if event in _BARE_EVENTS else Unknown(*sent, event)


_BARE_MESSAGES: Mapping[str, type[Push]] = {
    "image": Image,
    "video": Video,
    "shortvideo": Video,
    "location": Location,
    "link": Link,
    "file": File,
}
_BARE_EVENTS: Mapping[str, type[Push]] = {
    "unsubscribe": Unsubscribe,
    "view": View,
    "location": Whereabouts,
    "user_enter_tempsession": EnterSession,
}
_AGENT_EVENTS = {f"kf_{change}_session": change for change in ("create", "close", "switch")}


def _sent(fields: Mapping[str, Any], *identity: str) -> tuple[str, str, int, str]:
    """Openid, account, time and key. The key is a digest: ids are of any length and hold any character."""
    openid, account = _needed(fields, "FromUserName"), _needed(fields, "ToUserName")
    if not _ID.fullmatch(openid) or not _ID.fullmatch(account):
        raise Unreadable("FromUserName or ToUserName is no id")
    created = _needed(fields, "CreateTime")
    if not _SECONDS.fullmatch(created):
        raise Unreadable("CreateTime is no time")
    parts = json.dumps([account, openid, *identity])
    return openid, account, int(created), hashlib.sha256(parts.encode()).hexdigest()[:32]


def _message_identity(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The MsgId; without one, all that the message holds."""
    message_id = _text(fields, "MsgId")
    if message_id:
        return (message_id,)
    return tuple(f"{name}={value}" for name, value in sorted(fields.items()) if isinstance(value, (str, int)))


def _needed(fields: Mapping[str, Any], name: str) -> str:
    text = _text(fields, name)
    if not text:
        raise Unreadable(f"no {name}")
    return text


def _text(fields: Mapping[str, Any], name: str) -> str:
    """A field as text, "" when it is absent; JSON gives numbers for ids and times."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unreadable(f"{name} is not a text")
    return printable(str(value))
