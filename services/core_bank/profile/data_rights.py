"""Rights over personal information: a copy, deletion of what the law lets go, withdrawal of a consent.

Sources: 《个人信息保护法》 articles 15, 44, 45, 47; the answer within 30 days, GB/T 35273-2020 8.7; identity data and
transactions kept ten years, 《反洗钱法》 (2024) article 34.
"""

from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Lines, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.links import store
from services.core_bank.profile import queries
from services.core_bank.profile.contact import LINK_LINE
from services.core_bank.profile.seed import CONSENTS
from services.core_bank.profile.tables import consents, data_requests, profiles

ANSWER_DAYS = 30
_OPTIONAL = ("marketing", "recommendation", "insurance")


class DataRightsRequest(DraftRequest):
    kind: Literal["exercise_data_rights"]
    asked_for: Literal["export", "delete", "withdraw"]
    consent: Text | None = None


class ExerciseDataRights(Order):
    """`consent` is the one to withdraw, and nothing else's."""

    name = "exercise_data_rights"
    Request = DataRightsRequest

    def propose(self, conn: Connection, applicant: Applicant, request: DataRightsRequest) -> Offer:
        if request.asked_for == "export":
            return Offer("导出您的个人信息副本", [("格式", "JSON 文件，凭一次性链接下载")])
        if request.asked_for == "delete":
            return Offer("删除可以删除的个人信息", _deletion())
        name = _withdrawable(conn, applicant.customer_id, request.consent)
        return Offer(f"撤回「{name}」的授权", [("撤回以后", "不再按这项授权处理您的信息，撤回之前的处理不受影响")])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        number, due_on = new_receipt_number("DR", now), bank_day(now) + timedelta(ANSWER_DAYS)
        conn.execute(
            sa.insert(data_requests).values(
                number=number,
                customer_id=draft.customer_id,
                asked_for=fields["asked_for"],
                made_at=now,
                due_on=due_on,
            )
        )
        lines: Lines = [("申请编号", number)]
        if fields["asked_for"] == "export":
            lines.append((LINK_LINE, store.make(conn, draft, "export_data", now)))
        elif fields["asked_for"] == "delete":
            _delete(conn, draft.customer_id, now)
            lines.append(("最晚答复", f"{due_on.year}年{due_on.month}月{due_on.day}日"))
        else:
            _withdrawable(conn, draft.customer_id, fields["consent"])
            _withdraw(conn, draft.customer_id, (fields["consent"],), now)
        return Receipt(new_receipt_number("ZG", now), now, lines)


def _deletion() -> Lines:
    return [
        ("马上删除", "电子邮箱、工作单位、营销和推荐授权"),
        ("人工处理", "聊天记录、影像等其他非必需的信息"),
        ("依法保留", "身份资料和交易记录，《反洗钱法》要求至少保存十年"),
    ]


def _withdrawable(conn: Connection, customer_id: str, consent: str | None) -> str:
    """The name of a consent in force. Raises not_possible (consent_unknown, consent_required)."""
    if consent in queries.REQUIRED:
        raise not_possible("consent_required", f"这项授权现在不能撤回：{queries.REQUIRED[consent]}")
    if consent not in {given["id"] for given in queries.consent_list(conn, customer_id)}:
        raise not_possible("consent_unknown", "这项授权没有生效或已经撤回，请选一项别的。")
    return CONSENTS[str(consent)]


def _withdraw(conn: Connection, customer_id: str, withdrawn: tuple[str, ...], now: datetime) -> None:
    given = sa.update(consents).where(consents.c.customer_id == customer_id, consents.c.consent.in_(withdrawn))
    conn.execute(given.where(consents.c.withdrawn_at.is_(None)).values(withdrawn_at=now))


def _delete(conn: Connection, customer_id: str, now: datetime) -> None:
    conn.execute(sa.update(profiles).where(profiles.c.customer_id == customer_id).values(email=None, employer=None))
    _withdraw(conn, customer_id, _OPTIONAL, now)
