"""Pages behind one-time links: a new phone number, a copy of one's data."""

import hashlib
import hmac
import json
import re
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from starlette.responses import Response

from services.core_bank import clock, queries, sms, statement, web_page
from services.core_bank.bank import Bank, write_audit
from services.core_bank.links import store
from services.core_bank.links.pages import OncePage
from services.core_bank.profile import queries as profile_queries
from services.core_bank.profile.tables import profiles
from services.core_bank.tables import customers

TRIES, SENDS = 5, 3
_MOBILE = re.compile(r"1[3-9]\d{9}")
_EXPORTED_TRANSACTIONS = 100


class ChangePhonePage(OncePage):
    """First the new number, then the code that was sent to it; five wrong codes burn the link, three are sent."""

    purpose = "change_phone"
    title = "更换预留手机号"

    def show(self, link: Row) -> Response:
        return self._ask_code(link.notes["phone"]) if "phone" in link.notes else self._ask_phone()

    def act(self, bank: Bank, conn: Connection, link: Row, fields: dict[str, str]) -> Response:
        if "code" in fields and "phone" in link.notes:
            return self._finish(bank, conn, link, fields["code"])
        phone = fields.get("phone", "")
        if not _MOBILE.fullmatch(phone):
            return self._ask_phone("请填写 11 位手机号。")
        sends = link.notes.get("sends", 0) + 1
        if sends > SENDS:
            return self._ask_code(link.notes["phone"], f"这个链接最多发 {SENDS} 次验证码，请填最后收到的那个。")
        now, code = clock.now(conn, link.world_id), f"{secrets.randbelow(1_000_000):06d}"
        text = f"【掌柜银行】验证码{code}，您正在把这个号码设为预留手机号。15分钟内有效，请勿告诉任何人。"
        sms.send(bank, conn, sms.Message(link.world_id, link.customer_id, phone, text, code), now)
        tries = link.notes.get("tries", TRIES)
        store.note(conn, link, {"phone": phone, "code": _hash(bank, link, code), "tries": tries, "sends": sends})
        return self._ask_code(phone)

    def _finish(self, bank: Bank, conn: Connection, link: Row, code: str) -> Response:
        notes = link.notes
        if not hmac.compare_digest(_hash(bank, link, code), notes["code"]):
            left = notes["tries"] - 1
            store.note(conn, link, {**notes, "tries": left})
            if left <= 0:
                store.burn(conn, link)
                return self.page("验证码输错次数太多，这次没有更换。")
            return self._ask_code(notes["phone"], f"验证码不对，还可以再试 {left} 次。")
        store.burn(conn, link)
        now = clock.now(conn, link.world_id)
        conn.execute(sa.update(customers).where(customers.c.id == link.customer_id).values(phone=notes["phone"]))
        changed = sa.update(profiles).where(profiles.c.customer_id == link.customer_id)
        conn.execute(changed.values(phone_changed_at=now))
        write_audit(conn, link.world_id, link.customer_id, "customer", "phone_changed", link.id)
        return self.page("预留手机号已更换，以后的验证码发到新号码。")

    def _ask_phone(self, problem: str = "") -> Response:
        field = web_page.field("phone", "新手机号", 'inputmode="numeric" maxlength="11"')
        return self.page(form=web_page.form(field, "发送验证码", problem))

    def _ask_code(self, phone: str, problem: str = "") -> Response:
        field = web_page.field("code", "验证码", 'inputmode="numeric" maxlength="6"')
        about = f"验证码已发到 {phone[:3]}****{phone[-4:]}。"
        return self.page(about, web_page.form(field, "确认更换", problem))


class ExportPage(OncePage):
    """The copy of article 45: machine-readable, once."""

    purpose = "export_data"
    title = "下载个人信息副本"

    def show(self, link: Row) -> Response:
        return self.page("下载以后链接失效，请妥善保管文件。", web_page.form("", "下载"))

    def act(self, bank: Bank, conn: Connection, link: Row, fields: dict[str, str]) -> Response:
        store.burn(conn, link)
        write_audit(conn, link.world_id, link.customer_id, "customer", "data_exported", link.id)
        content = json.dumps(_copy(conn, link.customer_id), ensure_ascii=False, indent=2)
        headers = web_page.HEADERS | {"Content-Disposition": "attachment; filename=my-data.json"}
        return Response(content, media_type="application/json", headers=headers)


PAGES = (ChangePhonePage(), ExportPage())


def _copy(conn: Connection, customer_id: str) -> dict[str, Any]:
    row = profile_queries.profile(conn, customer_id)
    person = {"name": row.name, "phone": row.phone, "address": row.address, "email": row.email}
    filters = statement.Filter(None, None, None, None, None, None, None)
    return {
        "person": {**person, "employer": row.employer, "document": profile_queries.view(row)["document"]},
        "accounts": queries.list_accounts(conn, customer_id),
        "cards": queries.list_cards(conn, customer_id),
        "payees": queries.list_payees(conn, customer_id),
        "consents": profile_queries.consent_list(conn, customer_id),
        "transactions": statement.page(conn, customer_id, filters, _EXPORTED_TRANSACTIONS, None)["transactions"],
    }


def _hash(bank: Bank, link: Row, code: str) -> str:
    return hmac.new(bank.code_key, f"{link.id} {code}".encode(), hashlib.sha256).hexdigest()
