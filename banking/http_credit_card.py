"""Credit cards over HTTP."""

from __future__ import annotations

from banking.credit_card import (
    CardApplication,
    CardProduct,
    CreditCard,
    CreditStatement,
    InstalmentOffer,
    Points,
    Reward,
)
from banking.http_client import HttpClient, known, list_of, one
from banking.port import AccountNotFound


class HttpCreditCard(HttpClient):
    """A `banking.credit_card.CreditCardBank`."""

    def credit_cards(self, session: str) -> tuple[CreditCard, ...]:
        return self.read(session, "/v1/credit-cards", list_of(CreditCard, "credit_cards"))

    def credit_statement(self, session: str, account_id: str) -> CreditStatement:
        path = f"/v1/credit-cards/{known(account_id, AccountNotFound)}/statement"
        return self.read(session, path, one(CreditStatement))

    def instalment_offers(self, session: str | None, amount_fen: int) -> tuple[InstalmentOffer, ...]:
        params = {"amount_fen": str(amount_fen)}
        return self.read(session, "/v1/instalment-offers", list_of(InstalmentOffer, "offers"), params)

    def points(self, session: str) -> Points:
        return self.read(session, "/v1/points", one(Points))

    def rewards(self, session: str | None) -> tuple[Reward, ...]:
        return self.read(session, "/v1/rewards", list_of(Reward, "rewards"))

    def card_products(self, session: str | None) -> tuple[CardProduct, ...]:
        return self.read(session, "/v1/credit-card-products", list_of(CardProduct, "products"))

    def card_applications(self, session: str) -> tuple[CardApplication, ...]:
        return self.read(session, "/v1/card-applications", list_of(CardApplication, "applications"))
