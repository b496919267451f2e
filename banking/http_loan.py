"""Loans over HTTP."""

from __future__ import annotations

from banking.http_client import HttpClient, list_of
from banking.loan import Loan, LoanApplication, LoanProduct


class HttpLoan(HttpClient):
    """A `banking.loan.LoanBank`."""

    def loan_products(self, session: str | None) -> tuple[LoanProduct, ...]:
        return self.read(session, "/v1/loan-products", list_of(LoanProduct, "products"))

    def loans(self, session: str) -> tuple[Loan, ...]:
        return self.read(session, "/v1/loans", list_of(Loan, "loans"))

    def loan_applications(self, session: str) -> tuple[LoanApplication, ...]:
        return self.read(session, "/v1/loan-applications", list_of(LoanApplication, "applications"))
