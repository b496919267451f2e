"""What a page may send over its socket, checked before anything else looks at it."""

from dataclasses import dataclass
from typing import Any

from addons.channels.cleaning import visible
from addons.channels.inbound import RAW_LIMIT

LONGEST_ID = 64
LONGEST_COMMENT = 500
LARGEST_SEQ = 2**53
LANGUAGES = ("zh", "en")


class BadMessage(Exception):
    """`code`: bad_message or too_large."""

    def __init__(self, code: str = "bad_message") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Said:
    """A message of the customer: exactly one of `text` and `press` is set."""

    id: str
    text: str | None = None
    press: str | None = None


@dataclass(frozen=True)
class Rated:
    """Stars of the customer, 1 to 5."""

    score: int
    comment: str


@dataclass(frozen=True)
class Connecting:
    """What a page has already: items up to the number `after`, of the log that its last welcome named."""

    after: int
    language: str
    log: str | None


def said(data: Any) -> Said:
    """A `say`. Raises BadMessage."""
    fields = _fields(data, {"id": str, "text": str})
    if len(fields["text"]) > RAW_LIMIT:
        raise BadMessage("too_large")
    return Said(_identifier(fields["id"]), text=fields["text"])


def pressed(data: Any) -> Said:
    """A `press`. Raises BadMessage."""
    fields = _fields(data, {"id": str, "button": str})
    return Said(_identifier(fields["id"]), press=_identifier(fields["button"]))


def rated(data: Any) -> Rated:
    """A `rate`. Raises BadMessage."""
    fields = _fields(data, {"score": int}, {"comment": str})
    comment = fields.get("comment", "")
    if not 1 <= fields["score"] <= 5:
        raise BadMessage
    if len(comment) > LONGEST_COMMENT:
        raise BadMessage("too_large")
    return Rated(fields["score"], visible(comment))


def consented(data: Any) -> str:
    """Version of a `consent`. Raises BadMessage."""
    return _identifier(_fields(data, {"version": str})["version"])


def before(data: Any) -> int:
    """Number of a `history`. Raises BadMessage."""
    return _sequence(_fields(data, {"before": int})["before"])


def connecting(auth: Any) -> Connecting:
    """What a page says of itself when it connects. Raises BadMessage."""
    fields = _fields(auth if auth is not None else {}, {}, {"after": int, "lang": str, "log": str})
    language = fields.get("lang", "zh")
    if language not in LANGUAGES:
        raise BadMessage
    log = _identifier(fields["log"]) if fields.get("log") else None
    return Connecting(_sequence(fields.get("after", 0)), language, log)


def _fields(data: Any, needed: dict[str, type], optional: dict[str, type] | None = None) -> dict[str, Any]:
    known = {**needed, **(optional or {})}
    if not isinstance(data, dict) or not set(needed) <= set(data) <= set(known):
        raise BadMessage
    if any(type(value) is not known[name] for name, value in data.items()):
        raise BadMessage
    return data


def _identifier(text: str) -> str:
    if not 0 < len(text) <= LONGEST_ID or not text.isascii() or not text.isprintable():
        raise BadMessage
    return text


def _sequence(number: int) -> int:
    if not 0 <= number <= LARGEST_SEQ:
        raise BadMessage
    return number
