"""What every operation needs: the database, the keys, and who is asking."""

import base64
import hmac
from dataclasses import dataclass, field

import sqlalchemy as sa
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import Connection

from services.core_bank import clock
from services.core_bank.db import Database
from services.core_bank.identifiers import letters_only
from services.core_bank.tables import audit, customers


@dataclass(frozen=True)
class Bank:
    """`code_key` is the HMAC key of one-time codes; the other keys of the bank are derived from it."""

    db: Database
    code_key: bytes = field(repr=False)

    def sms_cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive(b"zhanggui core bank sms outbox")))

    def subject(self, world_id: str, customer_id: str) -> str:
        """What the channels call a customer: always the same, and nobody without the key can tell whom it means."""
        key = self._derive(b"zhanggui core bank customer pseudonyms")
        return letters_only(hmac.digest(key, f"{world_id}/{customer_id}".encode(), "sha256").hex())

    def follower(self, app_id: str, openid: str) -> str:
        """What is kept of an openid: enough to know it again, and worth nothing without the key."""
        key = self._derive(b"zhanggui core bank wechat followers")
        return letters_only(hmac.digest(key, f"{app_id}\n{openid}".encode(), "sha256").hex())

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(self.code_key)


@dataclass(frozen=True)
class Caller:
    """An authenticated customer session."""

    world_id: str
    customer_id: str
    session_id: str


def lock_customer(conn: Connection, customer_id: str) -> None:
    """Two of a customer's requests side by side may not both be the one that is allowed: the second waits here."""
    # Rows that refer to the customer may still be written meanwhile: they take the other half of this lock.
    mine = sa.select(customers.c.id).where(customers.c.id == customer_id)
    conn.execute(mine.with_for_update(key_share=True))


def write_audit(conn: Connection, world_id: str, customer_id: str, actor: str, event: str, object_id: str) -> None:
    """Append one audit row. `actor` is `customer` or `operator:<name>`."""
    conn.execute(
        audit.insert().values(
            world_id=world_id,
            customer_id=customer_id,
            at=clock.now(conn, world_id),
            actor=actor,
            event=event,
            object_id=object_id,
        )
    )
