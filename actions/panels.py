"""Panels: cards and lists that channels which can draw show in place of an answer's text (`custom` of the message).

The text stays the complete answer for every other channel. A panel is made of the same values as the text, never out of
it, and says all that the text says: `framed` panels take over the wording around its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from banking.model import Line
from chinese.amounts_text import format_fen

Payload = dict[str, Any]
State = Literal["done", "pending", "failed"]
Tone = Literal["in", "out"]


@dataclass(frozen=True)
class Card:
    """One thing: a receipt, an order to confirm, a bill. `confirm`: the message's buttons decide about money."""

    title: str
    rows: Sequence[Line] = ()
    amount_fen: int | None = None
    state: State | None = None
    confirm: bool = False
    footer: str = ""
    framed: bool = True

    def payload(self, before: str, after: str) -> Payload:
        """For the channel. `before` and `after` are what the wording says around its rows."""
        frame = {"subtitle": before, "footer": after} if self.framed else {"footer": self.footer}
        amount = None if self.amount_fen is None else money(self.amount_fen)
        rows = [{"label": row.label, "value": row.value} for row in self.rows]
        return {
            "type": "card",
            "title": self.title,
            "rows": rows,
            **_said({**frame, "amount": amount, "state": self.state, "confirm": self.confirm}),
        }


@dataclass(frozen=True)
class Item:
    """One line of a listing; `tone` says whether money came in or went out."""

    title: str
    subtitle: str = ""
    value: str = ""
    note: str = ""
    tone: Tone | None = None

    def payload(self) -> Payload:
        return {
            "title": self.title,
            **_said({"subtitle": self.subtitle, "value": self.value, "note": self.note, "tone": self.tone}),
        }


@dataclass(frozen=True)
class Listing:
    """Several things of a kind: accounts, transactions, products, branches."""

    title: str
    items: Sequence[Item]
    framed: bool = True

    def payload(self, before: str, after: str) -> Payload:
        """For the channel. `before` and `after` are what the wording says around its rows."""
        frame = {"subtitle": before, "footer": after} if self.framed else {}
        return {
            "type": "list",
            "title": self.title,
            "items": [item.payload() for item in self.items],
            **_said(frame),
        }


Panel = Card | Listing


def money(fen: int) -> str:
    """123456 -> ¥1,234.56"""
    return f"¥{format_fen(fen)}"


def _said(values: Payload) -> Payload:
    return {name: value for name, value in values.items() if value}
