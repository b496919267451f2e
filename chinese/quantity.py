"""The one result type of the package, and its Duckling-shaped form."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Quantity:
    """One quantity found in a text.

    dim: amount-of-money, amount-scope, number, ordinal, percent, time, set, duration, phone-number, card-number,
        card-tail, phone-tail, id-number.
    start, end: code points of the raw text, end exclusive; body == text[start:end].
    value: what Duckling puts under "value" (see `extract`), JSON-serialisable.
    """

    dim: str
    start: int
    end: int
    body: str
    value: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A quantity before it is cut out of the raw text."""

    dim: str
    start: int
    end: int
    value: dict[str, Any]


def json_number(value: Decimal) -> int | float:
    """An int where the value is whole, else the nearest float: Duckling's shape, never to be calculated with."""
    return int(value) if value == value.to_integral_value() else float(value)


def to_duckling(quantities: Iterable[Quantity]) -> list[dict[str, Any]]:
    """The list a Duckling server would answer: body, start, end, dim, latent, value."""
    return [
        {"body": q.body, "start": q.start, "end": q.end, "dim": q.dim, "latent": False, "value": q.value}
        for q in quantities
    ]
