"""Adding a payee: the number was typed before and is named by its reference only."""

import re
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.bank import lock_customer
from services.core_bank.drafts.base import Applicant, DraftRequest, Receipt
from services.core_bank.drafts.order import Offer, Order, asked
from services.core_bank.errors import not_possible
from services.core_bank.fields import Name, Text
from services.core_bank.identifiers import new_id, new_receipt_number
from services.core_bank.payees import numbers
from services.core_bank.payees.tables import typed_numbers
from services.core_bank.tables import accounts, customers, payees

MOST = 200
_NAME = re.compile(r"[\u4e00-\u9fff·（）A-Za-z ]{2,40}")


class AddPayeeRequest(DraftRequest):
    kind: Literal["add_payee"]
    number_reference: Text
    name: Name
    alias: Name | None = None


class AddPayee(Order):
    name = "add_payee"
    Request = AddPayeeRequest

    def propose(self, conn: Connection, applicant: Applicant, request: AddPayeeRequest) -> Offer:
        number = numbers.find(conn, applicant.customer_id, request.number_reference, applicant.session_id)
        typed = _require_fitting(conn, applicant.customer_id, number, request.name)
        lines = [("户名", request.name), ("开户行", typed.bank), ("账号", f"尾号{typed.tail}")]
        lines += [("称呼", request.alias)] if request.alias else []
        return Offer(f"把{request.name}（{typed.bank}，尾号{typed.tail}）添加为收款人", lines)

    def execute(self, conn: Connection, draft: Row, now: datetime) -> Receipt:
        fields = asked(draft)
        lock_customer(conn, draft.customer_id)
        number = numbers.find(conn, draft.customer_id, fields["number_reference"])
        typed = _require_fitting(conn, draft.customer_id, number, fields["name"])
        payee_id = new_id("pa")
        last = sa.select(sa.func.max(payees.c.position)).where(payees.c.customer_id == draft.customer_id)
        conn.execute(
            sa.insert(payees).values(
                id=payee_id,
                customer_id=draft.customer_id,
                position=(conn.execute(last).scalar_one() or 0) + 1,
                name=fields["name"],
                alias=fields["alias"],
                bank=typed.bank,
                tail=typed.tail,
                internal=typed.account_id is not None,
                account_id=typed.account_id,
            )
        )
        used = sa.update(typed_numbers).where(typed_numbers.c.reference == typed.reference)
        conn.execute(used.values(payee_id=payee_id))
        return Receipt(new_receipt_number("ZG", now), now)


def _require_fitting(conn: Connection, customer_id: str, number: Row | None, name: str) -> Row:
    """The number, when it may become a payee of this name.

    Raises not_possible (number_expired, name_invalid, bank_unknown, account_unknown, own_account, name_mismatch,
    payee_exists, too_many_payees).
    """
    if number is None:
        raise not_possible("number_expired", "刚才输入的账号已经失效，请再输入一次对方的完整账号。")
    if not _NAME.fullmatch(name):
        raise not_possible("name_invalid", "户名要和对方银行卡上的姓名一样，请再告诉我一次。")
    if number.bank is None:
        raise not_possible("bank_unknown", "没有认出这是哪家银行的卡，请核对账号；确认无误的，请到网点添加。")
    if number.bank == numbers.OUR_BANK:
        _require_our_account(conn, customer_id, number, name)
    known = conn.execute(_payees_of(customer_id)).all()
    if any(_is_same(payee, number, name) for payee in known):
        raise not_possible("payee_exists", "这个账号已经在您的收款人名册里了，不用再加。")
    if len(known) >= MOST:
        raise not_possible("too_many_payees", f"收款人最多存 {MOST} 位，请先删除不用的。")
    return number


def _require_our_account(conn: Connection, customer_id: str, number: Row, name: str) -> None:
    """Raises not_possible (account_unknown, own_account, name_mismatch)."""
    owner = conn.execute(
        sa.select(customers.c.id, customers.c.name)
        .join(accounts, accounts.c.customer_id == customers.c.id)
        .where(accounts.c.id == number.account_id, accounts.c.state != "closed")
    ).one_or_none()
    if owner is None:
        raise not_possible("account_unknown", "本行没有这个账号，请核对后再输入一次。")
    if owner.id == customer_id:
        raise not_possible(
            "own_account", "这是您自己的账户，不用添加。要在自己的卡之间转钱，直接对我说「转到我另一张卡」。"
        )
    if owner.name != name:
        raise not_possible("name_mismatch", "户名和账号对不上，请和对方核对姓名后再告诉我一次。")


def _payees_of(customer_id: str) -> Any:
    return (
        sa.select(payees, typed_numbers.c.digest)
        .outerjoin(typed_numbers, typed_numbers.c.payee_id == payees.c.id)
        .where(payees.c.customer_id == customer_id, payees.c.removed.is_(False))
    )


def _is_same(payee: Row, number: Row, name: str) -> bool:
    """The same account: of ours by its id, of another bank by the digest of its number, where that was ever typed."""
    if number.account_id is not None:
        return bool(payee.account_id == number.account_id)
    if payee.digest is not None:
        return bool(payee.digest == number.digest)
    return (payee.name, payee.bank, payee.tail) == (name, number.bank, number.tail)
