"""Full account numbers: taken from the channel, never given back; a reference stands for each."""

import hashlib
import hmac
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection, Row

from chinese.digit_groups import is_luhn
from services.core_bank import clock
from services.core_bank.bank import Bank, Caller
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_id
from services.core_bank.payees.tables import account_numbers, typed_numbers

OUR_BANK = "本行"
LIFETIME = timedelta(minutes=30)
SHORTEST, LONGEST = 16, 19
_BIN_LENGTH = 6


@lru_cache(maxsize=1)
def _banks() -> dict[str, str]:
    """First digits -> bank."""
    loaded: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "bins.yml").read_text("utf-8"))
    return {prefix: bank for bank, prefixes in loaded.items() for prefix in prefixes}


def bank_of_number(number: str) -> str | None:
    return _banks().get(number[:_BIN_LENGTH])


def hold(bank: Bank, caller: Caller, number: str) -> dict[str, Any]:
    """Keep a number that the customer typed. Returns {reference, bank, tail}. Raises account_number_invalid."""
    if not (number.isascii() and number.isdigit() and SHORTEST <= len(number) <= LONGEST and is_luhn(number)):
        raise BankError("account_number_invalid")
    sealed = bank.sms_cipher().encrypt(number.encode()).decode()
    digest = hmac.new(bank.code_key, f"account number|{number}".encode(), hashlib.sha256).hexdigest()

    def work(conn: Connection) -> dict[str, Any]:
        _forget_unused(conn, caller)
        ours = sa.select(account_numbers.c.account_id).where(
            account_numbers.c.world_id == caller.world_id, account_numbers.c.number == number
        )
        held = {"reference": new_id("an"), "bank": bank_of_number(number), "tail": number[-4:]}
        conn.execute(
            sa.insert(typed_numbers).values(
                **held,
                customer_id=caller.customer_id,
                session_id=caller.session_id,
                sealed=sealed,
                digest=digest,
                account_id=conn.execute(ours).scalar_one_or_none(),
                typed_at=clock.now(conn, caller.world_id),
            )
        )
        return held

    return bank.db.transact(work)


def find(conn: Connection, customer_id: str, reference: str, session_id: str | None = None) -> Row | None:
    """The number behind a reference that this customer (in this session, if given) typed and has not used."""
    query = sa.select(typed_numbers).where(
        typed_numbers.c.reference == reference,
        typed_numbers.c.customer_id == customer_id,
        typed_numbers.c.payee_id.is_(None),
    )
    if session_id is not None:
        query = query.where(typed_numbers.c.session_id == session_id)
    return conn.execute(query.with_for_update()).one_or_none()


def _forget_unused(conn: Connection, caller: Caller) -> None:
    """What was typed long ago and became no payee is nothing that the bank has to keep."""
    old = clock.now(conn, caller.world_id) - LIFETIME
    mine = sa.and_(typed_numbers.c.customer_id == caller.customer_id, typed_numbers.c.payee_id.is_(None))
    conn.execute(sa.delete(typed_numbers).where(mine, typed_numbers.c.typed_at < old))
