"""Foreign exchange at the core bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Prices of one currency (ISO 4217): yuan per 100 units, decimal text."""

    currency: str
    spot_buy: str
    cash_buy: str
    sell: str


@dataclass(frozen=True, slots=True)
class Board:
    """外汇牌价 at one moment."""

    quoted_at: datetime
    quotes: tuple[BoardLine, ...]


class FxBank(Protocol):
    """Reading; visitors have no session."""

    def exchange_rates(self, session: str | None) -> Board:
        """The board as it is now."""
