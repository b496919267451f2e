"""Sentences the channels say themselves; the text is in wording.yml."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_SENTENCES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("wording.yml").read_text("utf-8"))


def say(key: str, **values: object) -> str:
    """Sentence of a dotted key, with its placeholders filled. Raises KeyError for an unknown key."""
    found: Any = _SENTENCES
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)


def warn_about(kinds: Iterable[str]) -> tuple[str, ...]:
    """Warnings for the kinds of secrets that `chinese.mask` found."""
    warnings: dict[str, str] = _SENTENCES["secret_typed"]
    return tuple(warnings[kind] for kind in kinds if kind in warnings)
