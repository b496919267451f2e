"""A page that does not keep to the rules: the channel's HTTP and socket by hand, with any cookie and any Origin."""

import re
import secrets
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
import socketio

WAIT = 30.0  # seconds
COOKIE = "zhanggui_chat"


class RawPage:
    """One cookie and, once connected, one socket; a context manager that leaves no connection behind."""

    def __init__(self, url: str, cookie: str | None = None, origin: str | None = None) -> None:
        self.url, self.origin = url, origin or url
        self.http = requests.Session()
        self.http.trust_env = False
        if cookie is not None:
            self.http.cookies.set(COOKIE, cookie, path="/chat")
        self.socket: socketio.Client | None = None
        self.events: list[tuple[str, Any]] = []
        self._news = threading.Condition()

    @property
    def cookie(self) -> str:
        """Value of the cookie that the channel gave."""
        return next((str(cookie.value) for cookie in self.http.cookies if cookie.name == COOKIE), "")

    def post(self, path: str, body: object = None, **options: Any) -> requests.Response:
        """POST as the page does."""
        headers = {"Origin": self.origin, **options.pop("headers", {})}
        return self.http.post(f"{self.url}/chat/{path}", json=body or {}, headers=headers, timeout=WAIT, **options)

    def session(self) -> dict[str, Any]:
        """POST /chat/session."""
        return dict(self.post("session").json())

    def connect(self, after: int = 0) -> dict[str, Any]:
        """Connect, and agree where that was not done; the welcome. Raises socketio's ConnectionError when refused."""
        self.socket = socketio.Client(reconnection=False, websocket_extra_options={"origin": self.origin})
        for event in ("welcome", "item", "spent", "typing", "slow", "turn", "signed_out", "rotated"):
            self.socket.on(event, self._hearing(event))
        headers = {"Cookie": f"{COOKIE}={self.cookie}"}
        self.socket.connect(
            self.url, headers=headers, auth={"after": after, "lang": "zh"}, socketio_path="/chat/socket.io",
            transports=["websocket"], wait_timeout=WAIT,
        )  # fmt: skip
        welcome = dict(self.heard("welcome"))
        if not welcome["consent"]:
            assert self.call("consent", {"version": self.session()["consent_version"]}) == {"ok": True}
        return welcome

    def _hearing(self, event: str) -> Callable[[Any], None]:
        def hear(data: Any) -> None:
            with self._news:
                self.events.append((event, data))
                self._news.notify_all()

        return hear

    def heard(self, event: str, fits: Callable[[Any], bool] = lambda data: True) -> Any:
        """Data of the first such event, when it comes."""

        def found() -> list[Any]:
            return [data for name, data in self.events if name == event and fits(data)]

        with self._news:
            assert self._news.wait_for(found, WAIT), f"no {event} among {self.events}"
            return found()[0]

    def call(self, event: str, data: object) -> Any:
        """Send an event; its acknowledgement."""
        assert self.socket is not None
        return self.socket.call(event, data, timeout=WAIT)

    def say(self, text: str, message: str | None = None) -> list[dict[str, Any]]:
        """Say something; the items that answer."""
        message = message or secrets.token_hex(8)
        assert self.call("say", {"id": message, "text": text}) == {"ok": True}
        return self.answers(message)

    def press(self, button: str, message: str | None = None) -> list[dict[str, Any]]:
        """Press a button by its id; the items that answer."""
        message = message or secrets.token_hex(8)
        assert self.call("press", {"id": message, "button": button}) == {"ok": True}
        return self.answers(message)

    def answers(self, message: str) -> list[dict[str, Any]]:
        """Items that answer a message, when its turn is over."""
        self.heard("turn", lambda data: data["reply_to"] == message)
        return [data for name, data in self.events if name == "item" and data["reply_to"] == message]

    def sign_in(self, world: str, login: str) -> dict[str, Any]:
        """As a customer, by the bank's sign-in page; then connect. Returns the welcome."""
        token = bank_token(self.session()["sign_in_url"], world, login)
        answer = self.post("sign-in", {"token": token})
        assert answer.status_code == 200, answer.text
        return self.connect()

    def __enter__(self) -> "RawPage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.socket is not None:
            self.socket.disconnect()
        self.http.close()


def bank_token(sign_in_url: str, world: str, login: str, **changed: str) -> str:
    """What the bank's sign-in page gives a demo customer who follows a sign-in address, `changed` or not."""
    parts = urlsplit(sign_in_url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"world": world} | changed
    url = parts._replace(query=urlencode(query)).geturl()
    with requests.Session() as http:
        http.trust_env = False
        nonce = re.search('name="nonce" value="([^"]+)"', http.get(url, timeout=WAIT).text)
        assert nonce is not None
        answer = http.post(url, {"nonce": nonce[1], "demo": login}, timeout=WAIT, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("#token=")[2]
