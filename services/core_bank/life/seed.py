"""Bills of the demo customers: two of 张伟's are open."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.clock import bank_day
from services.core_bank.identifiers import new_id
from services.core_bank.life.tables import auto_debits, bill_accounts

_STATE_GRID, _GAS, _WATER = "国网上海市电力公司", "上海燃气有限公司", "上海城投水务"
_BILLS = (
    # login, category, biller, account number, alias, owed in fen
    ("zhangwei", "electricity", _STATE_GRID, "3100458217", "家里", 186_32),
    ("zhangwei", "gas", _GAS, "8800231906", "家里", 68_40),
    ("zhangwei", "water", _WATER, "5500127743", "家里", 0),
    ("zhangwei", "mobile", "中国移动", "13800010001", "本人", None),
    ("zhangwei", "mobile", "中国移动", "13800010005", "妈妈", None),
    ("lina", "electricity", _STATE_GRID, "3100620338", "家里", 92_15),
    ("lina", "mobile", "中国移动", "13800010002", "本人", None),
    ("wangfang", "electricity", _STATE_GRID, "3100094471", "家里", 145_80),
    ("wangfang", "mobile", "中国移动", "13800010003", "本人", None),
    ("zhaolei", "mobile", "中国移动", "13800010004", "本人", None),
    ("zhangxiuying", "gas", _GAS, "8800117520", "家里", 35_60),
    ("zhangxiuying", "mobile", "中国移动", "13800010005", "本人", None),
    ("chenchen", "mobile", "中国移动", "13800010006", "本人", None),
)
_SIGNED = ("zhangwei", "water", "zhangwei/6789")


def seed(conn: Connection, now: datetime, customer_ids: dict[str, str], account_ids: dict[str, str]) -> None:
    last_month = (bank_day(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    rows = [
        {
            "id": new_id("bi"),
            "customer_id": customer_ids[login],
            "position": position,
            "category": category,
            "biller": biller,
            "account_no": account_no,
            "alias": alias,
            "owed_fen": owed_fen,
            "bill_month": None if category == "mobile" else last_month,
        }
        for position, (login, category, biller, account_no, alias, owed_fen) in enumerate(_BILLS)
    ]
    conn.execute(sa.insert(bill_accounts), rows)
    login, category, account = _SIGNED
    signed = next(row for row in rows if row["customer_id"] == customer_ids[login] and row["category"] == category)
    values = {"bill_account_id": signed["id"], "account_id": account_ids[account], "signed_at": now - timedelta(90)}
    conn.execute(sa.insert(auto_debits), [values])
