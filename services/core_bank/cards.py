"""Card operations that need no one-time code: freezing and loss reports (unfreezing is a draft)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from services.core_bank import clock, idempotency, queries
from services.core_bank.bank import Bank, Caller, write_audit
from services.core_bank.errors import BankError
from services.core_bank.identifiers import new_receipt_number
from services.core_bank.tables import cards, loss_reports


def freeze(bank: Bank, caller: Caller, card_id: str, key: str, body: Any = None) -> idempotency.Answer:
    """Answers {card, changed}. Raises card_not_found, card_state_conflict (lost, inactive)."""

    def effect(conn: Connection) -> dict[str, Any]:
        card = queries.get_card(conn, caller.customer_id, card_id, lock=True)
        if card.state in ("lost", "inactive"):
            raise BankError("card_state_conflict", {"state": card.state})
        changed = card.state == "active"
        if changed:
            set_state(conn, caller.world_id, card_id, card.state, "frozen")
            write_audit(conn, caller.world_id, caller.customer_id, "customer", "card_frozen", card_id)
        return {"card": _view(conn, caller, card_id), "changed": changed}

    return idempotency.run(bank, caller, idempotency.Operation(key, f"/v1/cards/{card_id}/freeze", body), effect)


def report_lost(bank: Bank, caller: Caller, card_id: str, key: str, body: Any = None) -> idempotency.Answer:
    """Answers {card, changed, report_no}; a second report repeats the number. Raises card_not_found."""

    def effect(conn: Connection) -> dict[str, Any]:
        card = queries.get_card(conn, caller.customer_id, card_id, lock=True)
        changed = card.state != "lost"
        if changed:
            set_state(conn, caller.world_id, card_id, card.state, "lost")
            _write_report(conn, caller, card_id)
            write_audit(conn, caller.world_id, caller.customer_id, "customer", "card_reported_lost", card_id)
        report_no = conn.execute(
            sa.select(loss_reports.c.report_no).where(loss_reports.c.card_id == card_id)
        ).scalar_one()
        return {"card": _view(conn, caller, card_id), "changed": changed, "report_no": report_no}

    return idempotency.run(bank, caller, idempotency.Operation(key, f"/v1/cards/{card_id}/loss-report", body), effect)


def set_state(conn: Connection, world_id: str, card_id: str, expected: str, state: str) -> None:
    """Raises card_state_conflict when the card is no longer in the expected state."""
    moved = conn.execute(
        sa.update(cards)
        .where(cards.c.id == card_id, cards.c.state == expected)
        .values(state=state, state_since=clock.now(conn, world_id))
    )
    if moved.rowcount != 1:
        actual = conn.execute(sa.select(cards.c.state).where(cards.c.id == card_id)).scalar_one()
        raise BankError("card_state_conflict", {"state": actual})


def _write_report(conn: Connection, caller: Caller, card_id: str) -> None:
    now = clock.now(conn, caller.world_id)
    conn.execute(
        sa.insert(loss_reports).values(report_no=new_receipt_number("GS", now), card_id=card_id, reported_at=now)
    )


def _view(conn: Connection, caller: Caller, card_id: str) -> dict[str, Any]:
    return queries.card_view(queries.get_card(conn, caller.customer_id, card_id))
