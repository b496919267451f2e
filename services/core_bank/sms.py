"""The SMS outbox. Messages are sealed: neither a dump nor a backup of the database shows a code."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank.bank import Bank
from services.core_bank.clock import iso
from services.core_bank.tables import customers, sms_outbox


@dataclass(frozen=True)
class Message:
    """To whom of which world, and what; `code` is the one-time code in it."""

    world_id: str
    customer_id: str
    phone: str
    text: str
    code: str | None


@dataclass(frozen=True)
class Received:
    """A message as it lies on the phone of the customer called `name`."""

    id: int
    name: str
    sent_at: datetime
    phone: str
    text: str
    code: str | None


def send_code(bank: Bank, conn: Connection, draft: Row, code: str, now: datetime) -> None:
    phone = conn.execute(sa.select(customers.c.phone).where(customers.c.id == draft.customer_id)).scalar_one()
    text = f"【掌柜银行】验证码{code}，您正在{draft.canonical_text}。5分钟内有效，请勿告诉任何人，包括银行工作人员。"
    send(bank, conn, Message(draft.world_id, draft.customer_id, phone, text, code), now)


def send(bank: Bank, conn: Connection, message: Message, now: datetime) -> None:
    content = json.dumps({"phone": message.phone, "text": message.text, "code": message.code}).encode()
    conn.execute(
        sa.insert(sms_outbox).values(
            world_id=message.world_id,
            customer_id=message.customer_id,
            sealed=bank.sms_cipher().encrypt(content).decode(),
            sent_at=now,
        )
    )


def messages(bank: Bank, conn: Connection, world_id: str, login: str | None = None) -> list[dict[str, Any]]:
    """{phone, text, code, sent_at} of a world, or of one customer in it; newest last."""
    cipher = bank.sms_cipher()
    return [
        {**json.loads(cipher.decrypt(row.sealed.encode())), "sent_at": iso(row.sent_at)}
        for row in conn.execute(_sent(world_id, login).order_by(sms_outbox.c.id))
    ]


def newest(bank: Bank, conn: Connection, world_id: str, login: str | None, count: int) -> list[Received]:
    """The last `count` messages of a world, or of one customer in it; newest first."""
    cipher = bank.sms_cipher()
    rows = conn.execute(_sent(world_id, login).order_by(sms_outbox.c.id.desc()).limit(count))
    return [Received(row.id, row.name, row.sent_at, **json.loads(cipher.decrypt(row.sealed.encode()))) for row in rows]


def _sent(world_id: str, login: str | None) -> Any:
    query = (
        sa.select(sms_outbox, customers.c.name)
        .join(customers, customers.c.id == sms_outbox.c.customer_id)
        .where(sms_outbox.c.world_id == world_id)
    )
    return query if login is None else query.where(customers.c.login == login)
