"""Text as WeChat shows it: at most 2048 bytes of UTF-8 a message, with `<a href>` as the only markup it knows."""

import re
from collections.abc import Iterable
from itertools import takewhile

LARGEST = 2048  # bytes, the markup counted
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = re.compile(r"<a\s[^<>]*>(?P<label>[^<]*)</a\s*>", re.IGNORECASE)
# What is never cut: a link, and what has no space in it: an amount, an address, a number.
_WHOLE = re.compile(_ANCHOR.pattern.replace("?P<label>", "") + r"|[!-;=?-~]+", re.IGNORECASE)
_ANCHOR_TAG = re.compile(r"<(?=[\s/]*a(?![a-z0-9]))", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# Where a text may be cut, the best first: paragraph, line, sentence, clause, word.
_BORDERS = tuple(
    re.compile(border)
    for border in (r"\n[ \t]*\n+", r"\n+", r"[。！？…；][”’」』）]*|[.!?;](?=\s)", r"[，、：]|[,:](?=\s)", r"\s+")
)
_BETWEEN = "\n\n"


def printable(text: str) -> str:
    """`text` that any XML or JSON parser gives back unchanged: no NUL, control character, lone surrogate or CR."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(text: str) -> str:
    """`text` in which nothing is a link: what somebody wrote into a payee's name must not become one."""
    return _ANCHOR_TAG.sub("＜", printable(text))


def link(title: str, url: str) -> str:
    """A tappable title; the title alone when `url` is not a plain http(s) address."""
    label = re.sub(r"\s+", " ", printable(title)).replace("<", "＜").replace(">", "＞").strip()
    return f'<a href="{url}">{label}</a>' if _URL.fullmatch(url) else label


def merge(texts: Iterable[str], limit: int = LARGEST) -> list[str]:
    """The same words in as few messages as keep each text together, none above `limit` bytes; no empty ones."""
    merged: list[str] = []
    for piece in (piece for text in texts for piece in split(text, limit)):
        joined = merged[-1] + _BETWEEN + piece if merged else piece
        if merged and size(joined) <= limit:
            merged[-1] = joined
        else:
            merged.append(piece)
    return merged


def split(text: str, limit: int = LARGEST) -> list[str]:
    """Pieces of at most `limit` bytes (16 at least), cut between sentences if that is possible, never inside a link.

    White space at the cuts is dropped. Of a link that is itself too long its title remains.
    """
    if limit < 16:
        raise ValueError(f"no text fits into {limit} bytes")
    rest = _ANCHOR.sub(lambda a: a["label"] if size(a.group()) > limit else a.group(), printable(text)).strip()
    pieces = []
    while len(rest) > limit or size(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def size(text: str) -> int:
    """Bytes of a printable text on the wire."""
    return len(text.encode("utf-8"))


def _cut(text: str, limit: int) -> int:
    """Where the first piece ends: the last good border of its second half, else the last place outside a whole."""
    length = len(text[:limit].encode("utf-8")[:limit].decode("utf-8", "ignore"))
    found = (whole.span() for whole in _WHOLE.finditer(text))
    wholes = list(takewhile(lambda span: span[0] < length, found))
    for border in _BORDERS:
        ends = [met.end() for met in border.finditer(text[: length + 1]) if length // 2 <= met.end() <= length]
        for end in reversed(ends):
            if not any(start < end < stop for start, stop in wholes):
                return end
    return next((start for start, stop in wholes if start < length < stop), 0) or length
