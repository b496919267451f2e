"""Strict reading of passive replies: what a real phone would not show is a named problem here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.wechat_sandbox.accounts import Account
from services.wechat_sandbox.errors import WeChatError
from services.wechat_sandbox.wire import Fields

LONGEST_TEXT = 2048
"""Bytes in UTF-8 of one text, passive or pushed, with its markup."""


class BadReply(Exception):
    """A reply that WeChat would answer with its failure notice; the text says what is wrong with it."""


@dataclass(frozen=True)
class Reply:
    kind: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def read(account: Account, openid: str, fields: Fields) -> Reply:
    """Raises BadReply."""
    _check_envelope(account, openid, fields)
    kind = fields.get("MsgType")
    if kind == "transfer_customer_service":
        kf_account = _child(fields, "TransInfo").get("KfAccount") if "TransInfo" in fields else None
        return Reply("transfer", data={"kf_account": kf_account})
    if not isinstance(kind, str) or kind not in _READERS:
        raise BadReply(f"MsgType {kind!r} is not one of a passive reply")
    if account.setup.kind != "official":
        raise BadReply(f"a {account.setup.kind} account may only answer success or transfer_customer_service")
    return _READERS[kind](account, fields)


def _check_envelope(account: Account, openid: str, fields: Fields) -> None:
    if fields.get("ToUserName") != openid:
        raise BadReply("ToUserName must be the follower's openid")
    if fields.get("FromUserName") != account.setup.original_id:
        raise BadReply("FromUserName must be the account's original id")
    created = str(fields.get("CreateTime", ""))
    if not (created.isascii() and created.isdigit()):
        raise BadReply("CreateTime must be an integer")


def _read_text(account: Account, fields: Fields) -> Reply:
    text = fields.get("Content")
    if not isinstance(text, str) or not text.strip():
        raise BadReply("Content is missing or empty")
    if len(text.encode()) > LONGEST_TEXT:
        raise BadReply(f"Content has {len(text.encode())} bytes, over {LONGEST_TEXT}")
    return Reply("text", text)


def _read_medium(name: str, kind: str) -> Callable[[Account, Fields], Reply]:
    def reader(account: Account, fields: Fields) -> Reply:
        found = _child(fields, name)
        try:
            account.library.find(found.get("MediaId"), kind)
        except WeChatError:
            raise BadReply(f"{name}.MediaId is not an uploaded {kind}") from None
        return Reply(kind, data=found)

    return reader


def _read_music(account: Account, fields: Fields) -> Reply:
    return Reply("music", data=_child(fields, "Music"))


def _read_news(account: Account, fields: Fields) -> Reply:
    articles = fields.get("Articles")
    if str(fields.get("ArticleCount")) != "1" or not isinstance(articles, list) or len(articles) != 1:
        raise BadReply("news must have ArticleCount 1 and one item in Articles")
    article = articles[0]
    if not isinstance(article, dict) or not isinstance(article.get("Title"), str) or not article["Title"]:
        raise BadReply("an article needs a Title")
    for name in ("Url", "PicUrl"):
        if article.get(name) and not str(article[name]).startswith(("http://", "https://")):
            raise BadReply(f"{name} of an article must be an http(s) address")
    names = (("title", "Title"), ("description", "Description"), ("url", "Url"), ("picurl", "PicUrl"))
    return Reply("news", article["Title"], {short: str(article.get(long) or "") for short, long in names})


def _child(fields: Fields, name: str) -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise BadReply(f"{name} is missing or has no elements")
    return value


_READERS: dict[str, Callable[[Account, Fields], Reply]] = {
    "text": _read_text,
    "image": _read_medium("Image", "image"),
    "voice": _read_medium("Voice", "voice"),
    "video": _read_medium("Video", "video"),
    "music": _read_music,
    "news": _read_news,
}
