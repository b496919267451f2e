"""What the demo bank offers (data/products.yml): deposit terms, wealth products and their questionnaire, loans."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "data" / "products.yml"


@lru_cache(maxsize=1)
def _everything() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def section(name: str) -> Any:
    """One part of the file, as it stands there."""
    return _everything()[name]


def find(name: str, key: str, value: object) -> dict[str, Any] | None:
    """The entry of a list whose `key` is `value`."""
    entries: list[dict[str, Any]] = section(name)
    return next((entry for entry in entries if entry[key] == value), None)
