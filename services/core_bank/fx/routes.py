"""The board of prices (外汇牌价), public. Prices are the demo bank's; a real core has them from its dealing desk."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from services.core_bank import clock
from services.core_bank.bank import Caller
from services.core_bank.fields import Moment
from services.core_bank.routes.access import AnyCustomerRole, bank_of, visitor_of, world_now
from services.core_bank.schemas import View

router = APIRouter(prefix="/v1", tags=["fx"], dependencies=[AnyCustomerRole])

_RENEWED_EVERY = timedelta(minutes=5)
_BOARD = (
    # currency, 现汇买入价, 现钞买入价, 卖出价: yuan per 100 units
    ("USD", "711.26", "705.46", "714.26"),
    ("EUR", "819.35", "793.89", "825.39"),
    ("GBP", "930.12", "901.22", "936.97"),
    ("HKD", "91.38", "90.65", "91.75"),
    ("JPY", "4.5472", "4.4060", "4.5807"),
    ("AUD", "459.71", "445.43", "463.10"),
    ("CAD", "504.88", "488.94", "508.61"),
    ("CHF", "878.64", "851.53", "884.81"),
    ("SGD", "544.37", "527.57", "548.19"),
    ("NZD", "401.95", "389.55", "404.78"),
    ("THB", "21.82", "21.15", "22.00"),
    ("KRW", "0.4841", "0.4671", "0.4879"),
    ("MOP", "88.79", "85.82", "89.15"),
    ("TWD", "22.71", "21.94", "22.91"),
    ("MYR", "171.23", "165.90", "172.95"),
    ("AED", "193.62", "187.05", "194.98"),
)


class Quote(View):
    currency: str = Field(description="ISO 4217")
    spot_buy: str = Field(description="yuan per 100 units, decimal text: what the bank pays for money in an account")
    cash_buy: str = Field(description="the same for banknotes")
    sell: str = Field(description="what the bank takes")


class Board(View):
    quoted_at: Moment
    quotes: list[Quote]


@router.get("/exchange-rates", response_model=Board)
def exchange_rates(request: Request, caller: Caller | None = Depends(visitor_of)) -> dict[str, Any]:
    """Public. The board is renewed every five minutes."""
    with bank_of(request).db.read() as conn:
        now = world_now(conn, caller)
    quoted_at = now - (now - clock.day_start(clock.bank_day(now))) % _RENEWED_EVERY
    return {"quoted_at": clock.iso(quoted_at), "quotes": [dict(zip(Quote.__fields__, row)) for row in _BOARD]}
