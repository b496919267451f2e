"""The board of the in-memory bank, the same as the sandbox's."""

from __future__ import annotations

from datetime import timedelta

from banking.fx import Board, BoardLine
from banking.memory_base import MemoryBase
from banking.memory_transfers import BANK_ZONE

RENEWED_EVERY = timedelta(minutes=5)
QUOTES = (
    # currency, 现汇买入价, 现钞买入价, 卖出价: yuan per 100 units
    BoardLine("USD", "711.26", "705.46", "714.26"),
    BoardLine("EUR", "819.35", "793.89", "825.39"),
    BoardLine("GBP", "930.12", "901.22", "936.97"),
    BoardLine("HKD", "91.38", "90.65", "91.75"),
    BoardLine("JPY", "4.5472", "4.4060", "4.5807"),
    BoardLine("AUD", "459.71", "445.43", "463.10"),
    BoardLine("CAD", "504.88", "488.94", "508.61"),
    BoardLine("CHF", "878.64", "851.53", "884.81"),
    BoardLine("SGD", "544.37", "527.57", "548.19"),
    BoardLine("NZD", "401.95", "389.55", "404.78"),
    BoardLine("THB", "21.82", "21.15", "22.00"),
    BoardLine("KRW", "0.4841", "0.4671", "0.4879"),
    BoardLine("MOP", "88.79", "85.82", "89.15"),
    BoardLine("TWD", "22.71", "21.94", "22.91"),
    BoardLine("MYR", "171.23", "165.90", "172.95"),
    BoardLine("AED", "193.62", "187.05", "194.98"),
)


class MemoryFx(MemoryBase):
    """Public."""

    def exchange_rates(self, session: str | None) -> Board:
        return self.publish(session, self._board)

    def _board(self) -> Board:
        now = self.clock().astimezone(BANK_ZONE)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Board(now - (now - midnight) % RENEWED_EVERY, QUOTES)
