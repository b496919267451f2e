"""Profiles of the in-memory bank, and the orders that change them."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from banking.memory_base import MemoryBase
from banking.memory_orders import Lines, Offer, OrderRules
from banking.memory_transfers import bank_day
from banking.memory_world import CustomerRecord
from banking.model import Line
from banking.orders import Order
from banking.port import NotPossible
from banking.profile import (
    ChangePhone,
    Consent,
    EditContact,
    ExerciseDataRights,
    Profile,
    SetSmsAlert,
    UnbindWechat,
    UpdateIdDocument,
)
from chinese.amounts_text import format_fen

LINK_LINE = "链接（15 分钟内有效，只能用一次）"
MOST_ALERT_FEN = 10_000_00
REMIND_DAYS = 30
ANSWER_DAYS = 30
EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
PLACE = re.compile(r"[省市区县镇乡村路街道弄巷号栋幢室]")
NAMES = {"address": "通讯地址", "email": "电子邮箱", "employer": "工作单位"}
HINTS = {
    "address": "地址请写完整，比如「上海市浦东新区世纪大道88号1201室」。",
    "email": "这个邮箱的格式不对，请再核对一下，比如「name@163.com」。",
    "employer": "单位名称请写全称，比如「上海云帆科技有限公司」。",
}
REQUIRED = {
    "service": "这是为您提供账户服务所必需的，撤回就要先销户。",
    "credit_report": "您还有未结清的贷款，结清以后这项授权自动失效。",
}


class MemoryProfiles(MemoryBase):
    """Reading."""

    def profile(self, session: str) -> Profile:
        return self.read(session, lambda customer: customer.profile)

    def consents(self, session: str) -> tuple[Consent, ...]:
        return self.read(session, lambda customer: tuple(customer.consents.values()))


class PhoneRules(OrderRules):
    """ChangePhone. There are no pages here: the link leads nowhere."""

    order: ClassVar[type[Order]] = ChangePhone

    def propose(self, customer: CustomerRecord, order: ChangePhone, now: datetime) -> Offer:
        lines = (
            Line("现在的号码", customer.profile.phone_masked),
            Line("下一步", "旧号码验证通过后，在安全页面填写并验证新号码"),
        )
        return Offer("更换预留手机号", lines, "yellow", ("phone_change",))

    def execute(self, customer: CustomerRecord, order: ChangePhone, now: datetime) -> Lines:
        return (_link(),)


class ContactRules(OrderRules):
    """EditContact."""

    order: ClassVar[type[Order]] = EditContact

    def propose(self, customer: CustomerRecord, order: EditContact, now: datetime) -> Offer:
        valid = {
            "address": len(order.value) >= 8 and bool(PLACE.search(order.value)),
            "email": bool(EMAIL.fullmatch(order.value)),
            "employer": len(order.value) >= 4,
        }
        if not valid[order.item]:
            raise NotPossible("contact_invalid", HINTS[order.item])
        return Offer(f"把{NAMES[order.item]}改为：{order.value}")

    def execute(self, customer: CustomerRecord, order: EditContact, now: datetime) -> Lines:
        self.propose(customer, order, now)
        name, _, domain = order.value.partition("@")
        changes = {
            "address": {"address_masked": f"{order.value[:6]}****"},
            "email": {"email_masked": f"{name[:2]}****@{domain}"},
            "employer": {"employer": order.value},
        }
        customer.profile = replace(customer.profile, **changes[order.item])  # type: ignore[arg-type]
        return ()


class AlertRules(OrderRules):
    """SetSmsAlert."""

    order: ClassVar[type[Order]] = SetSmsAlert
    needs_code = False

    def propose(self, customer: CustomerRecord, order: SetSmsAlert, now: datetime) -> Offer:
        if not order.on:
            return Offer("关闭动账短信提醒", (Line("关闭以后", "账户变动不再发短信，可疑交易仍会通知您"),))
        if not 0 <= order.from_fen <= MOST_ALERT_FEN:
            raise NotPossible(
                "alert_amount", f"提醒的起点金额可以是 0 到 ¥{format_fen(MOST_ALERT_FEN)}，请换一个金额。"
            )
        scope = f"满 ¥{format_fen(order.from_fen)} 的变动" if order.from_fen else "每一笔变动"
        return Offer(f"开通动账短信提醒，{scope}都发短信", (Line("费用", "免费"),))

    def execute(self, customer: CustomerRecord, order: SetSmsAlert, now: datetime) -> Lines:
        customer.profile = replace(customer.profile, alerts_on=order.on, alerts_from_fen=order.from_fen)
        return ()


class DocumentRules(OrderRules):
    """UpdateIdDocument."""

    order: ClassVar[type[Order]] = UpdateIdDocument

    def propose(self, customer: CustomerRecord, order: UpdateIdDocument, now: datetime) -> Offer:
        document = customer.profile.document
        if document.expires_on is None:
            reason = "您登记的身份证长期有效，不用更新。换了新证或信息有变，请到网点更新。"
            raise NotPossible("document_for_life", reason)
        today = bank_day(now)
        reminder = max(document.expires_on - timedelta(REMIND_DAYS), today + timedelta(1))
        state = "已过期" if document.expires_on < today else "有效期至"
        lines = (
            Line("登记的证件", f"{document.kind} {document.masked}"),
            Line(state, _day_text(document.expires_on)),
        )
        return Offer(f"登记更新身份证的提醒，{_day_text(reminder)}短信提醒您", lines)

    def execute(self, customer: CustomerRecord, order: UpdateIdDocument, now: datetime) -> Lines:
        return ()


class DataRules(OrderRules):
    """ExerciseDataRights."""

    order: ClassVar[type[Order]] = ExerciseDataRights

    def propose(self, customer: CustomerRecord, order: ExerciseDataRights, now: datetime) -> Offer:
        if order.asked_for == "export":
            return Offer("导出您的个人信息副本", (Line("格式", "JSON 文件，凭一次性链接下载"),))
        if order.asked_for == "delete":
            lines = (
                Line("马上删除", "电子邮箱、工作单位、营销和推荐授权"),
                Line("人工处理", "聊天记录、影像等其他非必需的信息"),
                Line("依法保留", "身份资料和交易记录，《反洗钱法》要求至少保存十年"),
            )
            return Offer("删除可以删除的个人信息", lines)
        if order.consent in REQUIRED:
            raise NotPossible("consent_required", f"这项授权现在不能撤回：{REQUIRED[order.consent]}")
        given = customer.consents.get(order.consent or "")
        if given is None:
            raise NotPossible("consent_unknown", "这项授权没有生效或已经撤回，请选一项别的。")
        after = Line("撤回以后", "不再按这项授权处理您的信息，撤回之前的处理不受影响")
        return Offer(f"撤回「{given.name}」的授权", (after,))

    def execute(self, customer: CustomerRecord, order: ExerciseDataRights, now: datetime) -> Lines:
        self.propose(customer, order, now)
        number = Line("申请编号", f"DR-{secrets.token_hex(4).upper()}")
        if order.asked_for == "export":
            return (number, _link())
        if order.asked_for == "withdraw":
            del customer.consents[str(order.consent)]
            return (number,)
        customer.profile = replace(customer.profile, email_masked=None, employer=None)
        customer.consents = {key: given for key, given in customer.consents.items() if given.required}
        return (number, Line("最晚答复", _day_text(bank_day(now) + timedelta(ANSWER_DAYS))))


class WechatRules(OrderRules):
    """UnbindWechat."""

    order: ClassVar[type[Order]] = UnbindWechat

    def propose(self, customer: CustomerRecord, order: UnbindWechat, now: datetime) -> Offer:
        if customer.profile.wechat_bound_at is None:
            raise NotPossible("wechat_not_bound", "您还没有绑定微信，不用解绑。")
        return Offer("解绑微信", (Line("解绑以后", "这个微信不能再查询和办理业务，其他渠道不受影响"),))

    def execute(self, customer: CustomerRecord, order: UnbindWechat, now: datetime) -> Lines:
        self.propose(customer, order, now)
        customer.profile = replace(customer.profile, wechat_bound_at=None)
        return (Line("状态", "已解绑"),)


RULES: tuple[OrderRules, ...] = (
    PhoneRules(),
    ContactRules(),
    AlertRules(),
    DocumentRules(),
    DataRules(),
    WechatRules(),
)


def _link() -> Line:
    return Line(LINK_LINE, f"https://bank.example/once/{secrets.token_urlsafe(12)}")


def _day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
