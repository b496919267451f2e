"""Bindings: one a customer and app, one customer an openid. What a binding opened ends with it, at once."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import sessions, sms
from services.core_bank.bank import Bank, lock_customer, write_audit
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id
from services.core_bank.tables import customers, world_names
from services.core_bank.tables import sessions as customer_sessions
from services.core_bank.wechat.tables import wechat_bindings, wechat_sessions

_ENDED = "原来的绑定已自动解除，不能再用它查询和办理您的业务。"
_OTHER_WECHAT = f"您的客户身份刚刚绑定了另一个微信，{_ENDED}"
_OTHER_CUSTOMER = f"您绑定的微信刚刚改绑了另一位客户，{_ENDED}"
_BOUND = "您的客户身份刚刚绑定了一个微信，用它可以查询和办理您的业务。要解除，在网页客服或那个微信里说「解绑微信」。"


@dataclass(frozen=True)
class Follower:
    """Who follows an app: the keyed hash (Bank.follower) of the openid, which nobody stores."""

    app_id: str
    digest: str


def bind(bank: Bank, conn: Connection, customer: Row, follower: Follower, now: datetime) -> str:
    """Bind, and end what it replaces; whoever it changes anything for is told by SMS. Returns the binding's id.

    Raises IntegrityError when another customer binds the same openid at the same moment (PostgreSQL).
    """
    lock_customer(conn, customer.id)
    own = sa.and_(
        wechat_bindings.c.customer_id == customer.id,
        sa.or_(wechat_bindings.c.app_id == follower.app_id, wechat_bindings.c.app_id.is_(None)),
    )
    # Locked too: a sign-in that is under way finishes first, so that its session is seen and ended.
    replaced = sa.select(wechat_bindings).where(sa.or_(own, wechat_bindings.c.follower == follower.digest))
    told = {customer.id: _BOUND}
    for old in conn.execute(replaced.with_for_update()).all():
        _end(conn, old)
        if (old.customer_id, old.follower) == (customer.id, follower.digest):
            told.pop(customer.id)  # bound as before
        else:
            told[old.customer_id] = _OTHER_WECHAT if old.customer_id == customer.id else _OTHER_CUSTOMER
    binding_id = new_id("wb")
    conn.execute(
        sa.insert(wechat_bindings).values(
            id=binding_id,
            world_id=customer.world_id,
            customer_id=customer.id,
            app_id=follower.app_id,
            follower=follower.digest,
            bound_at=now,
        )
    )
    write_audit(conn, customer.world_id, customer.id, "customer", "wechat_bound", binding_id)
    for customer_id, what in told.items():
        _tell(bank, conn, customer_id, what, now)
    return binding_id


def unbind(bank: Bank, follower: Follower) -> None:
    """Raises not_bound."""
    bank.db.transact(lambda conn: _end(conn, _find(conn, follower)))


def unbind_customer(conn: Connection, customer_id: str) -> int:
    """End the bindings of a customer on all apps. Returns how many there were."""
    bound = sa.select(wechat_bindings).where(wechat_bindings.c.customer_id == customer_id).with_for_update()
    found = conn.execute(bound).all()
    for binding in found:
        _end(conn, binding)
    return len(found)


def sign_in(bank: Bank, follower: Follower) -> sessions.SignIn:
    """Open a session for the customer who bound this openid, in whichever world. Raises not_bound."""

    def work(conn: Connection) -> sessions.SignIn:
        binding = _find(conn, follower)
        customer = conn.execute(sa.select(customers).where(customers.c.id == binding.customer_id)).one()
        opened = sessions.open_session(bank, conn, customer)
        session_id = sessions.digest(opened.session)
        conn.execute(sa.insert(wechat_sessions).values(session_id=session_id, binding_id=binding.id))
        write_audit(conn, binding.world_id, binding.customer_id, "customer", "wechat_signed_in", binding.id)
        return opened

    return bank.db.transact(work)


def _find(conn: Connection, follower: Follower) -> Row:
    # The join drops bindings of worlds that were deleted or reset since; the lock keeps a sign-in and an end apart.
    query = (
        sa.select(wechat_bindings)
        .join(world_names, world_names.c.world_id == wechat_bindings.c.world_id)
        .where(wechat_bindings.c.follower == follower.digest)
        .with_for_update(of=wechat_bindings)
    )
    binding = conn.execute(query).one_or_none()
    if binding is None:
        raise BankError("not_bound")
    return binding


def _end(conn: Connection, binding: Row) -> None:
    opened = sa.select(wechat_sessions.c.session_id).where(wechat_sessions.c.binding_id == binding.id)
    conn.execute(sa.update(customer_sessions).where(customer_sessions.c.id.in_(opened)).values(ended=True))
    conn.execute(sa.delete(wechat_sessions).where(wechat_sessions.c.binding_id == binding.id))
    ended = conn.execute(sa.delete(wechat_bindings).where(wechat_bindings.c.id == binding.id))
    if ended.rowcount == 1:
        write_audit(conn, binding.world_id, binding.customer_id, "customer", "wechat_unbound", binding.id)


def _tell(bank: Bank, conn: Connection, customer_id: str, what: str, now: datetime) -> None:
    customer = conn.execute(sa.select(customers).where(customers.c.id == customer_id)).one()
    text = f"【掌柜银行】{what}如果不是您本人操作，请马上拨打本行客服热线。"
    sms.send(bank, conn, sms.Message(customer.world_id, customer.id, customer.phone, text, None), now)
