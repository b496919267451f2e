"""Values inside English sentences: days, and what the core bank words in Chinese only (english_terms.yml)."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CHINESE_DAY = re.compile(r"(?:(\d{4})年)?(1[0-2]|[1-9])月(\d{1,2})日(?: ?(\d{2}:\d{2})前?)?")


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "english_terms.yml").read_text("utf-8"))
    return loaded


def in_english(text: str) -> str:
    """A whole value in English where it is a day, a known term or a list of things; any other text as it is.

    11月22日 -> 22 Nov, 2026年11月22日 -> 22 Nov 2026, 11月22日15:30前 -> 22 Nov 15:30, 借记卡 -> debit card.
    """
    if found := CHINESE_DAY.fullmatch(text):
        year, month, day, clock = found.groups()
        return " ".join(filter(None, (day, MONTHS[int(month) - 1], year, clock)))
    if text in _table()["terms"]:
        return str(_table()["terms"][text])
    for pattern, english in _table()["patterns"].items():
        if found := re.fullmatch(pattern, text):
            return found.expand(english)
    return text.replace("、", ", ")


def throughout(payload: Any) -> Any:
    """The same for every text of a JSON-like payload; the words that programs read in it are ASCII."""
    if isinstance(payload, dict):
        return {name: throughout(value) for name, value in payload.items()}
    if isinstance(payload, list):
        return [throughout(value) for value in payload]
    return in_english(payload) if isinstance(payload, str) else payload
