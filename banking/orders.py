"""Orders: what a customer can have done beside transfers. One frozen class a service, in the file of its capability."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Order:
    """The fields of a service as the core bank wants them: text, integers, booleans, null; money in integer 分.

    The core echoes them in the draft (`Draft.order.asked`); an adapter refuses a draft that says something else.
    """

    kind: ClassVar[str]

    def fields(self) -> dict[str, object]:
        """By their names on the wire."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
