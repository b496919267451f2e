"""Client of the WeChat stand-in (services/wechat_sandbox): what followers do, and what their phones show."""

import time
from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT = (3.0, 70.0)
ANSWER_SECONDS = 40.0
SETTLED_SECONDS = 0.4  # of silence after a push, in which a further one would have come
BOT = ("passive", "push", "template")


class StandInDown(Exception):
    """The stand-in does not answer as expected; the text says what it answered."""


@dataclass(frozen=True)
class Shown:
    """One thing on a phone; `how`: customer, passive, push, template, agent, error, notice. `data`: what is no text."""

    seq: int
    how: str
    kind: str
    text: str
    data: dict[str, Any]

    @property
    def choices(self) -> list[str]:
        """Labels of a menu message."""
        return [str(choice["content"]) for choice in self.data.get("list", [])]


class Tencent:
    """The stand-in's control routes. Every method, here and below, raises StandInDown."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._headers = url.rstrip("/"), {"Authorization": f"Bearer {token}"}

    def account(self, app_id: str) -> "WeChatAccount":
        """An account that is there."""
        return WeChatAccount(self, app_id)

    def create(self, **setup: Any) -> "WeChatAccount":
        """A new account; `setup` as the AccountBody of the control routes."""
        return self.account(str(self.call("POST", "", setup)["app_id"]))

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request below /control/accounts."""
        try:
            with requests.Session() as http:
                http.trust_env = False
                answer = http.request(
                    method, f"{self.url}/control/accounts{path}", json=body, headers=self._headers, timeout=TIMEOUT
                )
                found = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as error:
            raise StandInDown(f"WeChat stand-in {path}: {type(error).__name__}") from error
        if not answer.ok:
            raise StandInDown(f"WeChat stand-in {path}: {answer.status_code} {found}")
        return dict(found)


@dataclass(frozen=True)
class WeChatAccount:
    """An Official Account, mini-program or WeCom account at the stand-in."""

    tencent: Tencent
    app_id: str

    def call(self, method: str, path: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request about the account."""
        return self.tencent.call(method, f"/{self.app_id}{path}", body)

    def follower(self, nickname: str = "关注者") -> "Phone":
        """A new follower's phone."""
        return Phone(self, str(self.call("POST", "/customers", {"nickname": nickname})["openid"]))

    def fault(self, api: str, kind: str, **more: Any) -> None:
        """Let the next call of an API (message/custom/send, stable_token, *) go wrong."""
        self.call("POST", "/faults", {"api": api, "kind": kind, **more})

    def calls(self) -> dict[str, int]:
        """How often each API was called, and each errcode answered."""
        return dict(self.call("GET")["calls"])

    def deliveries(self, openid: str) -> list[dict[str, Any]]:
        """Pushes of a follower with their attempts."""
        return [found for found in self.call("GET", "/deliveries")["deliveries"] if found["openid"] == openid]


class Phone:
    """A follower's phone; `seen` is the number of the last thing that was looked at."""

    def __init__(self, account: WeChatAccount, openid: str) -> None:
        self.account, self.openid, self.seen = account, openid, 0

    def call(self, method: str, path: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request about the follower."""
        return self.account.call(method, f"/customers/{self.openid}{path}", body)

    def send(self, text: str = "", wait: bool = True, **more: Any) -> dict[str, Any]:
        """Send a message, of another `kind` with the fields of the control route; the delivery when it is awaited."""
        return self.call("POST", "/say", {"text": text, "wait": wait, **more})

    def event(self, name: str, wait: bool = True, **extra: Any) -> dict[str, Any]:
        """Let an event happen."""
        return self.call("POST", "/event", {"event": name, "wait": wait, "extra": extra})

    def choose(self, label: str, wait: bool = True) -> dict[str, Any]:
        """Touch a choice of a menu message."""
        return self.call("POST", "/press", {"choice": label, "wait": wait})

    def state(self) -> dict[str, Any]:
        """quota_left, typing, subscribed, desk, kf_state."""
        return self.call("GET")

    def shown(self, after: int = 0, wait: float = 0.0) -> list[Shown]:
        """What the phone shows after a number."""
        found = self.call("GET", f"?after={after}&wait={wait}")["shown"]
        return [Shown(item["seq"], item["how"], item["kind"], item["text"], item["data"]) for item in found]

    def news(self, wait: float = ANSWER_SECONDS) -> list[Shown]:
        """What came from the account since the last look, as soon as there is something and no more follows."""
        deadline = time.monotonic() + wait
        while not self._from_account() and time.monotonic() < deadline:
            self.shown(self._last(), wait=min(1.0, wait))
        found: list[Shown] = []
        while len(found) != len(self._from_account()):
            found = self._from_account()
            time.sleep(SETTLED_SECONDS)
        self.seen = self._last()
        return found

    def ask(self, text: str, **more: Any) -> list[Shown]:
        """Say something; what the account answers."""
        self.seen = self._last()
        self.send(text, **more)
        return self.news()

    def pick(self, label: str) -> list[Shown]:
        """Touch a choice; what the account answers."""
        self.seen = self._last()
        self.choose(label)
        return self.news()

    def _from_account(self) -> list[Shown]:
        return [item for item in self.shown(self.seen) if item.how in (*BOT, "error")]

    def _last(self) -> int:
        found = self.shown()
        return found[-1].seq if found else 0


def text_of(shown: list[Shown]) -> str:
    """All words that came, menus with their choices."""
    return "\n".join("\n".join([item.text, *item.choices]) for item in shown)
