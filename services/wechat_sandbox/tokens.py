"""Access tokens of one account: the stable kind, the classic kind and WeCom's, each with its own rules."""

import re
import secrets
from dataclasses import dataclass, field

from services.wechat_sandbox.clock import Clock
from services.wechat_sandbox.errors import WeChatError

LIFETIME = 7200.0  # seconds
_EARLY = 300.0  # seconds before the end from which a new one is given; both are good until the old one ends
_FORCED_A_DAY = 20
_FORCED_APART = 30.0  # seconds
_FORM = re.compile(r"[A-Za-z0-9_-]{512}")


@dataclass
class Token:
    text: str
    until: float
    revoked: bool = False


@dataclass
class Tokens:
    clock: Clock
    lifetime: float = LIFETIME
    stable: list[Token] = field(default_factory=list)
    classic: list[Token] = field(default_factory=list)
    _forced: list[float] = field(default_factory=list)

    def get_stable(self, force: bool) -> tuple[str, int]:
        """Text and seconds left. Raises WeChatError 45009 over 20 forced refreshes a day."""
        now = self.clock.now()
        last = self.stable[-1] if self.stable else None
        usable = last is not None and not last.revoked and last.until > now
        if force and not self._too_soon(now):
            if len([at for at in self._forced if at > now - 86400]) >= _FORCED_A_DAY:
                raise WeChatError(45009)
            self._forced.append(now)
            for token in self.stable:
                token.revoked = True
            usable = False
        if last is None or not usable or last.until - now <= self._early():
            last = self._issue(self.stable)
        return last.text, int(last.until - now)

    def get_classic(self) -> tuple[str, int]:
        """A new token every time; the former ones are no longer the latest."""
        for token in self.classic:
            token.revoked = True
        return self._issue(self.classic).text, int(self.lifetime)

    def get_work(self) -> tuple[str, int]:
        """WeCom's: the same one as long as it is good. Kept with the classic ones, which an account has not both."""
        now = self.clock.now()
        last = self.classic[-1] if self.classic else None
        if last is None or last.revoked or last.until <= now:
            last = self._issue(self.classic)
        return last.text, int(last.until - now)

    def knows(self, text: str) -> bool:
        return any(secrets.compare_digest(token.text, text) for token in self.stable + self.classic)

    def check(self, text: str) -> None:
        """Raises WeChatError 40001 for one that was replaced or revoked, 42001 for one that has expired."""
        token = next(token for token in self.stable + self.classic if secrets.compare_digest(token.text, text))
        if token.revoked:
            raise WeChatError(40001)
        if token.until <= self.clock.now():
            raise WeChatError(42001)

    def end_all(self, revoke: bool) -> None:
        """Let all tokens expire now, or revoke them as if somebody else had fetched new ones."""
        for token in self.stable + self.classic:
            token.revoked = token.revoked or revoke
            token.until = min(token.until, self.clock.now())

    def _early(self) -> float:
        return min(_EARLY, self.lifetime / 2)

    def _too_soon(self, now: float) -> bool:
        return bool(self._forced) and now - self._forced[-1] < _FORCED_APART

    def _issue(self, kind: list[Token]) -> Token:
        kind.append(Token(secrets.token_urlsafe(384), self.clock.now() + self.lifetime))
        return kind[-1]


def well_formed(text: str) -> bool:
    """Access tokens are 512 characters here: Tencent asks callers to keep room for that many."""
    return _FORM.fullmatch(text) is not None
