"""Faults of the core: the class of error, and the true state by query afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from banking.memory_base import Fault
from banking.port import BankUnavailable, OutcomeUnknown
from tests.contract.worlds import World


def test_a_failed_read_is_unavailable_and_works_again_afterwards(bank: World, zhangwei: str) -> None:
    faults: tuple[Fault, ...] = ("core_down", "core_slow", "core_500", "core_garbage")
    for fault in faults:
        bank.set_fault(fault)
        with pytest.raises(BankUnavailable):
            bank.impatient.accounts(zhangwei)
    bank.set_fault("none")
    assert bank.port.accounts(zhangwei)


def test_core_down_surely_did_nothing(bank: World, zhangwei: str) -> None:
    draft, card_id = bank.authorised(zhangwei, 50000), bank.card(zhangwei, "1122").id
    bank.set_fault("core_down")
    writes: list[Callable[[], object]] = [
        lambda: bank.port.confirm(zhangwei, draft.id),
        lambda: bank.port.cancel(zhangwei, draft.id),
        lambda: bank.port.send_code(zhangwei, draft.id),
        lambda: bank.port.freeze_card(zhangwei, card_id, "k1"),
        lambda: bank.port.report_card_lost(zhangwei, card_id, "k2"),
    ]
    for write in writes:
        with pytest.raises(BankUnavailable):
            write()
    bank.set_fault("none")
    assert bank.port.draft(zhangwei, draft.id).state == "AUTHORISED"
    assert bank.card(zhangwei, "1122").state == "active"
    assert bank.movements(zhangwei) == []
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


@pytest.mark.parametrize("fault", ["core_500", "core_garbage"])
def test_an_unreadable_answer_leaves_the_outcome_open_and_the_query_tells(
    bank: World, zhangwei: str, fault: Fault
) -> None:
    draft = bank.authorised(zhangwei, 50000)
    bank.set_fault(fault)
    with pytest.raises(OutcomeUnknown):
        bank.port.confirm(zhangwei, draft.id)
    bank.set_fault("none")
    assert bank.port.draft(zhangwei, draft.id).state == "AUTHORISED"
    assert bank.movements(zhangwei) == []
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


def test_a_dropped_reply_hides_a_transfer_that_was_made_once(bank: World, zhangwei: str, lina: str) -> None:
    draft = bank.authorised(zhangwei, 50000)
    bank.set_fault("core_drop_reply")
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            bank.port.confirm(zhangwei, draft.id)
    found = bank.port.draft(zhangwei, draft.id)
    assert found.state == "DONE"
    assert found.result is not None
    bank.set_fault("none")
    assert bank.port.confirm(zhangwei, draft.id) == found
    assert bank.balance(zhangwei, "6789") == 5231866 - 50000
    assert bank.balance(lina, "3344") == 800000 + 50000
    assert len(bank.movements(zhangwei)) == 1


def test_a_dropped_reply_hides_a_freeze(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    bank.set_fault("core_drop_reply")
    with pytest.raises(OutcomeUnknown):
        bank.port.freeze_card(zhangwei, card_id, "k1")
    assert bank.card(zhangwei, "6789").state == "frozen"
    bank.set_fault("none")
    assert bank.port.freeze_card(zhangwei, card_id, "k1").changed


def test_after_a_slow_core_the_query_tells_what_was_done(bank: World, zhangwei: str) -> None:
    draft = bank.authorised(zhangwei, 50000)
    bank.set_fault("core_slow")
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        bank.impatient.confirm(zhangwei, draft.id)
    assert time.monotonic() - started < 3  # the core takes far longer
    bank.set_fault("none")
    time.sleep(bank.slowness)
    # Whether a core goes on after its caller hung up is its own affair; its answer to a query has to be the truth.
    made = bank.port.draft(zhangwei, draft.id).state == "DONE"
    assert bank.movements(zhangwei) == ([(-50000, "李娜")] if made else [])
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"
    assert bank.movements(zhangwei) == [(-50000, "李娜")]


@pytest.mark.parametrize("fault", ["core_500", "core_garbage"])
def test_every_write_is_unknown(bank: World, zhangwei: str, fault: Fault) -> None:
    port, draft = bank.port, bank.draft(zhangwei, 600000, to="7788")
    card_id, account_id, payee_id = (
        bank.card(zhangwei, "1122").id,
        bank.account(zhangwei, "6789").id,
        bank.payee(zhangwei, "3344").id,
    )
    bank.set_fault(fault)
    writes: list[Callable[[], object]] = [
        lambda: port.draft_transfer(zhangwei, account_id, payee_id, 100),
        lambda: port.draft_unfreeze(zhangwei, card_id),
        lambda: port.answer_risk(zhangwei, draft.id, suspicious=True),
        lambda: port.send_code(zhangwei, draft.id),
        lambda: port.cancel(zhangwei, draft.id),
        lambda: port.freeze_card(zhangwei, card_id, "k1"),
        lambda: port.report_card_lost(zhangwei, card_id, "k2"),
    ]
    for write in writes:
        with pytest.raises(OutcomeUnknown):
            write()
    bank.set_fault("none")
    assert bank.port.drafts(zhangwei) == (draft,)
    assert bank.card(zhangwei, "1122").state == "active"
