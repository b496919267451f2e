"""Documents that customers fetch by a one-time link, good for a day of their world's clock."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import clock
from services.core_bank.account.tables import documents
from services.core_bank.bank import Bank
from services.core_bank.identifiers import letters_only
from services.core_bank.settings import public_url

PATH = "/sandbox/documents/"
LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Document:
    title: str
    content: bytes


def issue(conn: Connection, world_id: str, customer_id: str, no: str, document: Document, now: datetime) -> str:
    """Store a document under its verification number. Returns the link."""
    token = letters_only(secrets.token_hex(32))
    conn.execute(
        sa.insert(documents).values(
            verification_no=no,
            world_id=world_id,
            customer_id=customer_id,
            title=document.title,
            content=document.content,
            link_hash=_hash(token),
            issued_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return f"{public_url()}{PATH}{token}"


def fetch(bank: Bank, token: str) -> Document | None:
    """The document behind a link, once; None for a link that is unknown, used or over."""

    def work(conn: Connection) -> Document | None:
        row = conn.execute(sa.select(documents).where(documents.c.link_hash == _hash(token))).one_or_none()
        if row is None:
            return None
        now = clock.now(conn, row.world_id)
        taken = conn.execute(
            sa.update(documents)
            .where(
                documents.c.verification_no == row.verification_no,
                documents.c.fetched_at.is_(None),
                documents.c.expires_at > now,
            )
            .values(fetched_at=now)
        )
        return Document(row.title, row.content) if taken.rowcount == 1 else None

    return bank.db.transact(work)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
