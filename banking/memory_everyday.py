"""What the demo customers have beside accounts: bills, profiles, consents; the same as the sandbox's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from banking.life import AutoDebit, BillAccount
from banking.memory_transfers import bank_day
from banking.memory_world import CustomerRecord
from banking.profile import Consent, IdDocument, Profile
from chinese.mask import mask_phone

CONSENTS = {
    "service": "账户服务所必需的信息处理",
    "credit_report": "贷款期间查询个人征信",
    "marketing": "产品和活动信息推送",
    "recommendation": "根据交易习惯的个性化推荐",
    "insurance": "向合作保险公司提供联系方式",
}
REQUIRED = frozenset({"service", "credit_report"})
CHEN_WORKS_AT = "杭州海川信息技术有限公司"
OPENED = date(2021, 3, 8)


def furnish(customers: dict[str, CustomerRecord], now: datetime) -> None:
    """Give every demo customer what is theirs."""
    _open_bills(customers, now)
    _write_profiles(customers, now)


def _open_bills(customers: dict[str, CustomerRecord], now: datetime) -> None:
    grid, gas, water = "国网上海市电力公司", "上海燃气有限公司", "上海城投水务"
    month = (bank_day(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    for login, category, biller, number, alias, owed_fen in (
        ("zhangwei", "electricity", grid, "尾号8217", "家里", 186_32),
        ("zhangwei", "gas", gas, "尾号1906", "家里", 68_40),
        ("zhangwei", "water", water, "尾号7743", "家里", 0),
        ("zhangwei", "mobile", "中国移动", "138****0001", "本人", None),
        ("zhangwei", "mobile", "中国移动", "138****0005", "妈妈", None),
        ("lina", "electricity", grid, "尾号0338", "家里", 92_15),
        ("lina", "mobile", "中国移动", "138****0002", "本人", None),
        ("wangfang", "electricity", grid, "尾号4471", "家里", 145_80),
        ("wangfang", "mobile", "中国移动", "138****0003", "本人", None),
        ("zhaolei", "mobile", "中国移动", "138****0004", "本人", None),
        ("zhangxiuying", "gas", gas, "尾号7520", "家里", 35_60),
        ("zhangxiuying", "mobile", "中国移动", "138****0005", "本人", None),
        ("chenchen", "mobile", "中国移动", "138****0006", "本人", None),
    ):
        bills = customers[login].bills
        bill_month = None if category == "mobile" else month
        identity = f"bi_{login}_{len(bills)}"
        bills[identity] = BillAccount(identity, category, biller, number, alias, owed_fen, bill_month, None)  # type: ignore[arg-type]
    zhangwei = customers["zhangwei"]
    account = next(account for account in zhangwei.accounts.values() if account.tail == "6789")
    water_bill = next(bill for bill in zhangwei.bills.values() if bill.category == "water")
    agreement = AutoDebit(account.id, "6789", now - timedelta(days=90))
    zhangwei.bills[water_bill.id] = replace(water_bill, auto_debit=agreement)


def _write_profiles(customers: dict[str, CustomerRecord], now: datetime) -> None:
    for login, address, email, employer, document, days, alerts, wechat in (
        ("zhangwei", "上海市浦东新", "zh****@163.com", "上海云帆科技有限公司", "310***********0011", 45, True, True),
        ("lina", "上海市静安区", "li****@qq.com", "上海青禾文化传播有限公司", "310***********0022", 1460, True, False),
        ("wangfang", "上海市静安区", None, None, "310***********0028", None, True, False),
        ("zhaolei", "上海市松江区", None, None, "342***********0057", -20, False, False),
        ("zhangxiuying", "上海市普陀区", None, None, "310***********0046", None, True, False),
        ("chenchen", "杭州市滨江区", "ch****@126.com", CHEN_WORKS_AT, "310***********0039", 2200, True, True),
    ):
        customer = customers[login]
        expires_on = None if days is None else bank_day(now) + timedelta(days)
        customer.profile = Profile(
            phone_masked=mask_phone(customer.phone),
            address_masked=f"{address}****",
            email_masked=email,
            employer=employer,
            document=IdDocument("居民身份证", document, expires_on),
            alerts_on=alerts,
            alerts_from_fen=0,
            wechat_bound_at=now - timedelta(200) if wechat else None,
        )
        customer.consents = {
            consent: Consent(consent, name, OPENED, consent in REQUIRED)
            for consent, name in CONSENTS.items()
            if consent != "credit_report" or login == "zhangwei"
        }
