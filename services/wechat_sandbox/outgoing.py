"""Messages that callers push, checked field by field before a phone shows them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.wechat_sandbox.accounts import Account
from services.wechat_sandbox.errors import WeChatError
from services.wechat_sandbox.replies import LONGEST_TEXT

_TYPES = {
    "official": {"text", "image", "voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard"}
    | {"miniprogrampage"},
    "mini_program": {"text", "image", "link", "miniprogrampage"},
    "wecom": {"text", "image", "voice", "video", "file", "link", "miniprogram", "msgmenu", "location"},
}


_WORK_HEAD, _WORK_LABEL, _WORK_CHOICES = 1024, 128, 10  # of a msgmenu of WeCom: bytes, bytes, items


@dataclass(frozen=True)
class Outgoing:
    kind: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def read(account: Account, given: dict[str, Any]) -> Outgoing:
    """Raises WeChatError 40008 for a type the account cannot send, and the code of whatever field is wrong."""
    kind = given.get("msgtype")
    if not isinstance(kind, str) or kind not in _TYPES[account.setup.kind]:
        raise WeChatError(40008, f"msgtype {kind!r}")
    content = given.get(kind)
    if not isinstance(content, dict):
        raise WeChatError(47001, f"{kind} is missing")
    return _READERS.get(kind, _read_other)(account, kind, content)


def _read_text(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    return Outgoing(kind, _sized(_text(content, "content")))


def _read_medium(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    account.library.find(content.get("media_id"), kind)
    if kind == "video":
        account.library.find(content.get("thumb_media_id"), "thumb")
    return Outgoing(kind, data=content)


def _read_news(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    articles = content.get("articles")
    if not isinstance(articles, list) or not articles:
        raise WeChatError(44003)
    if len(articles) != 1:
        raise WeChatError(45008)
    article = articles[0]
    if not isinstance(article, dict):
        raise WeChatError(47001)
    title = _text(article, "title")
    for name in ("url", "picurl"):
        _address(article.get(name, ""))
    return Outgoing(kind, title, article)


def _read_menu(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    """`head_content`, `list` of `id` and `content` (WeCom: of `type` and an object of that name), `tail_content`."""
    choices = content.get("list")
    if not isinstance(choices, list) or not choices:
        raise WeChatError(47003, "list is empty")
    shown = [_choice(account, choice) for choice in choices]
    ids = [choice["id"] for choice in shown if choice["id"]]
    if len(set(ids)) != len(ids):
        raise WeChatError(47003, "an id occurs twice")
    head, tail = (content.get(name, "") for name in ("head_content", "tail_content"))
    if not isinstance(head, str) or not isinstance(tail, str):
        raise WeChatError(47001)
    if account.setup.kind == "wecom":
        if len(choices) > _WORK_CHOICES:
            raise WeChatError(40058, f"more than {_WORK_CHOICES} items")
        for words in (head, tail):
            _sized(words, _WORK_HEAD)
    else:
        _sized("\n".join([head, *(choice["content"] for choice in shown), tail]))
    return Outgoing(kind, head, {"head_content": head, "list": shown, "tail_content": tail})


def _choice(account: Account, choice: object) -> dict[str, str]:
    if not isinstance(choice, dict):
        raise WeChatError(47001)
    if account.setup.kind != "wecom":
        return {"id": _text(choice, "id"), "content": _text(choice, "content")}
    inner = choice.get(str(choice.get("type")))
    if choice.get("type") not in ("click", "view", "text") or not isinstance(inner, dict):
        raise WeChatError(40058, "an item of list")
    if choice["type"] == "view":
        _address(_text(inner, "url"))
    else:
        _sized(str(inner.get("content", "")), _WORK_LABEL)
    return {"id": str(inner.get("id", "")), "url": str(inner.get("url", "")), "content": _text(inner, "content")}


def _read_link(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    _address(_text(content, "url"))
    return Outgoing(kind, _text(content, "title"), content)


def _read_page(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    for name in ("pagepath", "thumb_media_id") if kind == "miniprogrampage" else ("appid", "pagepath"):
        _text(content, name)
    account.library.find(content.get("thumb_media_id"))
    return Outgoing(kind, _text(content, "title"), content)


def _read_other(account: Account, kind: str, content: dict[str, Any]) -> Outgoing:
    """Types of which nothing can be checked here, because they name things that live elsewhere."""
    if not content:
        raise WeChatError(47001)
    return Outgoing(kind, data=content)


def _text(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str):
        raise WeChatError(47001, f"{name} must be a string")
    if not value.strip():
        raise WeChatError(44004, name)
    return value


def _sized(text: str, longest: int = LONGEST_TEXT) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > longest:
        raise WeChatError(45002)
    return text


def _address(url: object) -> None:
    if url and not str(url).startswith(("http://", "https://")):
        raise WeChatError(40054)


_READERS: dict[str, Callable[[Account, str, dict[str, Any]], Outgoing]] = {
    "text": _read_text,
    "image": _read_medium,
    "voice": _read_medium,
    "video": _read_medium,
    "news": _read_news,
    "msgmenu": _read_menu,
    "link": _read_link,
    "miniprogrampage": _read_page,
    "miniprogram": _read_page,
}
