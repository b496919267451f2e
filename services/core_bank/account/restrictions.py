"""Why accounts are restricted, what still works, and what to bring to have it lifted."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.tables import accounts

_ADVICE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "non_counter": (
        ("别人给您转账、发工资照常收款", "在网点柜台存取款和转账", "在这里查余额、查明细、冻结或挂失银行卡"),
        ("本人身份证", "这张银行卡", "能说明资金来源和用途的材料，比如劳动合同、交易记录"),
    ),
}


def listed(conn: Connection, customer_id: str) -> list[dict[str, Any]]:
    """In the order in which the customer sees the accounts."""
    query = sa.select(accounts).where(accounts.c.customer_id == customer_id, accounts.c.restriction_code.is_not(None))
    found = []
    for row in conn.execute(query.order_by(accounts.c.position)):
        works, bring = _ADVICE.get(row.restriction_code, ((), ("本人身份证", "这张银行卡")))
        found.append(
            {
                "account_id": row.id,
                "code": row.restriction_code,
                "reason": row.restriction_reason,
                "works": list(works),
                "bring": list(bring),
            }
        )
    return found
