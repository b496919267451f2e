"""What an account says: the messages both of WeChat's ways know, and the passive way, which answers the push itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_parse import Push
from addons.channels.wechat_text import LARGEST, printable, size

NOTHING = "success"  # WeChat shows nothing, does not ask again, and wants this word unencrypted


@dataclass(frozen=True)
class TextReply:
    """Words, at most 2048 bytes (wechat_text.merge). Raises ValueError for empty or longer ones."""

    content: str

    def __post_init__(self) -> None:
        if not 0 < size(printable(self.content)) <= LARGEST:
            raise ValueError(f"a text of WeChat has 1 to {LARGEST} bytes")


@dataclass(frozen=True)
class NewsReply:
    """One article: title, a line below, address of its picture, address it opens."""

    title: str
    description: str
    picture: str
    url: str


@dataclass(frozen=True)
class TransferReply:
    """Hands the customer to WeChat's own desk: to whoever is free, or to one agent only."""

    agent: str | None = None


Reply = TextReply | NewsReply | TransferReply
# Names and values of a reply; a nested mapping is an element with children.
_Fields = Mapping[str, "str | int | _Fields"]


def passive(reply: Reply, push: Push, now: int, as_json: bool) -> str:
    """The reply to a push in plaintext, in the account's format. `now`: seconds since 1970."""
    fields: _Fields = {"ToUserName": push.openid, "FromUserName": push.account, "CreateTime": now, **_content(reply)}
    return _written(fields, as_json)


def encrypted(text: str, crypto: PushCrypto, key: int, now: int, as_json: bool) -> str:
    """The same, sealed with the key that opened the push."""
    sealed = crypto.seal(text, key, now)
    fields: _Fields = {
        "Encrypt": sealed.encrypt,
        "MsgSignature": sealed.signature,
        "TimeStamp": int(sealed.timestamp),
        "Nonce": sealed.nonce,
    }
    return _written(fields, as_json)


def _content(reply: Reply) -> _Fields:
    if isinstance(reply, TextReply):
        return {"MsgType": "text", "Content": reply.content}
    if isinstance(reply, NewsReply):
        article = {"Title": reply.title, "Description": reply.description, "PicUrl": reply.picture, "Url": reply.url}
        return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": article}}
    return {
        "MsgType": "transfer_customer_service",
        **({"TransInfo": {"KfAccount": reply.agent}} if reply.agent else {}),
    }


def _written(fields: _Fields, as_json: bool) -> str:
    if as_json:
        return json.dumps(_cleaned(fields), ensure_ascii=False)
    return f"<xml>{''.join(_elements(fields))}</xml>"


def _cleaned(fields: _Fields) -> dict[str, object]:
    return {
        name: _cleaned(value) if isinstance(value, Mapping) else printable(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _elements(fields: _Fields) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            content = "".join(_elements(value))
        else:
            content = str(value) if isinstance(value, int) else _cdata(value)
        yield f"<{name}>{content}</{name}>"


def _cdata(text: str) -> str:
    """Text as WeChat's own examples write it; `]]>` would end it, so it is shared between two sections."""
    return f"<![CDATA[{printable(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
