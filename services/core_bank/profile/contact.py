"""Orders about how the bank reaches a customer: phone, address, e-mail, employer, alerts, document, WeChat."""

import re
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import StrictBool, StrictInt
from sqlalchemy.engine import Connection, Row

from chinese.amounts_text import format_fen
from services.core_bank.clock import bank_day
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import BankError, not_possible
from services.core_bank.fields import Text
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.links import store
from services.core_bank.profile import queries
from services.core_bank.profile.tables import profiles
from services.core_bank.risk import Risk
from services.core_bank.wechat import bindings

LINK_LINE = "链接（15 分钟内有效，只能用一次）"
MOST_ALERT_FEN = 10_000_00
REMIND_DAYS = 30
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_NAMES = {"address": "通讯地址", "email": "电子邮箱", "employer": "工作单位"}
_PLACE = re.compile(r"[省市区县镇乡村路街道弄巷号栋幢室]")
_SHORTEST = {"address": 8, "employer": 4}


class ChangePhoneRequest(DraftRequest):
    kind: Literal["change_phone"]


class ChangePhone(Order):
    """The code goes to the old number; the new one is typed and proved by a code of its own on a page."""

    name = "change_phone"
    Request = ChangePhoneRequest

    def propose(self, conn: Connection, applicant: Applicant, request: ChangePhoneRequest) -> Offer:
        phone = queries.view(queries.profile(conn, applicant.customer_id))["phone_masked"]
        lines = [("现在的号码", str(phone)), ("下一步", "旧号码验证通过后，在安全页面填写并验证新号码")]
        return Offer("更换预留手机号", lines, risk=Risk("yellow", ["phone_change"]))

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        return Receipt(_number(now), now, [(LINK_LINE, store.make(conn, draft, "change_phone", now))])


class EditContactRequest(DraftRequest):
    kind: Literal["edit_contact"]
    item: Literal["address", "email", "employer"]
    value: Text


class EditContact(Order):
    name = "edit_contact"
    Request = EditContactRequest

    def propose(self, conn: Connection, applicant: Applicant, request: EditContactRequest) -> Offer:
        _check_contact(request.item, request.value)
        return Offer(f"把{_NAMES[request.item]}改为：{request.value}")

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        _check_contact(fields["item"], fields["value"])
        _update(conn, draft, **{fields["item"]: fields["value"]})
        return Receipt(_number(now), now)


class SetSmsAlertRequest(DraftRequest):
    kind: Literal["set_sms_alert"]
    on: StrictBool
    from_fen: StrictInt


class SetSmsAlert(Order):
    """`from_fen` is the smallest amount that is told; it says nothing when alerts are switched off."""

    name = "set_sms_alert"
    needs_code = False
    Request = SetSmsAlertRequest

    def propose(self, conn: Connection, applicant: Applicant, request: SetSmsAlertRequest) -> Offer:
        if not request.on:
            return Offer("关闭动账短信提醒", [("关闭以后", "账户变动不再发短信，可疑交易仍会通知您")])
        if not 0 <= request.from_fen <= MOST_ALERT_FEN:
            reason = f"提醒的起点金额可以是 0 到 ¥{format_fen(MOST_ALERT_FEN)}，请换一个金额。"
            raise not_possible("alert_amount", reason)
        scope = f"满 ¥{format_fen(request.from_fen)} 的变动" if request.from_fen else "每一笔变动"
        return Offer(f"开通动账短信提醒，{scope}都发短信", [("费用", "免费")])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        _update(conn, draft, alerts_on=fields["on"], alerts_from_fen=fields["from_fen"])
        return Receipt(_number(now), now)


class UpdateIdDocumentRequest(DraftRequest):
    kind: Literal["update_id_document"]


class UpdateIdDocument(Order):
    """A document is checked by people, not in a chat: what is done here is a reminder.

    It takes a code like all of tier 3: what the bank does about an identity document is the customer's own wish only.
    """

    name = "update_id_document"
    Request = UpdateIdDocumentRequest

    def propose(self, conn: Connection, applicant: Applicant, request: UpdateIdDocumentRequest) -> Offer:
        row = queries.profile(conn, applicant.customer_id)
        until = row.document_expires_on
        if until is None:
            raise not_possible(
                "document_for_life", "您登记的身份证长期有效，不用更新。换了新证或信息有变，请到网点更新。"
            )
        state = "已过期" if until < bank_day(applicant.now) else "有效期至"
        reminder = _reminder_day(row, applicant.now)
        lines = [("登记的证件", f"{row.document_kind} {row.document_masked}"), (state, _day_text(until))]
        return Offer(f"登记更新身份证的提醒，{_day_text(reminder)}短信提醒您", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        reminder = _reminder_day(queries.profile(conn, draft.customer_id), now)
        _update(conn, draft, document_reminder_on=reminder)
        return Receipt(_number(now), now)


class UnbindWechatRequest(DraftRequest):
    kind: Literal["bind_wechat"]


class UnbindWechat(Order):
    """The half of the service bind_wechat that is an order: only in WeChat can a WeChat be bound."""

    name = "bind_wechat"
    Request = UnbindWechatRequest

    def propose(self, conn: Connection, applicant: Applicant, request: UnbindWechatRequest) -> Offer:
        if queries.profile(conn, applicant.customer_id).wechat_bound_at is None:
            raise _not_bound()
        return Offer("解绑微信", [("解绑以后", "这个微信不能再查询和办理业务，其他渠道不受影响")])

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        if not bindings.unbind_customer(conn, draft.customer_id):
            raise _not_bound()
        return Receipt(_number(now), now, [("状态", "已解绑")])


def _check_contact(item: str, value: str) -> None:
    """Raises not_possible (contact_invalid)."""
    valid = {
        "address": len(value) >= _SHORTEST["address"] and bool(_PLACE.search(value)),
        "email": bool(_EMAIL.fullmatch(value)),
        "employer": len(value) >= _SHORTEST["employer"],
    }
    if not valid[item]:
        hints = {
            "address": "地址请写完整，比如「上海市浦东新区世纪大道88号1201室」。",
            "email": "这个邮箱的格式不对，请再核对一下，比如「name@163.com」。",
            "employer": "单位名称请写全称，比如「上海云帆科技有限公司」。",
        }
        raise not_possible("contact_invalid", hints[item])


def _not_bound() -> BankError:
    return not_possible("wechat_not_bound", "您还没有绑定微信，不用解绑。")


def _reminder_day(row: Row, now: datetime) -> Any:
    """A month before it runs out, tomorrow at the earliest."""
    return max(row.document_expires_on - timedelta(REMIND_DAYS), bank_day(now) + timedelta(1))


def _update(conn: Connection, draft: Row, **values: Any) -> None:
    conn.execute(sa.update(profiles).where(profiles.c.customer_id == draft.customer_id).values(**values))


def _day_text(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _number(now: datetime) -> str:
    return new_receipt_number("ZG", now)
