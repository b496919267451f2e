"""The running assistant with WeChat: two Rasa servers on one Redis, the stand-in for Tencent, the sandbox bank."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from services.wechat_sandbox.crypto import Sealer, signature
from tests.wechat.actions_between import ActionsBetween
from tools.converse_bank import SandboxBank
from tools.stack import Stack
from tools.wechat_client import BOT, Phone, Tencent, WeChatAccount

ORIGINAL_ID = "gh_zhanggui0001"
PAGE_BYTES = resource.getpagesize()
PATIENCE = 40.0  # seconds; the machine may be busy


@dataclass(frozen=True)
class Site:
    """Everything, started once. `other_url` is the second Rasa server."""

    stack: Stack
    bank: SandboxBank
    tencent: Tencent
    account: WeChatAccount
    actions: ActionsBetween
    other_url: str

    @property
    def webhook(self) -> str:
        return f"{self.stack.rasa_url}/wechat/webhook"

    @property
    def other_webhook(self) -> str:
        return f"{self.other_url}/wechat/webhook"

    @property
    def token(self) -> str:
        return self.stack.environment["WECHAT_TOKEN"]

    def sealer(self, previous: bool = False) -> Sealer:
        name = "WECHAT_AES_KEY_PREVIOUS" if previous else "WECHAT_AES_KEY"
        return Sealer(self.stack.environment[name], self.account.app_id)

    def phone(self) -> Phone:
        return self.account.follower()

    @contextmanager
    def console(self, **changed: Any) -> Iterator[None]:
        """Other settings of the account at Tencent for a while."""
        usual = {
            "callback_url": self.webhook,
            "mode": "safe",
            "body": "xml",
            "push_key": 0,
            "customer_service": True,
            "timeout_seconds": 5.0,
        }
        self.account.call("PATCH", body=changed)
        try:
            yield
        finally:
            self.account.call("PATCH", body={name: usual[name] for name in changed})

    def held(self, phone: Phone, text: str, **more: Any) -> dict[str, str]:
        """A signed push that has not been sent: url, body, content_type."""
        return dict(phone.send(text, wait=False, hold=True, **more)["request"])

    def signed(self, body: str | bytes, sealed: str | None = None, age: float = 0, **query: str) -> dict[str, Any]:
        """A push of one's own with good signatures, made `age` seconds ago."""
        stamp, nonce = str(int(time.time() - age)), "415670741"
        given = {"signature": signature(self.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if sealed is not None:
            given |= {"encrypt_type": "aes", "msg_signature": signature(self.token, stamp, nonce, sealed)}
        url = requests.Request("GET", self.webhook, params=given | query).prepare().url
        return {"url": url, "body": body, "content_type": "text/xml"}

    def sealed(self, inner: str | bytes, age: float = 0) -> dict[str, Any]:
        """The same in safe mode, of a body that may be anything."""
        sealed = self.sealer().seal(inner if isinstance(inner, bytes) else inner.encode())
        outer = f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return self.signed(outer, sealed, age)

    def post(self, push: dict[str, Any], webhook: str | None = None, timeout: float = PATIENCE) -> requests.Response:
        """Send a push, to the second server with its webhook."""
        url = push["url"].replace(self.webhook, webhook) if webhook else push["url"]
        body = push["body"].encode() if isinstance(push["body"], str) else push["body"]
        with requests.Session() as http:
            http.trust_env = False
            return http.post(url, data=body, headers={"Content-Type": push["content_type"]}, timeout=timeout)

    def user_events(self, text: str) -> int:
        """How often the trackers hold a message."""
        with sqlite3.connect(self.stack.environment["TRACKER_DB"], timeout=10) as trackers:
            rows = trackers.execute("SELECT data FROM events WHERE type_name = 'user'").fetchall()
        return sum(f'"text": {_quoted(text)}' in data for (data,) in rows)

    def memory(self) -> int:
        """Bytes that the first Rasa server holds in memory."""
        group, held = self.stack.processes["rasa"].pid, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                held += int(fields[21]) * PAGE_BYTES if int(fields[2]) == group else 0
        return held

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8", "replace") for path in self.stack.var.glob("log/rasa*.log"))


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def answers(phone: Phone) -> list[str]:
    """Everything that the bot has said to somebody."""
    return [shown.text for shown in phone.shown() if shown.how in BOT]


def eventually(found: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `found` returns as soon as it is anything."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return result
