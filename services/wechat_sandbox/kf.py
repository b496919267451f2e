"""WeCom 微信客服 of one account: the event log that `sync_msg` pages through, and its doorbell tokens."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from services.wechat_sandbox.clock import Clock
from services.wechat_sandbox.errors import WeChatError

NEW, BOT, POOL, HUMAN, ENDED = range(5)
TRANSITIONS = {NEW: (BOT, POOL, HUMAN), BOT: (POOL, HUMAN, ENDED), POOL: (HUMAN, ENDED), HUMAN: (HUMAN, ENDED)}
_KEPT = 3 * 86400.0
_TOKEN_SECONDS = 600.0
WELCOME_SECONDS, WELCOME_APART = 20.0, 48 * 3600.0
_CODES = {POOL: (48 * 3600.0, ("text",)), HUMAN: (48 * 3600.0, ("text",)), ENDED: (20.0, ("text", "msgmenu"))}


@dataclass(frozen=True)
class Code:
    """Allows one message of `kinds`; `state`: only while the conversation is in it."""

    openid: str
    until: float
    kinds: tuple[str, ...]
    state: int | None


@dataclass
class KfState:
    """`log` only grows, so a cursor is a position in it, dressed up as an opaque text."""

    clock: Clock
    log: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    sent_ids: set[str] = field(default_factory=set)
    welcomed: dict[str, float] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)
    _tokens: dict[str, float] = field(default_factory=dict)
    _cursors: dict[str, int] = field(default_factory=dict)

    def add(self, entry: dict[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        self.log.append((now, {"msgid": secrets.token_urlsafe(24), "send_time": int(now), **entry}))
        return self.log[-1][1]

    def doorbell_token(self) -> str:
        token = "ENC" + secrets.token_urlsafe(24)
        self._tokens[token] = self.clock.now() + _TOKEN_SECONDS
        return token

    def welcome_code(self, openid: str) -> str:
        """For the one message that greets who has entered."""
        return self._code(Code(openid, self.clock.now() + WELCOME_SECONDS, ("text", "msgmenu"), None))

    def state_code(self, openid: str, state: int) -> str:
        """For the one message that tells a customer of a new state."""
        seconds, kinds = _CODES[state]
        return self._code(Code(openid, self.clock.now() + seconds, kinds, state))

    def take_code(self, text: str) -> Code:
        """A code is good once. Raises WeChatError 40058 for one that is used, over or unknown."""
        code = self._codes.pop(text, None)
        if code is None or code.until < self.clock.now():
            raise WeChatError(40058, "code")
        return code

    def _code(self, code: Code) -> str:
        text = secrets.token_urlsafe(24)
        self._codes[text] = code
        return text

    def page(
        self, cursor: str, token: str, limit: int, open_kfid: str | None
    ) -> tuple[str, bool, list[dict[str, Any]]]:
        """Next cursor, whether there is more, and the entries. Raises WeChatError 95007, 40058."""
        if token and self._tokens.get(token, 0.0) < self.clock.now():
            raise WeChatError(95007)
        if cursor and cursor not in self._cursors:
            raise WeChatError(40058, "unknown cursor")
        start = self._cursors[cursor] if cursor else 0
        end = min(start + limit, len(self.log))
        oldest = self.clock.now() - _KEPT
        entries = [
            entry
            for at, entry in self.log[start:end]
            if at >= oldest and open_kfid in (None, entry.get("open_kfid"), entry.get("event", {}).get("open_kfid"))
        ]
        return self._cursor(end), end < len(self.log), entries

    def _cursor(self, position: int) -> str:
        text = "4gw7" + secrets.token_urlsafe(18)
        self._cursors[text] = position
        return text
