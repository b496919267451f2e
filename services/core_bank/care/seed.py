"""Tickets that the demo customers already have."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.care.kinds import ticket_kind
from services.core_bank.care.tables import tickets
from services.core_bank.identifiers import new_receipt_number

_DEMO = (
    ("zhangwei", "file_complaint", 20 * 24, "内容：网点排队两个小时没有人管。"),
    ("zhangwei", "dispute_atm_cash", 24, "情况：少出钞；相差金额：¥200.00；卡片：借记卡（尾号6789）；机器：A0217"),
)


def seed(conn: Connection, world_id: str, now: datetime, customer_ids: dict[str, str]) -> None:
    rows = []
    for login, kind, hours_ago, content in _DEMO:
        opened_at = now - timedelta(hours=hours_ago)
        rows.append(
            {
                "ticket_no": new_receipt_number("GD", opened_at),
                "world_id": world_id,
                "customer_id": customer_ids[login],
                "kind": kind,
                "content": content,
                "opened_at": opened_at,
                "promised_by": opened_at + ticket_kind(kind).promised_within,
            }
        )
    conn.execute(sa.insert(tickets), rows)
