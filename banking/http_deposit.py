"""Deposits over HTTP."""

from __future__ import annotations

from banking.deposit import DepositRates, TimeDeposit
from banking.http_client import HttpClient, list_of, one


class HttpDeposit(HttpClient):
    """A `banking.deposit.DepositBank`."""

    def deposit_rates(self, session: str | None) -> DepositRates:
        return self.read(session, "/v1/deposit-rates", one(DepositRates))

    def time_deposits(self, session: str) -> tuple[TimeDeposit, ...]:
        return self.read(session, "/v1/time-deposits", list_of(TimeDeposit, "deposits"))
