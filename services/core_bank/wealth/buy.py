"""Buying a wealth product or fund: only what suits the customer, with a day to think it over when it can lose much."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen, upper
from chinese.rates_text import percent
from finance import wealth
from services.core_bank import catalogue, paying
from services.core_bank.clock import BANK_ZONE, bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_id
from services.core_bank.own_accounts import bank_account, shown
from services.core_bank.risk import NO_RISK, Risk
from services.core_bank.wealth import suitability
from services.core_bank.wealth.tables import wealth_holdings

CAREFUL_RISK = 3
COOLING = timedelta(hours=24)
WARNING = "理财非存款，产品有风险，可能亏损本金；业绩比较基准不是收益承诺"


class BuyWealthRequest(DraftRequest):
    kind: Literal["buy_wealth"]
    product_code: Text
    from_account_id: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)


class BuyWealth(Order):
    """Money from a debit account into a new holding; yellow from R3 on, with a cooling-off of a day."""

    name = "buy_wealth"
    Request = BuyWealthRequest

    def propose(self, conn: Connection, applicant: Applicant, request: BuyWealthRequest) -> Offer:
        amount_fen = paying.amount_of(request.amount_fen)
        today = bank_day(applicant.now)
        product = _check(conn, applicant.customer_id, request.product_code, amount_fen, today)
        account = paying.paying_account(conn, applicant.customer_id, request.from_account_id)
        paying.check_funds(account, amount_fen)
        low, high = percent(product["benchmark_low"]), percent(product["benchmark_high"])
        lines = [
            ("购买金额", f"¥{format_fen(amount_fen)}（{upper(amount_fen)}）"),
            ("风险等级", f"R{product['risk']}"),
            ("期限", product["term"]),
            ("业绩比较基准", f"{low}至{high}"),
            ("付款账户", shown(account)),
            ("风险提示", WARNING),
        ]
        careful = product["risk"] >= CAREFUL_RISK
        if careful:
            lines.append(("冷静期", "购买后24小时内可以全额撤回"))
        risk = Risk("yellow", ["risky_product"]) if careful else NO_RISK
        text = f"从{shown(account)}购买{product['name']}（R{product['risk']}）¥{format_fen(amount_fen)}"
        return Offer(text, lines, risk=risk)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        paying.lock_card(conn, fields["from_account_id"])
        product = _check(conn, draft.customer_id, fields["product_code"], fields["amount_fen"], bank_day(now))
        account = paying.paying_account(conn, draft.customer_id, fields["from_account_id"])
        custody = bank_account(conn, draft.world_id, "wealth_custody")
        payment = paying.Payment(
            account.id, custody, fields["amount_fen"], product["name"], "wealth", f"购买{product['name']}"
        )
        receipt_no = paying.pay(conn, draft, payment, now)
        bought = wealth.subscribe(fields["amount_fen"], Decimal(product["net_value"]))
        cooling = now + COOLING if product["risk"] >= CAREFUL_RISK else None
        conn.execute(
            sa.insert(wealth_holdings).values(
                id=new_id("wh"),
                customer_id=draft.customer_id,
                product_code=product["code"],
                shares=str(bought.shares),
                cost_fen=fields["amount_fen"],
                bought_at=now,
                cooling_until=cooling,
            )
        )
        lines = [("确认份额", f"{bought.shares:,}份"), ("单位净值", product["net_value"])]
        if cooling:
            lines.append(("冷静期至", f"{cooling.astimezone(BANK_ZONE):%Y年%-m月%-d日%H:%M}，之前可以全额撤回"))
        return Receipt(receipt_no, now, lines)


def _check(conn: Connection, customer_id: str, code: str, amount_fen: int, today: date) -> dict[str, Any]:
    """The product. Raises not_possible (no_such_product, below_minimum and those of suitability)."""
    product = catalogue.find("wealth", "code", code)
    if product is None:
        raise not_possible("no_such_product", "没有这款产品，请从在售的产品里选。")
    suitability.check(conn, customer_id, product, today)
    if amount_fen < product["least_fen"]:
        raise not_possible("below_minimum", f"{product['name']} ¥{format_fen(product['least_fen'])} 起购，请改大一点。")
    return product
