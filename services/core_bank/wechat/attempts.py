"""Attempts to bind: a ticket of the sign-in page begins one, the code on the customer's phone completes it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from chinese.mask import mask_phone
from services.core_bank import clock, codes, sms
from services.core_bank.bank import Bank, write_audit
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id
from services.core_bank.profile.queries import mask_name
from services.core_bank.sign_in import tickets
from services.core_bank.tables import customers, world_names
from services.core_bank.wechat import bindings
from services.core_bank.wechat.bindings import Follower
from services.core_bank.wechat.tables import wechat_binding_attempts as attempts

CHANNEL = "wechat"


@dataclass(frozen=True)
class Begun:
    """Name and phone are masked: whoever holds the WeChat sees whom it is going to be bound to."""

    attempt: str
    name_masked: str
    phone_masked: str
    expires_at: datetime


def begin(bank: Bank, ticket: str, follower: Follower) -> Begun:
    """Burn the ticket and send a code; the customer's earlier attempts on this app are over.

    Raises ticket_invalid, too_many_codes (the ticket is good for its short life still).
    """

    def work(conn: Connection) -> Begun:
        customer = tickets.burn(conn, ticket, CHANNEL)
        now = clock.now(conn, customer.world_id)
        codes.refuse_too_many_a_day(conn, attempts, customer.id, now)
        earlier = sa.update(attempts).where(attempts.c.customer_id == customer.id, attempts.c.state == "OPEN")
        conn.execute(earlier.where(attempts.c.app_id == follower.app_id).values(state="REPLACED"))
        attempt_id, code = new_id("wa"), f"{secrets.randbelow(1_000_000):06d}"
        expires_at = now + codes.LIFETIME
        conn.execute(
            sa.insert(attempts).values(
                id=attempt_id,
                world_id=customer.world_id,
                customer_id=customer.id,
                app_id=follower.app_id,
                follower=follower.digest,
                code_hash=_hash(bank, attempt_id, code),
                tries_left=codes.TRIES,
                state="OPEN",
                sent_at=now,
                expires_at=expires_at,
            )
        )
        _send(bank, conn, customer, code, now)
        return Begun(attempt_id, mask_name(customer.name), mask_phone(customer.phone), expires_at)

    return bank.db.transact(work)


def confirm(bank: Bank, attempt_id: str, code: str) -> str:
    """Bind if the code is right. Returns the customer's masked name.

    A wrong try is counted in a committed transaction before it is refused. Raises attempt_invalid (unknown, completed,
    replaced or dead), code_malformed, code_expired, code_wrong {tries_left}, code_locked.
    """

    def work(conn: Connection) -> str | BankError:
        return _judge(bank, conn, attempt_id, code)

    try:
        outcome = bank.db.transact(work)
    except IntegrityError:  # another customer bound this openid in the same instant: seen now, and replaced
        outcome = bank.db.transact(work)
    if isinstance(outcome, BankError):
        raise outcome
    return outcome


def _judge(bank: Bank, conn: Connection, attempt_id: str, code: str) -> str | BankError:
    # The join drops attempts of worlds that were deleted or reset since.
    query = (
        sa.select(attempts)
        .join(world_names, world_names.c.world_id == attempts.c.world_id)
        .where(attempts.c.id == attempt_id, attempts.c.state == "OPEN")
        .with_for_update(of=attempts)
    )
    attempt = conn.execute(query).one_or_none()
    if attempt is None:
        return BankError("attempt_invalid")
    if not codes.is_code(code):
        return BankError("code_malformed")
    now = clock.now(conn, attempt.world_id)
    if now >= attempt.expires_at:
        return BankError("code_expired")
    if not hmac.compare_digest(_hash(bank, attempt_id, code), attempt.code_hash):
        return _count_wrong(conn, attempt)
    conn.execute(sa.update(attempts).where(attempts.c.id == attempt_id).values(state="BOUND"))
    customer = conn.execute(sa.select(customers).where(customers.c.id == attempt.customer_id)).one()
    bindings.bind(bank, conn, customer, Follower(attempt.app_id, attempt.follower), now)
    return mask_name(customer.name)


def _count_wrong(conn: Connection, attempt: Row) -> BankError:
    left = attempt.tries_left - 1
    state = "OPEN" if left else "LOCKED"
    conn.execute(sa.update(attempts).where(attempts.c.id == attempt.id).values(tries_left=left, state=state))
    if left:
        return BankError("code_wrong", {"tries_left": left})
    write_audit(conn, attempt.world_id, attempt.customer_id, "customer", "wechat_code_locked", attempt.id)
    return BankError("code_locked")


def _send(bank: Bank, conn: Connection, customer: Row, code: str, now: datetime) -> None:
    text = (
        f"【掌柜银行】验证码{code}，用于把微信绑定到您的银行客户身份，绑定后用那个微信可以查询您的账户、办理业务。"
        "请只发在您自己的微信里、与本行的对话中，5分钟内有效。向您索要验证码的都是诈骗，包括自称银行工作人员的人。"
    )
    sms.send(bank, conn, sms.Message(customer.world_id, customer.id, customer.phone, text, code), now)


def _hash(bank: Bank, attempt_id: str, code: str) -> str:
    return hmac.new(bank.code_key, f"{attempt_id}|{code}".encode(), hashlib.sha256).hexdigest()
