"""The reference list of bank sentences, where the shared folder is at hand: its entities and no others."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chinese import extract

LIST = Path(__file__).parents[4] / "shared" / "data" / "bank_quantities.json"
EXAMPLES: list[dict[str, Any]] = json.loads(LIST.read_text("utf-8"))["examples"] if LIST.exists() else []


def agrees(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(agrees(value, found.get(key)) for key, value in wanted.items())
    return bool(wanted == found)


@pytest.mark.skipif(not EXAMPLES, reason="the shared reference lists are not here")
@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["text"])
def test_reference_sentence(case: dict[str, Any]) -> None:
    found = extract(case["text"], datetime.fromisoformat(case["reference_time"].replace("Z", "+00:00")))
    assert len(found) == len(case["entities"])
    for wanted, quantity in zip(case["entities"], found):
        assert quantity.dim == wanted["dim"]
        assert quantity.body in [wanted["body"], *wanted.get("alt_bodies", [])]
        assert any(agrees(value, quantity.value) for value in [wanted["value"], *wanted.get("alt_values", [])])
