"""What every operation needs: the database, the keys, and who is asking."""

import base64
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import Connection

from services.core_bank import clock
from services.core_bank.db import Database
from services.core_bank.tables import audit


@dataclass(frozen=True)
class Bank:
    """`code_key` is the HMAC key of one-time codes; the key that seals the SMS outbox is derived from it."""

    db: Database
    code_key: bytes = field(repr=False)

    def sms_cipher(self) -> Fernet:
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"zhanggui core bank sms outbox").derive(self.code_key)
        return Fernet(base64.urlsafe_b64encode(derived))


@dataclass(frozen=True)
class Caller:
    """An authenticated customer session."""

    world_id: str
    customer_id: str
    session_id: str


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
