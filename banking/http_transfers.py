"""Transfers over HTTP: what became of them, and what is scheduled."""

from __future__ import annotations

from banking.http_client import HttpClient, list_of
from banking.transfers import ScheduledTransfer, TransferRecord


class HttpTransfers(HttpClient):
    """A `banking.transfers.TransferBank`."""

    def transfers(self, session: str, limit: int = 10) -> tuple[TransferRecord, ...]:
        return self.read(session, "/v1/transfers", list_of(TransferRecord, "transfers"), {"limit": str(limit)})

    def scheduled_transfers(self, session: str) -> tuple[ScheduledTransfer, ...]:
        return self.read(session, "/v1/scheduled-transfers", list_of(ScheduledTransfer, "scheduled"))
