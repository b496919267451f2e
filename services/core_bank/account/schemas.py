"""Responses about spending, explanations, restrictions and held money."""

from datetime import date
from typing import Literal

from services.core_bank.schemas import View


class CategoryTotal(View):
    category: str
    name: str
    incoming: bool
    amount_fen: int
    count: int
    before_fen: int


class Spending(View):
    since: date
    until: date
    in_fen: int
    out_fen: int
    count: int
    before_since: date
    before_until: date
    before_in_fen: int
    before_out_fen: int
    categories: list[CategoryTotal]


class Term(View):
    term: str
    meaning: str


class KindMeaning(View):
    kind: Literal["payment", "transfer", "income", "repayment"]
    meaning: str


class Terms(View):
    terms: list[Term]
    kinds: list[KindMeaning]


class AccountRestriction(View):
    account_id: str
    code: str
    reason: str
    works: list[str]
    bring: list[str]


class Hold(View):
    account_id: str
    amount_fen: int
    reason: str
    last_day: date


class Restrictions(View):
    restrictions: list[AccountRestriction]
    holds: list[Hold]
