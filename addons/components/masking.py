"""A sentence without its fillers: whom, how much and when are replaced by what they are.

Who gets the money tells nothing about the intent, that somebody is named tells much: 「给阿珍转两百」 becomes
「给<person>转<amount-of-money>」. Without this, a name that training never saw is noise beside the words that count.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from chinese import extract

PERSON = "person"
_ANY_DAY = datetime(2024, 1, 1, tzinfo=timezone.utc)  # where a quantity stands does not depend on the day

Span = tuple[int, int, str]


def masked(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """`text` with each person of `entities`, and each quantity beside them, as `<kind>`.

    Quantities are read here and not taken from `entities`: examples for training are annotated with names alone.
    """
    spans = [(one["start"], one["end"], PERSON) for one in entities if one["entity"] == PERSON]
    quantities = [(found.start, found.end, found.dim) for found in extract(text, _ANY_DAY)]
    spans += [quantity for quantity in quantities if not any(_overlap(quantity, person) for person in spans)]
    pieces, position = list[str](), 0
    for start, end, kind in sorted(spans):
        pieces += (text[position:start], f"<{kind}>")
        position = end
    return "".join([*pieces, text[position:]])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
