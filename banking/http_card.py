"""Cards over HTTP."""

from __future__ import annotations

from banking.card import CardFeatures, CardOrder
from banking.http_client import HttpClient, list_of


class HttpCard(HttpClient):
    """`banking.card.CardBank`."""

    def card_features(self, session: str) -> tuple[CardFeatures, ...]:
        return self.read(session, "/v1/card-features", list_of(CardFeatures, "features"))

    def card_orders(self, session: str) -> tuple[CardOrder, ...]:
        return self.read(session, "/v1/card-orders", list_of(CardOrder, "orders"))
