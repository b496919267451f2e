"""Sentences the channels say themselves; the text is in wording.yml, in English in wording_en.yml.

`language` as in manner.py: what is not there in English is said in Chinese, Traditional is written from Simplified.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
import zhconv


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
    return read


_SENTENCES, _IN_ENGLISH = _read("wording.yml"), _read("wording_en.yml")


def say(key: str, language: str = "zh", **values: object) -> str:
    """Sentence of a dotted key, with its placeholders filled. Raises KeyError for an unknown key."""
    said = str((language == "en" and _find(_IN_ENGLISH, key)) or _found(key)).format(**values)
    return str(zhconv.convert(said, "zh-hant")) if language == "zh-Hant" else said


def warn_about(kinds: Iterable[str], language: str = "zh") -> tuple[str, ...]:
    """Warnings for the kinds of secrets that `chinese.mask` found."""
    known = _SENTENCES["secret_typed"]
    return tuple(say(f"secret_typed.{kind}", language) for kind in kinds if kind in known)


def _found(key: str) -> Any:
    found = _find(_SENTENCES, key)
    if found is None:
        raise KeyError(key)
    return found


def _find(sentences: dict[str, Any], key: str) -> Any | None:
    found: Any = sentences
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
