"""Temporary media: what callers uploaded and what followers sent. Kept three days by the account's clock."""

import secrets
from dataclasses import dataclass

from services.wechat_sandbox.clock import Clock
from services.wechat_sandbox.errors import WeChatError

LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
_LIFETIME = 3 * 86400.0
_SIGNATURES: dict[str, tuple[tuple[bytes, str], ...]] = {
    "image": ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")),
    "thumb": ((b"\xff\xd8\xff", "image/jpeg"),),
    "voice": ((b"#!AMR", "audio/amr"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg")),
}


@dataclass(frozen=True)
class Medium:
    media_id: str
    kind: str
    content_type: str
    data: bytes
    created: float


class Library:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: dict[str, Medium] = {}

    def add(self, kind: str, data: bytes) -> Medium:
        """Raises WeChatError 40004 unknown kind, 41005 empty, 40006 too large, 40005 not a file of that kind."""
        if kind not in LIMITS:
            raise WeChatError(40004)
        if not data:
            raise WeChatError(41005)
        if len(data) > LIMITS[kind]:
            raise WeChatError(40009 if kind == "image" else 40006)
        medium = Medium(secrets.token_urlsafe(48), kind, content_type(kind, data), data, self._clock.now())
        self._media[medium.media_id] = medium
        return medium

    def find(self, media_id: object, kind: str | None = None) -> Medium:
        """Raises WeChatError 40007 for one that is unknown, expired or of another kind."""
        medium = self._media.get(media_id) if isinstance(media_id, str) else None
        if medium is None or self._clock.now() > medium.created + _LIFETIME or kind not in (None, medium.kind):
            raise WeChatError(40007)
        return medium


def content_type(kind: str, data: bytes) -> str:
    """By the first bytes. Raises WeChatError 40005."""
    if kind == "video":
        if data[4:8] != b"ftyp":
            raise WeChatError(40005)
        return "video/mp4"
    for start, name in _SIGNATURES[kind]:
        if data.startswith(start):
            return name
    raise WeChatError(40005)
