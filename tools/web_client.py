"""Client of the web channel (addons/channels/web.py) for conversation tests: LocalClient's methods over the socket."""

import html
import re
import threading
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import requests
import socketio

from tools.local_client import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    Button,
    ChannelRefused,
    LocalChannelDown,
    Message,
    Reply,
)

_NONCE = re.compile(r'name="nonce" value="([^"]*)"')
_CARRIED = ("image", "attachment", "custom")


class _Turn:
    """A message on its way: its items so far, and its end."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.end: dict[str, Any] = {}
        self.over = threading.Event()


class WebClient:
    """One browser tab. Methods raise LocalChannelDown and ChannelRefused; several threads may call `say`."""

    def __init__(self, rasa_url: str, timeout: float = ANSWER_SECONDS) -> None:
        self._origin, self._timeout = rasa_url.rstrip("/"), timeout
        self._http = requests.Session()
        self._http.trust_env = False  # a proxy of the machine has no business on loopback
        self._socket: socketio.Client | None = None
        self._welcomed = threading.Event()
        self._turns: dict[str, _Turn] = {}
        # What came by itself, or after its turn was over: told with the next answer, as the local channel does.
        self._unasked: list[dict[str, Any]] = []
        self.customer: dict[str, Any] | None = None

    def health(self) -> None:
        """Return when the channel answers."""
        self._post("/session")

    def open(self, login: str | None = None, password: str = "demo", world: str | None = None) -> None:
        """Open the page, sign in through the bank's page if there is a login, agree to the privacy notice."""
        session = self._post("/session")
        if login:
            token = sign_in_token(self._request, session["sign_in_url"], login, password, world)
            self.customer = self._post("/sign-in", {"token": token})["customer"]
        self._connect()
        self._call("consent", {"version": session["consent_version"]})

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Send a text, wait for the end of its turn; the same message id twice is one message."""
        return self._send("say", {"id": message_id or uuid.uuid4().hex, "text": text})

    def press(self, button: str) -> Reply:
        """Press a button by its id; a spent one is answered by the bot."""
        return self._send("press", {"id": uuid.uuid4().hex, "button": button})

    def close(self) -> None:
        """Sign out and close the tab."""
        if self._socket is not None:
            self._socket.disconnect()
            self._socket = None
        self._post("/sign-out")

    def _connect(self) -> None:
        # Not the HTTP session itself: the socket's threads would use it at the same time.
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._http.cookies if cookie.path == "/chat")
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("welcome", lambda welcome: self._welcomed.set())
        self._socket.on("item", self._item)
        self._socket.on("turn", self._turn)
        try:
            self._socket.connect(  # websocket-client sets the Origin header itself
                self._origin,
                headers={"Cookie": cookie},
                auth={"after": 0, "lang": "zh"},
                transports=["websocket"],
                socketio_path="/chat/socket.io",
                wait_timeout=int(CONNECT_SECONDS) + 2,
            )
        except socketio.exceptions.ConnectionError as error:
            raise LocalChannelDown(f"{self._origin}/chat/socket.io: {error}") from error
        if not self._welcomed.wait(self._timeout):
            raise LocalChannelDown(f"{self._origin}/chat/socket.io: no welcome within {self._timeout:.0f} s")

    def _item(self, item: dict[str, Any]) -> None:
        if item["from"] == "customer":
            return
        turn = self._turns.get(item["reply_to"])
        (turn.items if turn is not None else self._unasked).append(item)

    def _turn(self, end: dict[str, Any]) -> None:
        turn = self._turns.get(end["reply_to"])
        if turn is not None:
            turn.end = end
            turn.over.set()

    def _send(self, event: str, data: dict[str, str]) -> Reply:
        turn = self._turns.setdefault(data["id"], _Turn())
        try:
            self._call(event, data)
            if not turn.over.wait(self._timeout):
                raise LocalChannelDown(f"{self._origin}/chat: no end of the turn within {self._timeout:.0f} s")
        except ChannelRefused as refused:
            if refused.code not in ("busy", "rate_limited"):
                raise
            return Reply((Message(refused.message, (), {}),))
        finally:
            self._turns.pop(data["id"], None)
        unasked, self._unasked = self._unasked, []
        messages = tuple(_message(item) for item in [*unasked, *turn.items])
        return Reply(messages, turn.end.get("reading"), turn.end.get("incident"))

    def _call(self, event: str, data: dict[str, str]) -> None:
        if self._socket is None:
            raise LocalChannelDown("the page is not open")
        try:
            reply = self._socket.call(event, data, timeout=self._timeout)
        except (socketio.exceptions.SocketIOError, OSError) as error:
            raise LocalChannelDown(f"{self._origin}/chat: {type(error).__name__} {error}") from error
        if not reply.get("ok"):
            raise ChannelRefused(0, str(reply.get("code")), str(reply.get("message", "")))

    def _post(self, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        response = self._request(
            "POST", f"{self._origin}/chat{path}", json=body or {}, headers={"Origin": self._origin}
        )
        if response.status_code == 204:
            return {}
        try:
            answer = response.json()
            if response.ok:
                return dict(answer)
            error = answer["error"]
        except (ValueError, TypeError, KeyError):
            error = {"code": "not_the_web_channel", "message": f"{response.url} is not the web channel"}
        raise ChannelRefused(response.status_code, str(error["code"]), str(error["message"]))

    def _request(self, method: str, url: str, **content: Any) -> requests.Response:
        timeout = (CONNECT_SECONDS, self._timeout)
        try:
            return self._http.request(method, url, timeout=timeout, allow_redirects=False, **content)
        except requests.RequestException as error:
            raise LocalChannelDown(f"{url.partition('?')[0]}: {type(error).__name__}") from error


def sign_in_token(
    request: Callable[..., requests.Response], url: str, login: str, password: str = "demo", world: str | None = None
) -> str:
    """The token that the bank's sign-in page sends the browser back with. Raises ChannelRefused.

    `request(method, url, **content)` is the browser: it keeps cookies and follows no redirect.
    """
    page = f"{url}&{urlencode({'world': world})}" if world else url
    nonce = _NONCE.search(request("GET", page).text)
    if nonce is None:
        raise ChannelRefused(200, "not_the_sign_in_page", f"{page.partition('?')[0]} is not the sign-in page")
    form = {"nonce": html.unescape(nonce[1]), "login": login, "password": password}
    answer = request("POST", page, data=form)
    _, found, token = answer.headers.get("Location", "").partition("#token=")
    if not found:
        raise ChannelRefused(answer.status_code, "not_signed_in", f"the sign-in page did not sign {login} in")
    return token


def _message(item: dict[str, Any]) -> Message:
    buttons = tuple(Button(button["title"], button.get("id"), button.get("url")) for button in item["buttons"])
    return Message(item["text"], buttons, {key: item[key] for key in _CARRIED if key in item})
