"""What the demo bank offers (data/products.yml), for the in-memory bank."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from banking.deposit import DepositRates
from banking.http_wire import decode
from banking.loan import LoanProduct
from banking.wealth import RiskQuestion, WealthProduct

FILE = Path(__file__).parents[1] / "data" / "products.yml"
T = TypeVar("T")


@lru_cache(maxsize=1)
def _everything() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def deposit_rates() -> DepositRates:
    return decode(DepositRates, _everything()["deposits"])


def wealth_products() -> tuple[WealthProduct, ...]:
    return _all(WealthProduct, "wealth")


def wealth_product(code: str) -> WealthProduct | None:
    return next((product for product in wealth_products() if product.code == code), None)


def risk_questions() -> tuple[RiskQuestion, ...]:
    return _all(RiskQuestion, "risk_questions")


def risk_level(points: int) -> int:
    return max(int(one["level"]) for one in _everything()["risk_levels"] if one["points"] <= points)


def level_name(level: int) -> str:
    return next(str(one["name"]) for one in _everything()["risk_levels"] if one["level"] == level)


def loan_products() -> tuple[LoanProduct, ...]:
    return _all(LoanProduct, "loans")


def loan_product(code: str) -> LoanProduct | None:
    return next((product for product in loan_products() if product.code == code), None)


def prepay_least_fen() -> int:
    return int(_everything()["loan_rules"]["prepay_least_fen"])


def _all(shape: type[T], section: str) -> tuple[T, ...]:
    return tuple(decode(shape, entry) for entry in _everything()[section])
