"""PINs: one-time links to the page that sets them, weak ones, tries. No PIN ever passes the chat."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, settings
from services.core_bank.bank import write_audit
from services.core_bank.card import features
from services.core_bank.card.tables import pin_links
from services.core_bank.sessions import hash_password
from services.core_bank.tables import cards, customers

LINK_LIFETIME = timedelta(minutes=5)
_LENGTH = 6
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_RUNS = ("0123456789" * 2, "9876543210" * 2)
_hasher = PasswordHasher()


def new_link(conn: Connection, world_id: str, card_id: str, asks_old: bool, now: datetime) -> str:
    """The address of a page for setting the PIN once."""
    token = secrets.token_hex(16).translate(_LETTERS)  # letters only: no filter takes it for a number
    conn.execute(
        sa.insert(pin_links).values(
            token_hash=_hash(token),
            card_id=card_id,
            world_id=world_id,
            asks_old=asks_old,
            expires_at=now + LINK_LIFETIME,
        )
    )
    return f"{settings.public_url()}/sandbox/pin/{token}"


def find_link(conn: Connection, token: str, lock: bool = False) -> Row | None:
    """The link with its card and world, unless it is used, expired or unknown.

    Locked, nobody else tries a PIN of that card, by this link or another.
    """
    if lock:
        # A statement of its own: one that joins would wait, and then still show the link as it was before.
        of_link = sa.select(pin_links.c.card_id).where(pin_links.c.token_hash == _hash(token))
        conn.execute(sa.select(cards.c.id).where(cards.c.id.in_(of_link)).with_for_update())
    query = sa.select(pin_links, cards.c.tail, cards.c.kind, customers.c.phone, customers.c.id.label("customer_id"))
    query = query.join(cards, cards.c.id == pin_links.c.card_id).join(customers, customers.c.id == cards.c.customer_id)
    link = conn.execute(query.where(pin_links.c.token_hash == _hash(token))).one_or_none()
    if link is None or link.used or clock.now(conn, link.world_id) >= link.expires_at:
        return None
    return link


def set_pin(conn: Connection, link: Row, old: str, new: str, again: str) -> str | None:
    """Set the PIN and use the link up. Returns why not, in Chinese, when it cannot be."""
    card = conn.execute(sa.select(cards).where(cards.c.id == link.card_id)).one()
    known = features.features_of(conn, card)
    if new != again:
        return "两次输入的新密码不一样，请重新输入。"
    why = weakness(new, link.phone)
    if why is not None:
        return why
    if link.asks_old and features.pin_state(known) == "locked":  # by another link
        return _lock_out(conn, link)
    if link.asks_old and not _matches(known.pin_hash, old):
        return _count_failure(conn, link, card, known.pin_failures + 1)
    if _matches(known.pin_hash, new):
        return "新密码不能和原来的一样。"
    features.change(conn, card, pin_hash=_hasher.hash(new), pin_failures=0)
    _use_up(conn, link)
    write_audit(conn, link.world_id, link.customer_id, "customer", "pin_set", card.id)
    return None


def weakness(pin: str, phone: str) -> str | None:
    """Why a PIN may not be used, in Chinese; None for a good one."""
    if len(pin) != _LENGTH or not (pin.isascii() and pin.isdigit()):
        return "密码要 6 位数字。"
    if pin in phone:
        return "密码不能是手机号里的数字。"
    halves, pairs = pin[:3] == pin[3:], all(pin[at] == pin[at + 1] for at in (0, 2, 4))
    if len(set(pin)) <= 2 or any(pin in run for run in _RUNS) or halves or pairs:
        return "这个密码太容易被猜到，请不要用连号、重复的数字。"
    return None


def demo_pin_hash(pin: str) -> str:
    """Computed once a process: building a world has to be quick."""
    return hash_password(pin)


def _matches(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_failure(conn: Connection, link: Row, card: Row, failures: int) -> str:
    features.change(conn, card, pin_failures=failures)
    if failures < features.PIN_TRIES:
        return f"原密码不对，还可以再试 {features.PIN_TRIES - failures} 次。"
    return _lock_out(conn, link)


def _lock_out(conn: Connection, link: Row) -> str:
    _use_up(conn, link)
    return "原密码输错次数太多，密码已锁定，这个链接也作废了。请回到对话里说「重置密码」。"


def _use_up(conn: Connection, link: Row) -> None:
    conn.execute(sa.update(pin_links).where(pin_links.c.token_hash == link.token_hash).values(used=True))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
