"""What the risk questionnaire says of a customer, and which products that allows."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.days_text import full_day
from services.core_bank import catalogue
from services.core_bank.errors import not_possible
from services.core_bank.wealth.tables import risk_results

LETTERS = "ABCD"


def newest_result(conn: Connection, customer_id: str) -> Row | None:
    """The customer's last result, valid or not."""
    results = sa.select(risk_results).where(risk_results.c.customer_id == customer_id)
    return conn.execute(results.order_by(risk_results.c.assessed_at.desc()).limit(1)).one_or_none()


def check(conn: Connection, customer_id: str, product: dict[str, Any], today: date) -> None:
    """Raises not_possible (not_assessed, assessment_expired, above_risk_level)."""
    result = newest_result(conn, customer_id)
    if result is None:
        raise not_possible("not_assessed", "购买前要先做一次风险测评，几道选择题，两分钟就好。")
    if today > result.valid_until:
        raise not_possible("assessment_expired", f"您的风险测评已在{full_day(result.valid_until)}到期，请先重新测评。")
    if product["risk"] > result.level:
        raise not_possible(
            "above_risk_level",
            f"{product['name']}是R{product['risk']}，您的测评结果是C{result.level}（{level_name(result.level)}），"
            f"只能买R{result.level}及以下的产品，这一款不能卖给您。",
        )


def points_of(answers: str) -> int:
    """Raises not_possible (answers_incomplete) unless there is one letter A to D a question."""
    count = len(catalogue.section("risk_questions"))
    if len(answers) != count or any(answer not in LETTERS for answer in answers):
        raise not_possible("answers_incomplete", f"测评共{count}题，每题选一个答案，请重新作答。")
    return sum(LETTERS.index(answer) + 1 for answer in answers)


def level_of(points: int) -> int:
    """1 to 5."""
    return max(int(one["level"]) for one in catalogue.section("risk_levels") if one["points"] <= points)


def level_name(level: int) -> str:
    """平衡型"""
    return str((catalogue.find("risk_levels", "level", level) or {})["name"])
