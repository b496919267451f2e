"""Client of the local channel (addons/channels/local.py): terminal chat, conversation tests, benchmark."""

from dataclasses import dataclass
from typing import Any

import requests

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 40.0  # the channel itself gives up after 30


class LocalChannelDown(Exception):
    """Nothing answers there, or not in time."""


class ChannelRefused(Exception):
    """The channel answered with an error: `status`, `code` and a sentence for the customer or the developer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class Button:
    """A button that can be pressed (`id`) or opened (`url`)."""

    title: str
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """One bubble of the bot; `carried` is image, attachment or custom."""

    text: str
    buttons: tuple[Button, ...]
    carried: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """Answer to one message; `reading` is {intent, confidence, ranking, entities} or None."""

    messages: tuple[Message, ...]
    reading: dict[str, Any] | None = None
    incident: str | None = None

    @property
    def text(self) -> str:
        """All texts, a line each."""
        return "\n".join(message.text for message in self.messages if message.text)

    @property
    def buttons(self) -> list[Button]:
        """Buttons of all messages, in order."""
        return [button for message in self.messages for button in message.buttons]


class LocalClient:
    """One conversation over HTTP. Every method raises LocalChannelDown and ChannelRefused."""

    def __init__(self, rasa_url: str, timeout: float = ANSWER_SECONDS) -> None:
        self._base = rasa_url.rstrip("/") + "/webhooks/local"
        self._timeout = (CONNECT_SECONDS, timeout)
        self._headers: dict[str, str] = {}
        self.conversation = ""
        self.customer: dict[str, Any] | None = None

    def health(self) -> None:
        """Return when the channel answers."""
        self._call("GET", "/")

    def open(self, login: str | None = None, password: str = "demo", world: str | None = None) -> None:
        """Begin a conversation, signed in as a demo customer or, without a login, as a visitor."""
        signing_in = {"login": login, "password": password, "world": world} if login else {}
        opened = self._call(
            "POST", "/conversations", {key: value for key, value in signing_in.items() if value is not None}
        )
        self.conversation, self.customer = opened["conversation"], opened["customer"]
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Send a text; the same message id twice is one message."""
        return self._send({"text": text, **({"message_id": message_id} if message_id else {})})

    def press(self, button: str) -> Reply:
        """Press a button by its id; ChannelRefused with code button_expired when it is spent."""
        return self._send({"press": button})

    def close(self) -> None:
        """Sign out and end the conversation."""
        self._call("DELETE", "/conversations")
        self._headers = {}

    def _send(self, body: dict[str, str]) -> Reply:
        answer = self._call("POST", "/messages", body)
        messages = tuple(_message(message) for message in answer["messages"])
        return Reply(messages, answer.get("reading"), answer.get("incident"))

    def _call(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            with requests.Session() as http:
                http.trust_env = False  # a proxy of the machine has no business on loopback
                response = http.request(
                    method,
                    self._base + path,
                    json=body,
                    headers=self._headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise LocalChannelDown(f"{self._base}{path}: {type(error).__name__}") from error
        return _checked(response)


def _checked(response: requests.Response) -> dict[str, Any]:
    if response.status_code == 204:
        return {}
    try:
        body = response.json()
    except ValueError:
        body = None
    if response.ok and isinstance(body, dict):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        raise ChannelRefused(response.status_code, "not_the_local_channel", f"{response.url} is not the local channel")
    raise ChannelRefused(response.status_code, str(error.get("code")), str(error.get("message")))


def _message(body: dict[str, Any]) -> Message:
    buttons = tuple(Button(button["title"], button.get("id"), button.get("url")) for button in body["buttons"])
    return Message(body["text"], buttons, {key: value for key, value in body.items() if key not in ("text", "buttons")})
