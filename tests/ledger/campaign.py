"""What every test of this folder works with: a private copy of the demo bank, transfers, and the books' auditor.

The auditor (`faults`) reads the tables itself and counts in Python: it shares nothing with the core's own invariants.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from services.core_bank import clock, codes, queries, sandbox, sessions, tables
from services.core_bank.bank import Bank, Caller
from services.core_bank.db import Database
from services.core_bank.drafts import machine
from services.core_bank.drafts.transfer import TransferRequest
from services.core_bank.errors import BankError
from services.core_bank.idempotency import TAKE_OVER_AFTER, Answer
from services.core_bank.transfers.tables import scheduled_runs, scheduled_transfers

T = TypeVar("T")

WORLD = "ledger"
KEY = b"ledger campaign one-time code key"
WORKERS = 8
# Noon: no transfer may turn yellow because the tests run at night. Tomorrow: the seeded history ends before today.
NOON = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
# Every way money can move in the demo bank: payer, paying account, payee.
ROUTES = (
    ("zhangwei", "6789", "3344"),
    ("zhangwei", "6789", "9900"),
    ("zhangwei", "6789", "5566"),  # another bank: the clearing account is credited
    ("zhangwei", "1122", "7788"),
    ("zhangwei", "1122", "3344"),
    ("lina", "3344", "6789"),
    ("wangfang", "2255", "4466"),  # 120.50 yuan: soon refused for lack of funds
)


@dataclass(frozen=True)
class Scene:
    """Ids of the demo world: accounts by (login, tail), payees by (login, tail), one session a worker and login."""

    accounts: dict[tuple[str, str], str]
    payees: dict[tuple[str, str], str]
    callers: dict[str, list[Caller]]


@dataclass(frozen=True)
class Order:
    """One transfer to be made."""

    login: str
    account: str
    payee: str
    amount_fen: int
    worker: int = 0


@dataclass(frozen=True)
class Campaign:
    """A database of its own, seeded like every other. `bank` may only be used by the process that made it."""

    url: str
    scene: Scene
    bank: Bank

    def caller(self, order: Order) -> Caller:
        return self.scene.callers[order.login][order.worker]

    def draft(self, order: Order) -> str:
        """A draft that waits for nothing but its confirmation."""
        draft, code = self.challenged_draft(order)
        accepted = codes.submit(self.bank, self.caller(order), code)
        assert accepted["draft_id"] == draft
        return draft

    def challenged_draft(self, order: Order) -> tuple[str, str]:
        """A draft that waits for its code, and that code."""
        caller = self.caller(order)
        body = {
            "kind": "transfer",
            "from_account_id": self.scene.accounts[order.login, order.account],
            "payee_id": self.scene.payees[order.login, order.payee],
            "amount_fen": order.amount_fen,
        }
        draft = machine.create(self.bank, caller, TransferRequest.parse_obj(body))
        if draft["risk_question_open"]:
            machine.answer_risk(self.bank, caller, draft["id"], suspicious=False)
        codes.send(self.bank, caller, draft["id"])
        return draft["id"], self.newest_code(caller, draft["canonical_text"])

    def confirm(self, order: Order, draft_id: str, key: str | None = None) -> Answer:
        """The very call of the HTTP route. Raises BankError."""
        return machine.confirm(self.bank, self.caller(order), draft_id, key or draft_id, {})

    def cancel(self, order: Order, draft_id: str) -> None:
        machine.cancel(self.bank, self.caller(order), draft_id)

    def state(self, order: Order, draft_id: str) -> str:
        return str(machine.get(self.bank, self.caller(order), draft_id)["state"])

    def balance(self, login: str, tail: str) -> int:
        return int(sandbox.snapshot(self.bank, WORLD)["accounts"][f"{login}/{tail}"])

    def outlive_in_flight_mark(self) -> None:
        """Move the clock to where the key of a dead process may be taken over."""
        seconds = int(TAKE_OVER_AFTER.total_seconds()) + 1
        sandbox.move_clock(self.bank, WORLD, advance_seconds=seconds, moment=None)

    def posting_pairs(self, draft_id: str) -> int:
        """How often a draft's money has moved. Fails unless each time is two legs."""
        query = (
            sa.select(sa.func.count(tables.postings.c.id))
            .select_from(tables.transactions.outerjoin(tables.postings))
            .where(tables.transactions.c.draft_id == draft_id)
            .group_by(tables.transactions.c.id)
        )
        with self.bank.db.read() as conn:
            legs = conn.execute(query).scalars().all()
        assert set(legs) <= {2}, f"{draft_id} has transactions of {legs} postings"
        return len(legs)

    def faults(self) -> list[str]:
        """All that is wrong with the books, by our own audit and by the core's."""
        with self.bank.db.read() as conn:
            found = faults(conn)
        invariants = sandbox.invariants(self.bank)
        if any(invariants.values()):
            found.append(f"the core's own invariants: {invariants}")
        return found

    def newest_code(self, caller: Caller, canonical_text: str) -> str:
        # By its text: another worker of the same customer may have been sent a newer one.
        query = (
            sa.select(tables.sms_outbox.c.sealed)
            .where(tables.sms_outbox.c.customer_id == caller.customer_id)
            .order_by(tables.sms_outbox.c.id.desc())
            .limit(2 * WORKERS)
        )
        cipher = self.bank.sms_cipher()
        with self.bank.db.read() as conn:
            for sealed in conn.execute(query).scalars():
                message = json.loads(cipher.decrypt(sealed.encode()))
                if canonical_text in message["text"]:
                    return str(message["code"])
        raise AssertionError(f"no code was sent for {canonical_text}")


def open_bank(url: str) -> Bank:
    return Bank(Database(url), KEY)


def set_the_scene(url: str) -> Scene:
    """Create schema, world and sessions in an empty database."""
    bank = open_bank(url)
    bank.db.create_schema()
    sandbox.create_world(bank, WORLD, NOON.isoformat())
    callers = {login: [_sign_in(bank, login) for _ in range(WORKERS)] for login in ("zhangwei", "lina", "wangfang")}
    accounts, payees = {}, {}
    with bank.db.read() as conn:
        for login, (caller, *_) in callers.items():
            for account in queries.list_accounts(conn, caller.customer_id):
                accounts[login, account["tail"]] = account["id"]
            for payee in queries.list_payees(conn, caller.customer_id):
                payees[login, payee["tail"]] = payee["id"]
    bank.db.close()
    return Scene(accounts, payees, callers)


def together(calls: Sequence[Callable[[], T]]) -> list[T | BankError]:
    """Make all calls at the same moment, each in a thread of its own. A refusal is a result; all else is raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | BankError:
        start.wait()
        try:
            return call()
        except BankError as refusal:
            return refusal

    with lingering_locks(), ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def lingering_locks(seconds: float = 0.002) -> Iterator[None]:
    """Pause after every statement that takes row locks: what another transaction can do in between, it then does."""

    def pause(_conn: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if "UPDATE" in statement:  # also SELECT ... FOR UPDATE
            time.sleep(seconds)

    event.listen(Engine, "after_cursor_execute", pause)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", pause)


def outcomes(results: Sequence[Answer | BankError]) -> Counter[str]:
    """How many ended how: the state of the answered draft, or the code of the refusal."""
    return Counter(r.code if isinstance(r, BankError) else str(json.loads(r.body)["state"]) for r in results)


def receipt(answer: Answer) -> str:
    return str(json.loads(answer.body)["result"]["receipt_no"])


def faults(conn: Connection) -> list[str]:
    """What is wrong with the books in this snapshot; empty when they are in order."""
    accounts = conn.execute(sa.select(tables.accounts)).all()
    legs = conn.execute(sa.select(tables.postings).order_by(tables.postings.c.id)).all()
    posted = {row.id: row for row in conn.execute(sa.select(tables.transactions))}
    return [
        *_wrong_balances(accounts, legs),
        *_wrong_transactions(legs, posted),
        *_wrong_drafts(conn, legs, posted),
        *_wrong_limits(conn),
    ]


def _wrong_balances(accounts: Sequence[Any], legs: Sequence[Any]) -> list[str]:
    found, running = [], Counter[str]()
    for leg in legs:
        running[leg.account_id] += leg.amount_fen
        if leg.balance_after_fen != running[leg.account_id]:
            found.append(f"posting {leg.id}: balance after {leg.balance_after_fen}, was {running[leg.account_id]}")
    for row in accounts:
        if row.balance_fen != running[row.id]:
            found.append(f"account {row.id}: balance {row.balance_fen}, postings {running[row.id]}")
        if row.balance_fen < row.floor_fen:
            found.append(f"account {row.id}: balance {row.balance_fen} is below {row.floor_fen}")
    total = sum(row.balance_fen for row in accounts)
    return found + ([f"money was created or lost: total {total}"] if total else [])


def _wrong_transactions(legs: Sequence[Any], posted: dict[str, Any]) -> list[str]:
    amounts: dict[str, list[int]] = defaultdict(list)
    for leg in legs:
        amounts[leg.transaction_id].append(leg.amount_fen)
    found = [f"postings of unknown transaction {missing}" for missing in amounts.keys() - posted.keys()]
    for row in posted.values():
        if sum(amounts[row.id]) != 0 or not 2 <= len(amounts[row.id]) == row.legs:
            found.append(f"transaction {row.id}: {row.legs} legs {amounts[row.id]}")
    if len({row.receipt_no for row in posted.values()}) != len(posted):
        found.append("two transactions share a receipt number")
    return found


def _wrong_drafts(conn: Connection, legs: Sequence[Any], posted: dict[str, Any]) -> list[str]:
    """A transfer draft is DONE exactly when its money moved once, from its payer, and exactly one audit row says so."""
    audited = Counter(
        conn.execute(sa.select(tables.audit.c.object_id).where(tables.audit.c.event == "transfer_done")).scalars()
    )
    effects: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for row in posted.values():
        if row.draft_id is not None:
            taken = sorted((leg.amount_fen, leg.account_id) for leg in legs if leg.transaction_id == row.id)
            effects[row.draft_id].append((row.receipt_no, taken))
    found = []
    for draft in conn.execute(sa.select(tables.drafts).where(tables.drafts.c.kind == "transfer")):
        moved, payload = effects.pop(draft.id, []), draft.payload
        if audited[draft.id] != len(moved) or len(moved) != (draft.state == "DONE"):
            found.append(f"draft {draft.id}: {draft.state}, moved {moved}, {audited[draft.id]} audit rows")
        for receipt_no, taken in moved:
            right = receipt_no == draft.receipt_no and taken[0] == (-payload["amount_fen"], payload["from"]["id"])
            if not right:
                found.append(f"draft {draft.id}: {payload}, receipt {draft.receipt_no}, but posted {moved}")
    return found + [f"money moved for the unknown draft {unknown}" for unknown in effects]


def _wrong_limits(conn: Connection) -> list[str]:
    spent: Counter[tuple[str, Any]] = Counter()
    made = tables.drafts.c.state == "DONE", tables.drafts.c.kind == "transfer"
    for draft in conn.execute(sa.select(tables.drafts).where(*made)):
        spent[draft.customer_id, clock.bank_day(draft.posted_at)] += draft.payload["amount_fen"]
    runs = sa.select(scheduled_transfers, scheduled_runs.c.ran_at).join(scheduled_runs)
    for run in conn.execute(runs.where(scheduled_runs.c.receipt_no.is_not(None))):
        spent[run.customer_id, clock.bank_day(run.ran_at)] += run.amount_fen
    counted = {(row.customer_id, row.bank_day): row.used_fen for row in conn.execute(sa.select(tables.daily_totals))}
    return [
        f"daily limit of {who}: {counted.get(who, 0)} counted, {spent[who]} spent"
        for who in spent.keys() | counted.keys()
        if counted.get(who, 0) != spent[who]
    ]


def _sign_in(bank: Bank, login: str) -> Caller:
    return sessions.authenticate(bank, sessions.sign_in(bank, login, "demo", WORLD).session)
