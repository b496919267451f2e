"""A customer who talks to the assistant over the WeChat stand-in: LocalClient's methods for conversation tests."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from tools.local_client import Button, ChannelRefused, LocalChannelDown, Message, Reply
from tools.web_client import sign_in_token
from tools.wechat_client import ANSWER_SECONDS, Phone, Shown, StandInDown, WeChatAccount, text_of

LINK = re.compile(r'<a href="([^"]+)">([^<]*)</a>')
_LISTED = re.compile(r"(?m)^(\d+)\. (.+)$")
_TEXTS = re.compile(r"<p[^>]*>(.*?)</p>", re.DOTALL)


class BindBrowser:
    """The browser in which a customer opens the link for binding. Raises ChannelRefused, LocalChannelDown."""

    def __init__(self, link: str) -> None:
        self._link, self._http = html.unescape(link), requests.Session()
        self._http.trust_env = False
        self.page = ""
        self._back = ""

    def sign_in(self, login: str, world: str | None = None) -> str:
        """Sign in at the bank's page and come back; what the page for binding says."""
        token = sign_in_token(self._request, self._link, login, world=world)
        self._back = unquote(re.findall(r"return=([^&]+)", self._link)[0])
        self._request("GET", self._back)
        return self.post(token=token)

    def post(self, origin: str | None = None, **fields: str) -> str:
        """Send the page's form; the words of the page that comes."""
        parts = urlsplit(self._back)
        headers = {"Origin": origin or f"{parts.scheme}://{parts.netloc}"}
        self.page = self._request("POST", self._back, data=fields, headers=headers).text
        return html.unescape("\n".join(text for text in _TEXTS.findall(self.page) if text))

    def _request(self, method: str, url: str, **content: Any) -> requests.Response:
        try:
            return self._http.request(method, url, timeout=(3, 30), allow_redirects=False, **content)
        except requests.RequestException as error:
            raise LocalChannelDown(f"{url.partition('?')[0]}: {type(error).__name__}") from error


def bind(phone: Phone, login: str, world: str | None, sent_code: Callable[[], str]) -> list[Shown]:
    """Bind a follower to a customer; what the account says then. `sent_code()`: from the customer's text message."""
    links = [url for shown in phone.ask("绑定") for url in _links(shown)]
    if not links:
        raise ChannelRefused(200, "no_link", "no link for binding came")
    BindBrowser(links[0]).sign_in(login, world)
    shown = phone.ask(sent_code())
    if "绑定成功" not in text_of(shown):
        raise ChannelRefused(400, "not_bound", text_of(shown))
    return shown


class WeChatClient:
    """One follower. Methods raise LocalChannelDown and ChannelRefused."""

    def __init__(self, account: WeChatAccount, sent_code: Callable[[], str], timeout: float = ANSWER_SECONDS) -> None:
        self._account, self._sent_code, self._timeout = account, sent_code, timeout
        self._phone: Phone | None = None

    def open(self, login: str | None = None, password: str = "demo", world: str | None = None) -> None:
        """Follow the account; with a login, bind the WeChat to that customer."""
        try:
            self._phone = self._account.follower()
            if login:
                bind(self._phone, login, world, self._sent_code)
        except StandInDown as error:
            raise LocalChannelDown(str(error)) from error

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Type a text."""
        return self._answered(lambda phone: phone.ask(text, message_id=message_id))

    def press(self, button: str) -> Reply:
        """Touch a choice of a menu by its label, or type its number of a list."""
        return self._answered(lambda phone: phone.ask(button) if button.isdigit() else phone.pick(button))

    def close(self) -> None:
        """Follow the account no more."""
        assert self._phone is not None, "open() comes first"
        try:
            self._phone.event("unsubscribe")
        except StandInDown as error:
            raise LocalChannelDown(str(error)) from error

    def _answered(self, do: Callable[[Phone], list[Shown]]) -> Reply:
        assert self._phone is not None, "open() comes first"
        try:
            return Reply(tuple(map(_message, do(self._phone))))
        except StandInDown as error:
            raise LocalChannelDown(str(error)) from error


def _links(shown: Shown) -> list[str]:
    """Addresses in a text, and of a menu's entries (WeCom)."""
    entries = [str(choice["url"]) for choice in shown.data.get("list", []) if choice.get("url")]
    return entries + [url for url, _ in LINK.findall(shown.text)]


def _message(shown: Shown) -> Message:
    """A menu's choices and a list's lines are buttons, told apart as the customer would."""
    listed = [Button(title, id=number) for number, title in _LISTED.findall(shown.text)]
    links = [Button(title, url=html.unescape(url)) for url, title in LINK.findall(shown.text)]
    chosen = [Button(label, id=label) for label in shown.choices]
    carried = {"image": shown.data["picurl"]} if shown.data.get("picurl") else {}
    return Message(shown.text, (*chosen, *(listed if not chosen else ()), *links), carried)
