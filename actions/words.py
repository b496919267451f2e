"""Everyday words for kinds of accounts and cards (account_words.yml)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "account_words.yml").read_text("utf-8"))
    return loaded


def named(group: str, text: str) -> str | None:
    """The key of a group one of whose words is in the text, e.g. named("cards", "信用卡丢了") -> "credit"."""
    found = naming(group, text)
    return found[0] if found else None


def naming(group: str, text: str) -> tuple[str, str] | None:
    """The same with the word that was said: ("credit", "信用卡")."""
    groups: dict[str, list[str]] = _table()[group]
    lowered = text.lower()
    return next(((key, word) for key, words in groups.items() for word in words if word.lower() in lowered), None)


def word_groups() -> dict[str, dict[str, list[str]]]:
    """All groups with a key for each thing that the words name."""
    return {group: words for group, words in _table().items() if isinstance(words, dict)}


def says(group: str, text: str) -> bool:
    """Whether a word of a plain list is in the text, e.g. says("newest", "刚才那笔")."""
    return any(word in text.lower() for word in _table()[group])


def says_all(text: str) -> bool:
    """全部 / 都冻上"""
    return says("all", text)
