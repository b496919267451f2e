"""Wealth products over HTTP."""

from __future__ import annotations

from banking.http_client import HttpClient, list_of, one
from banking.wealth import Holding, RiskProfile, RiskQuestion, WealthProduct


class HttpWealth(HttpClient):
    """A `banking.wealth.WealthBank`."""

    def wealth_products(self, session: str | None) -> tuple[WealthProduct, ...]:
        return self.read(session, "/v1/wealth/products", list_of(WealthProduct, "products"))

    def risk_questions(self, session: str | None) -> tuple[RiskQuestion, ...]:
        return self.read(session, "/v1/wealth/risk-questions", list_of(RiskQuestion, "questions"))

    def risk_profile(self, session: str) -> RiskProfile:
        return self.read(session, "/v1/wealth/risk-profile", one(RiskProfile))

    def holdings(self, session: str) -> tuple[Holding, ...]:
        return self.read(session, "/v1/wealth/holdings", list_of(Holding, "holdings"))
