"""A message as WeCom 微信客服 takes it: texts, and menus whose entries are answers or links."""

import re
from typing import Any

from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_menu import Menu, MenuSize
from addons.channels.wechat_reply import NewsReply
from addons.channels.wechat_text import printable, size

MENU = MenuSize(words=1024, label=128, entries=10)
_LINK = re.compile(r'<a href="(?P<url>[^"<>]+)">(?P<label>[^<]*)</a>')
_LONGEST_URL = 2048
_EMPTY_LINES = re.compile(r"\n{3,}")

_Entry = dict[str, Any]


def content(message: Pushed) -> dict[str, Any]:
    """`msgtype` and what belongs to it.

    Customers see the markup of a link as it is: links become entries of a menu, or lines with the address when there is
    no room for them.
    """
    assert not isinstance(message, NewsReply), "articles are off for WeCom"
    text = printable(message.head if isinstance(message, Menu) else message.content)
    clicks: list[_Entry] = []
    if isinstance(message, Menu):
        clicks = [{"type": "click", "click": {"id": entry, "content": label}} for entry, label in message.entries]
    links = [_view(link["url"], link["label"]) for link in _LINK.finditer(text) if size(link["url"]) <= _LONGEST_URL]
    words = _EMPTY_LINES.sub("\n\n", _LINK.sub("", text)).strip()
    if links and len(links) + len(clicks) <= MENU.entries and size(words) <= MENU.words:
        return _menu(words, [*links, *clicks])
    text = _LINK.sub(lambda link: f"{link['label']}：{link['url']}", text)
    return _menu(text, clicks) if clicks else {"msgtype": "text", "text": {"content": text}}


def _view(url: str, label: str) -> _Entry:
    return {"type": "view", "view": {"url": url, "content": label}}


def _menu(words: str, entries: list[_Entry]) -> dict[str, Any]:
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": words, "list": entries, "tail_content": ""}}
