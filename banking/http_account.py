"""Accounts over HTTP."""

from __future__ import annotations

from banking.account import Restrictions, Spending, SpendingQuery, Terms
from banking.http_client import HttpClient, one


class HttpAccount(HttpClient):
    """`banking.account.AccountBank`."""

    def spending(self, session: str, query: SpendingQuery) -> Spending:
        params = {"from": query.since.isoformat(), "to": query.until.isoformat()}
        optional = {"account_id": query.account_id, "counterparty": query.counterparty}
        params |= {name: value for name, value in optional.items() if value is not None}
        return self.read(session, "/v1/spending", one(Spending), params)

    def transaction_terms(self, session: str) -> Terms:
        return self.read(session, "/v1/transaction-terms", one(Terms))

    def restrictions(self, session: str) -> Restrictions:
        return self.read(session, "/v1/restrictions", one(Restrictions))
