"""What visitors may leave in the in-memory bank has the core's limit."""

import pytest

from banking.memory import MemoryBank
from banking.memory_care import VISITOR_TICKETS_AN_HOUR
from banking.port import NotPossible


def test_visitors_leave_only_so_many_tickets_an_hour() -> None:
    bank = MemoryBank()
    for number in range(VISITOR_TICKETS_AN_HOUR):
        bank.leave_ticket(None, "give_feedback", "很好", str(number))
    with pytest.raises(NotPossible) as refused:
        bank.leave_ticket(None, "give_feedback", "很好", "one more")
    assert refused.value.rule == "too_many"
