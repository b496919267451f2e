from typing import Any

import pytest

from addons.components.masking import masked


def _person(start: int, end: int) -> dict[str, Any]:
    return {"entity": "person", "start": start, "end": end}


@pytest.mark.parametrize(
    ("text", "entities", "plain"),
    [
        ("给阿珍转两百块", [_person(1, 3)], "给<person>转<amount-of-money>"),
        ("给阿珍转账", [], "给阿珍转账"),
        ("明天还", [], "<time>还"),
        ("给王十一", [_person(1, 4)], "给<person>"),
        ("工行", [{"entity": "bank", "start": 0, "end": 2}], "工行"),
        ("", [], ""),
    ],
)
def test_persons_found_and_quantities_read_become_what_they_are(
    text: str, entities: list[dict[str, Any]], plain: str
) -> None:
    assert masked(text, entities) == plain
