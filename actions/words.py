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
    groups: dict[str, list[str]] = _table()[group]
    return next((key for key, words in groups.items() if any(word in text for word in words)), None)


def says_all(text: str) -> bool:
    """全部 / 都冻上"""
    return any(word in text for word in _table()["all"])
