"""What visitors may leave has a limit; a world of its own keeps the other tests free."""

from typing import Any

import pytest
from sqlalchemy.engine import Connection

from services.core_bank import clock, sandbox
from services.core_bank.care import tickets
from services.core_bank.errors import BankError
from tests.unit.services.core_bank.harness import World


def test_visitors_leave_only_so_many_tickets_an_hour(world: World) -> None:
    bank: Any = world.client.app.state.bank  # type: ignore[attr-defined]

    def leave(number: int) -> str:
        def work(conn: Connection) -> str:
            world_id = sandbox.find_world(conn, world.name)
            matter = tickets.Matter(world_id, None, "give_feedback", "很好", f"{world.name} {number}")
            return str(tickets.open_for_visitor(conn, matter, clock.now(conn, world_id)).ticket_no)

        return str(bank.db.transact(work))

    numbers = [leave(number) for number in range(60)]
    assert len(set(numbers)) == 60
    with pytest.raises(BankError) as refused:
        leave(60)
    assert refused.value.details["rule"] == "too_many"
    assert leave(0) == numbers[0]
    world.advance(hours=2)
    assert leave(60)
