"""Profiles of the demo customers: one document runs out soon, one has run out, one is valid for life."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank.clock import bank_day
from services.core_bank.identifiers import new_id
from services.core_bank.profile.tables import consents, profiles
from services.core_bank.wechat.tables import wechat_bindings

_PEOPLE = (
    # login, address, e-mail, employer, document, days until it runs out, alerts, WeChat
    ("zhangwei", "上海市浦东新区张杨路500弄12号602室", "zhangwei88@163.com", "上海云帆科技有限公司",
     "310***********0011", 45, True, True),
    ("lina", "上海市静安区江宁路168弄3号1102室", "lina.li@qq.com", "上海青禾文化传播有限公司",
     "310***********0022", 1460, True, False),
    ("wangfang", "上海市静安区余姚路417弄8号301室", None, None, "310***********0028", None, True, False),
    ("zhaolei", "上海市松江区新松江路925号5幢204室", None, None, "342***********0057", -20, False, False),
    ("zhangxiuying", "上海市普陀区曹杨路1040弄22号402室", None, None, "310***********0046", None, True, False),
    ("chenchen", "杭州市滨江区江陵路88号3幢1603室", "chenchen@126.com", "杭州海川信息技术有限公司",
     "310***********0039", 2200, True, True),
)  # fmt: skip
CONSENTS = {
    "service": "账户服务所必需的信息处理",
    "credit_report": "贷款期间查询个人征信",
    "marketing": "产品和活动信息推送",
    "recommendation": "根据交易习惯的个性化推荐",
    "insurance": "向合作保险公司提供联系方式",
}
_OPENED = date(2021, 3, 8)


def seed(conn: Connection, world_id: str, now: datetime, customer_ids: dict[str, str]) -> None:
    today = bank_day(now)
    rows = [
        {
            "customer_id": customer_ids[login],
            "address": address,
            "email": email,
            "employer": employer,
            "document_kind": "居民身份证",
            "document_masked": document,
            "document_expires_on": None if days is None else today + timedelta(days),
            "alerts_on": alerts,
            "alerts_from_fen": 0,
        }
        for login, address, email, employer, document, days, alerts, _ in _PEOPLE
    ]
    conn.execute(sa.insert(profiles), rows)
    bound = [
        {
            "id": new_id("wb"),
            "world_id": world_id,
            "customer_id": customer_ids[login],
            "bound_at": now - timedelta(200),
        }
        for login, *_, wechat in _PEOPLE
        if wechat
    ]
    conn.execute(sa.insert(wechat_bindings), bound)
    given = [
        {"customer_id": customer_ids[login], "consent": consent, "given_on": _OPENED}
        for login in customer_ids
        for consent in CONSENTS
        if consent != "credit_report" or login == "zhangwei"
    ]
    conn.execute(sa.insert(consents), given)
