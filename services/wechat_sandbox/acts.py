"""What a follower does, as the fields Tencent pushes for it, as the phone shows it and as the quota counts it."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from services.wechat_sandbox.accounts import Account, Customer
from services.wechat_sandbox.errors import ControlError
from services.wechat_sandbox.wire import Fields

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR42mMwSZyAFTEMLQkA9PtNgSGvvAkAAAAASUVORK5CYII="
)
_VOICE = b"#!AMR\n" + bytes(range(64))
_VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
_DATA: dict[str, bytes] = {"image": PICTURE, "voice": _VOICE, "video": _VIDEO, "shortvideo": _VIDEO}
KINDS = ("text", "image", "voice", "video", "shortvideo", "location", "link", "file")
_ANSWERED_EVENTS = ("subscribe", "SCAN", "CLICK", "user_enter_tempsession")


@dataclass(frozen=True)
class Act:
    """`fields` as pushed; `shows` is the follower's own bubble (kind, text, data) or None; `grants` of quota.GRANTS.

    `answered`: the follower waits for an answer, so a failure is shown on his phone.
    """

    fields: Fields
    shows: tuple[str, str, dict[str, Any]] | None = None
    grants: str | None = None
    answered: bool = True

    @property
    def key(self) -> str:
        """What a receiver de-duplicates on."""
        given = self.fields
        if "MsgId" in given:
            return str(given["MsgId"])
        return "|".join(
            str(given.get(name, "")) for name in ("FromUserName", "CreateTime", "Event", "EventKey", "Token")
        )


@dataclass(frozen=True)
class Content:
    """Parameters of what is sent; only those of its kind count."""

    text: str = ""
    menu_id: str | None = None
    recognition: str | None = None
    message_id: str | None = None
    extra: Fields = field(default_factory=dict)


def message(account: Account, customer: Customer, kind: str, content: Content) -> Act:
    """A message of one of KINDS. Raises WeChatError for data that is no such file."""
    own = {**_BUILDERS.get(kind, _media)(account, kind, content), **content.extra}
    fields = _envelope(account, customer, kind) | own
    fields["MsgId"] = content.message_id or account.new_message_id()
    if content.menu_id is not None:
        fields["bizmsgmenuid"] = content.menu_id
    text = content.text if kind == "text" else content.recognition or ""
    grants = "menu" if content.menu_id is not None else "message"
    return Act(fields, (kind, text, {} if kind == "text" else own), grants)


def event(account: Account, customer: Customer, name: str, extra: Fields) -> Act:
    """An event; `extra` are its own fields (EventKey, Ticket, Latitude, KfAccount ...)."""
    fields = _envelope(account, customer, "event") | {"Event": name} | _DEFAULTS.get(name, {}) | extra
    fields = {key: value for key, value in fields.items() if value is not None}
    grants = {"subscribe": "subscribe", "SCAN": "scan", "CLICK": "menu", "user_enter_tempsession": "enter"}.get(name)
    return Act(fields, None, grants, answered=name in _ANSWERED_EVENTS)


def menu_press(account: Account, customer: Customer, name: str) -> Act:
    """A press on an item of the account's menu. Raises ControlError 404 when the menu has no such item."""
    for button in menu_items(account):
        if button["name"] == name:
            if button["type"] == "view":
                return event(account, customer, "VIEW", {"EventKey": button["url"]})
            return event(account, customer, "CLICK", {"EventKey": button["key"]})
    raise ControlError(404, f"the menu has no item {name}")


def menu_items(account: Account) -> list[dict[str, Any]]:
    """The items that do something, without those that only hold others."""
    top = (account.menu or {}).get("button", [])
    return [item for button in top for item in (button.get("sub_button") or [button])]


def _envelope(account: Account, customer: Customer, kind: str) -> Fields:
    return {
        "ToUserName": account.setup.original_id,
        "FromUserName": customer.openid,
        "CreateTime": int(account.clock.now()),
        "MsgType": kind,
    }


def _media(account: Account, kind: str, content: Content) -> Fields:
    stored = "video" if kind == "shortvideo" else kind
    medium = account.library.add(stored, _DATA[kind])
    return {"MediaId": medium.media_id, **({"ThumbMediaId": secrets.token_urlsafe(48)} if stored == "video" else {})}


def _text(account: Account, kind: str, content: Content) -> Fields:
    return {"Content": content.text}


def _image(account: Account, kind: str, content: Content) -> Fields:
    fields = _media(account, kind, content)
    return {"PicUrl": f"{account.base_url}/pictures/{account.setup.app_id}/{fields['MediaId']}", **fields}


def _voice(account: Account, kind: str, content: Content) -> Fields:
    """`Recognition` is there when it is switched on in the console; it may be empty."""
    recognised = {} if content.recognition is None else {"Recognition": content.recognition}
    return {**_media(account, kind, content), "Format": "amr", **recognised}


def _location(account: Account, kind: str, content: Content) -> Fields:
    return {"Location_X": "31.230416", "Location_Y": "121.473701", "Scale": 15, "Label": content.text or "上海市黄浦区"}


def _link(account: Account, kind: str, content: Content) -> Fields:
    return {"Title": content.text or "公告", "Description": "网页", "Url": "https://example.com/notice"}


def _file(account: Account, kind: str, content: Content) -> Fields:
    return {
        "Title": content.text or "流水.pdf",
        "Description": "",
        "FileKey": secrets.token_hex(32),
        "FileMd5": secrets.token_hex(16),
        "FileTotalLen": 20480,
    }


_BUILDERS = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "location": _location,
    "link": _link,
    "file": _file,
}
_DEFAULTS: dict[str, Fields] = {
    "subscribe": {"EventKey": ""},
    "unsubscribe": {"EventKey": ""},
    "SCAN": {"EventKey": "1", "Ticket": "TICKET"},
    "CLICK": {"EventKey": ""},
    "VIEW": {"EventKey": ""},
    "LOCATION": {"Latitude": "31.230416", "Longitude": "121.473701", "Precision": "65.000000"},
    "TEMPLATESENDJOBFINISH": {"MsgID": 1, "Status": "success"},
    "kf_create_session": {"KfAccount": "desk@bank"},
    "kf_close_session": {"KfAccount": "desk@bank", "CloseType": "KF"},
    "kf_switch_session": {"FromKfAccount": "desk@bank", "ToKfAccount": "other@bank"},
    "user_enter_tempsession": {"SessionFrom": "sessionFrom"},
}
