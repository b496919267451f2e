"""Reading a profile: what is shown is masked here, so that no caller can forget it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from chinese.mask import mask_phone
from services.core_bank.clock import iso
from services.core_bank.profile.seed import CONSENTS
from services.core_bank.profile.tables import consents, profiles
from services.core_bank.tables import customers
from services.core_bank.wechat.tables import wechat_bindings

REQUIRED = {
    "service": "这是为您提供账户服务所必需的，撤回就要先销户。",
    "credit_report": "您还有未结清的贷款，结清以后这项授权自动失效。",
}
_ADDRESS_SHOWN = 6
_EMAIL_SHOWN = 2


def profile(conn: Connection, customer_id: str) -> Row:
    bound_at = sa.select(sa.func.max(wechat_bindings.c.bound_at)).where(wechat_bindings.c.customer_id == customer_id)
    query = sa.select(
        profiles, customers.c.phone, customers.c.name, bound_at.scalar_subquery().label("wechat_bound_at")
    )
    query = query.join(customers, customers.c.id == profiles.c.customer_id)
    row: Row = conn.execute(query.where(profiles.c.customer_id == customer_id)).one()
    return row


def phone_changed_at(conn: Connection, customer_id: str) -> datetime | None:
    """When the phone number was changed last; None if it never was."""
    changed = sa.select(profiles.c.phone_changed_at).where(profiles.c.customer_id == customer_id)
    moment: datetime | None = conn.execute(changed).scalar_one_or_none()
    return moment


def view(row: Row) -> dict[str, object]:
    expires_on = row.document_expires_on
    return {
        "phone_masked": mask_phone(row.phone),
        "address_masked": mask_address(row.address),
        "email_masked": mask_email(row.email) if row.email else None,
        "employer": row.employer,
        "document": {
            "kind": row.document_kind,
            "masked": row.document_masked,
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
        "alerts_on": row.alerts_on,
        "alerts_from_fen": row.alerts_from_fen,
        "wechat_bound_at": iso(row.wechat_bound_at) if row.wechat_bound_at else None,
    }


def consent_list(conn: Connection, customer_id: str) -> list[dict[str, object]]:
    """Those in force, in the order of the catalogue."""
    query = sa.select(consents).where(consents.c.customer_id == customer_id, consents.c.withdrawn_at.is_(None))
    given = {row.consent: row.given_on for row in conn.execute(query)}
    return [
        {"id": consent, "name": name, "given_on": given[consent].isoformat(), "required": consent in REQUIRED}
        for consent, name in CONSENTS.items()
        if consent in given
    ]


def mask_name(name: str) -> str:
    """张伟 -> *伟, 张秀英 -> **英: those who know the name know it again."""
    return "*" * (len(name) - 1) + name[-1] if len(name) > 1 else "*"


def mask_address(address: str) -> str:
    """上海市浦东新区张杨路500弄12号 -> 上海市浦东新****"""
    return address[:_ADDRESS_SHOWN] + "****"


def mask_email(email: str) -> str:
    """zhangwei88@163.com -> zh****@163.com"""
    name, _, domain = email.partition("@")
    return f"{name[:_EMAIL_SHOWN]}****@{domain}"
