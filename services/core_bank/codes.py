"""One-time codes: six digits, bound to one draft, one session; stored as an HMAC; burned by the confirmation."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from services.core_bank import clock, sms
from services.core_bank.bank import Bank, Caller, lock_customer, write_audit
from services.core_bank.drafts import store
from services.core_bank.errors import BankError
from services.core_bank.tables import challenges, drafts

LIFETIME = timedelta(minutes=5)
TRIES = 5
SENDS_A_DRAFT = 5
SENDS_A_DAY = 10
_DAY = timedelta(hours=24)


def send(bank: Bank, caller: Caller, draft_id: str) -> dict[str, Any]:
    """Send a code for the draft, or send it anew: the old code dies, the tries go on. Returns the draft's view.

    Raises draft_not_found, draft_closed, draft_expired, risk_refused, risk_question_open, too_many_codes.
    """

    def work(conn: Connection) -> dict[str, Any]:
        draft = store.get(conn, draft_id, caller.customer_id, lock=True)
        now = clock.now(conn, caller.world_id)
        store.require_state(draft, now, *store.OPEN_STATES)
        if store.risk_question_open(draft):
            raise BankError("risk_question_open")
        _refuse_too_many(conn, caller, draft, now)
        kill(conn, draft.id)
        code = f"{secrets.randbelow(1_000_000):06d}"
        expires_at = min(now + LIFETIME, draft.expires_at)
        conn.execute(
            sa.insert(challenges).values(
                draft_id=draft.id,
                customer_id=caller.customer_id,
                session_id=caller.session_id,
                code_hash=_hash(bank.code_key, draft, code),
                state="OPEN",
                sent_at=now,
                expires_at=expires_at,
            )
        )
        store.move(conn, draft.id, draft.state, "CHALLENGED")
        sms.send_code(bank, conn, draft, code, now)
        return store.view(conn, store.get(conn, draft_id, caller.customer_id))

    return bank.db.transact(work)


def submit(bank: Bank, caller: Caller, code: str) -> dict[str, Any]:
    """Try a code on the session's newest open challenge. Returns {draft_id, kind}.

    A wrong try is counted in a committed transaction before it is refused. Raises no_open_challenge, code_malformed,
    code_expired, code_wrong, code_locked, and code_dead where nothing waits in this session, but another session of the
    customer waits for a code, or this was one: a channel must know it for a code then too, and not pass it on as text.
    """
    outcome = bank.db.transact(lambda conn: _judge(bank, conn, caller, code))
    if isinstance(outcome, BankError):
        raise outcome
    return outcome


def burn(conn: Connection, caller: Caller, draft: Row) -> None:
    """Use up the accepted code, once. Raises code_required (none accepted, or by another session)."""
    burned = conn.execute(
        sa.update(challenges)
        .where(
            challenges.c.draft_id == draft.id,
            challenges.c.session_id == caller.session_id,
            challenges.c.state == "ACCEPTED",
        )
        .values(state="BURNED")
    )
    if burned.rowcount != 1:
        raise BankError("code_required")


def kill(conn: Connection, draft_id: str) -> None:
    """No earlier code of the draft is worth anything any more."""
    conn.execute(
        sa.update(challenges)
        .where(challenges.c.draft_id == draft_id, challenges.c.state.in_(("OPEN", "ACCEPTED")))
        .values(state="DEAD")
    )


def _judge(bank: Bank, conn: Connection, caller: Caller, code: str) -> dict[str, Any] | BankError:
    challenge = _open_challenge(conn, caller)
    if challenge is None:
        return _judge_late(bank, conn, caller, code)
    draft = store.get(conn, challenge.draft_id, caller.customer_id)
    if not is_code(code):
        return BankError("code_malformed")
    if clock.now(conn, caller.world_id) >= challenge.expires_at:
        return BankError("code_expired")
    if not hmac.compare_digest(_hash(bank.code_key, draft, code), challenge.code_hash):
        return _count_wrong(conn, draft)
    conn.execute(
        sa.update(challenges)
        .where(challenges.c.id == challenge.id, challenges.c.state == "OPEN")
        .values(state="ACCEPTED")
    )
    store.move(conn, draft.id, "CHALLENGED", "AUTHORISED")
    write_audit(conn, caller.world_id, caller.customer_id, "customer", "code_accepted", draft.id)
    return {"draft_id": draft.id, "kind": draft.kind}


def _judge_late(bank: Bank, conn: Connection, caller: Caller, code: str) -> dict[str, Any] | BankError:
    """Nothing waits for a code. One accepted before is accepted again while its draft waits to be confirmed."""
    if not is_code(code):
        return BankError("no_open_challenge")
    if conn.execute(_waiting(conn, caller, challenges.c.session_id != caller.session_id)).first():
        # Whatever the digits are: an answer that tells right from wrong here would be a guess that costs no try.
        return BankError("code_dead")
    recent = (
        sa.select(challenges)
        # Of the customer's other sessions too: no code of theirs may go on as an ordinary message.
        .where(challenges.c.customer_id == caller.customer_id)
        .order_by(challenges.c.id.desc())
        .limit(SENDS_A_DAY)
    )
    for challenge in conn.execute(recent):
        draft = store.get(conn, challenge.draft_id, caller.customer_id)
        if not hmac.compare_digest(_hash(bank.code_key, draft, code), challenge.code_hash):
            continue
        own = challenge.session_id == caller.session_id
        if own and challenge.state == "ACCEPTED" and draft.state == "AUTHORISED":
            return {"draft_id": draft.id, "kind": draft.kind}
        return BankError("code_dead")
    return BankError("no_open_challenge")


def _open_challenge(conn: Connection, caller: Caller) -> Row | None:
    """The newest challenge of the session that waits for a code, its draft locked.

    A code stays open (and then answers code_expired) until its draft expires, so that a late code is still known for
    what it is.
    """
    draft_id = conn.execute(_waiting(conn, caller, challenges.c.session_id == caller.session_id)).scalar_one_or_none()
    if draft_id is None:
        return None
    store.get(conn, draft_id, caller.customer_id, lock=True)
    # Asked again under the lock: on PostgreSQL another request may have used it up while we waited.
    return conn.execute(
        sa.select(challenges).where(
            challenges.c.draft_id == draft_id,
            challenges.c.session_id == caller.session_id,
            challenges.c.state == "OPEN",
        )
    ).one_or_none()


def _waiting(conn: Connection, caller: Caller, sessions: Any) -> Any:
    """Query of the newest draft of the customer that waits for a code in some of their sessions."""
    return (
        sa.select(challenges.c.draft_id)
        .join(drafts, drafts.c.id == challenges.c.draft_id)
        .where(
            challenges.c.customer_id == caller.customer_id,
            sessions,
            challenges.c.state == "OPEN",
            drafts.c.state == "CHALLENGED",
            drafts.c.expires_at > clock.now(conn, caller.world_id),
        )
        .order_by(challenges.c.id.desc())
        .limit(1)
    )


def is_code(text: str) -> bool:
    """Six ASCII digits; anything else costs no try."""
    return len(text) == 6 and text.isascii() and text.isdigit()


def _count_wrong(conn: Connection, draft: Row) -> BankError:
    conn.execute(
        sa.update(drafts)
        .where(drafts.c.id == draft.id, drafts.c.tries_left > 0)
        .values(tries_left=drafts.c.tries_left - 1)
    )
    tries_left = conn.execute(sa.select(drafts.c.tries_left).where(drafts.c.id == draft.id)).scalar_one()
    if tries_left > 0:
        return BankError("code_wrong", {"tries_left": tries_left})
    kill(conn, draft.id)
    store.move(conn, draft.id, "CHALLENGED", "LOCKED")
    write_audit(conn, draft.world_id, draft.customer_id, "customer", "code_locked", draft.id)
    return BankError("code_locked")


def _refuse_too_many(conn: Connection, caller: Caller, draft: Row, now: datetime) -> None:
    refuse_too_many_a_day(conn, challenges, caller.customer_id, now)
    of_draft = sa.select(sa.func.count()).select_from(challenges).where(challenges.c.draft_id == draft.id)
    if conn.execute(of_draft).scalar_one() >= SENDS_A_DRAFT:
        raise _too_many(draft.expires_at - now)


def refuse_too_many_a_day(conn: Connection, sent: sa.Table, customer_id: str, now: datetime) -> None:
    """`sent` has a row for each code: customer_id, sent_at. Raises too_many_codes."""
    lock_customer(conn, customer_id)
    recent = conn.execute(
        sa.select(sent.c.sent_at)
        .where(sent.c.customer_id == customer_id, sent.c.sent_at > now - _DAY)
        .order_by(sent.c.sent_at.desc())
        .limit(SENDS_A_DAY)
    ).all()
    if len(recent) == SENDS_A_DAY:
        raise _too_many(recent[-1].sent_at + _DAY - now)


def _too_many(wait: timedelta) -> BankError:
    return BankError("too_many_codes", {"retry_after": int(wait.total_seconds()) + 1})


def _hash(key: bytes, draft: Row, code: str) -> str:
    message = f"{draft.id}|{store.digest(draft)}|{code}"
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
