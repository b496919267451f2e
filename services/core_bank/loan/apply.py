"""Applying for a loan: the application is recorded and a person calls."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field, StrictInt
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from chinese.rates_text import percent
from services.core_bank import catalogue, paying
from services.core_bank.bank import lock_customer
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Note, Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.loan.tables import loan_applications

OPEN_STATES = ("received", "reviewing")
FORBIDDEN = ("炒股", "股票", "基金", "期货", "理财", "首付", "赌", "虚拟货币", "比特币")


class ApplyLoanRequest(DraftRequest):
    kind: Literal["apply_loan"]
    product_code: Text
    amount_fen: Any = Field(..., type="integer", minimum=1, maximum=paying.MAXIMUM_FEN)
    months: StrictInt
    purpose: Note


class ApplyLoan(Order):
    """One open application for each product."""

    name = "apply_loan"
    Request = ApplyLoanRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ApplyLoanRequest) -> Offer:
        product = _check(conn, applicant.customer_id, request.dict())
        text = f"申请{product['name']} ¥{format_fen(request.amount_fen)}，{request.months}个月"
        lines = [("用途", request.purpose), ("参考年利率（单利）", f"{percent(product['annual_rate'])}起，以审批为准")]
        return Offer(text, lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        lock_customer(conn, draft.customer_id)
        _check(conn, draft.customer_id, fields)
        number = new_receipt_number("DK", now)
        conn.execute(
            sa.insert(loan_applications).values(
                number=number, customer_id=draft.customer_id, state="received", applied_at=now, **fields
            )
        )
        return Receipt(number, now, [("申请编号", number), ("下一步", "客户经理1个工作日内打电话给您，核实情况和材料")])


def _check(conn: Connection, customer_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The product.

    Raises amount_invalid, not_possible (no_such_product, below_minimum, above_maximum, term_too_long,
    purpose_forbidden, already_applied).
    """
    product = catalogue.find("loans", "code", fields["product_code"])
    if product is None:
        raise not_possible("no_such_product", "没有这种贷款，请从在办的贷款里选。")
    _check_terms(product, paying.amount_of(fields["amount_fen"]), fields["months"])
    if any(word in fields["purpose"] for word in FORBIDDEN):
        raise not_possible("purpose_forbidden", "贷款不能用来买房首付、炒股、理财和其他投资，请说一下别的用途。")
    same = sa.select(loan_applications.c.number).where(
        loan_applications.c.customer_id == customer_id,
        loan_applications.c.product_code == product["code"],
        loan_applications.c.state.in_(OPEN_STATES),
    )
    number = conn.execute(same).scalars().first()
    if number:
        raise not_possible(
            "already_applied", f"您有一笔{product['name']}正在审批（{number}），不用重复申请，可以问我贷款进度。"
        )
    return product


def _check_terms(product: dict[str, Any], amount_fen: int, months: int) -> None:
    if amount_fen < product["least_fen"]:
        raise not_possible("below_minimum", f"{product['name']}最低 ¥{format_fen(product['least_fen'])}，请改大一点。")
    if amount_fen > product["most_fen"]:
        raise not_possible("above_maximum", f"{product['name']}最高 ¥{format_fen(product['most_fen'])}，请改小一点。")
    if not 1 <= months <= product["months_most"]:
        raise not_possible("term_too_long", f"{product['name']}最长{product['months_most']}个月，请改短一点。")
