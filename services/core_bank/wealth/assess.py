"""The risk questionnaire: answers in, a level from C1 to C5 out, valid for a year."""

from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.days_text import full_day
from finance.interest import add_months
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.wealth.suitability import level_name, level_of, points_of
from services.core_bank.wealth.tables import risk_results

VALID_MONTHS = 12


class AssessRiskRequest(DraftRequest):
    kind: Literal["assess_risk"]
    answers: Text


class AssessRisk(Order):
    """`answers` is one letter a question, in their order."""

    name = "assess_risk"
    Request = AssessRiskRequest

    def propose(self, conn: Connection, applicant: Applicant, request: AssessRiskRequest) -> Offer:
        level = level_of(points_of(request.answers))
        valid_until = add_months(bank_day(applicant.now), VALID_MONTHS)
        answers = "、".join(f"{number}{answer}" for number, answer in enumerate(request.answers, 1))
        text = f"提交风险测评，结果为C{level}（{level_name(level)}）"
        return Offer(text, [("您的答案", answers), *_lines(level, valid_until)])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        points = points_of(asked(draft)["answers"])
        level, valid_until = level_of(points), add_months(bank_day(now), VALID_MONTHS)
        conn.execute(
            sa.insert(risk_results).values(
                draft_id=draft.id,
                customer_id=draft.customer_id,
                level=level,
                points=points,
                assessed_at=now,
                valid_until=valid_until,
            )
        )
        return Receipt(new_receipt_number("CP", now), now, _lines(level, valid_until))


def _lines(level: int, valid_until: date) -> Lines:
    return [
        ("风险等级", f"C{level} {level_name(level)}"),
        ("可以购买", "R1" if level == 1 else f"R1至R{level}的产品"),
        ("有效期至", full_day(valid_until)),
    ]
