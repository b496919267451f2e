"""Freezing, loss reports, unfreezing."""

from __future__ import annotations

import pytest

from banking.port import BankContractBroken, CardStateConflict, CodeRequired
from tests.contract.worlds import World


def test_a_card_is_frozen_at_once(bank: World, zhangwei: str) -> None:
    before = bank.card(zhangwei, "6789")
    bank.wait(minutes=1)
    change = bank.port.freeze_card(zhangwei, before.id, "k1")
    assert change.changed
    assert (change.card.id, change.card.state) == (before.id, "frozen")
    assert change.card.state_since > before.state_since
    assert bank.card(zhangwei, "6789") == change.card
    assert bank.card(zhangwei, "1122").state == "active"


def test_freezing_a_frozen_card_changes_nothing(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    first = bank.port.freeze_card(zhangwei, card_id, "k1")
    again = bank.port.freeze_card(zhangwei, card_id, "k2")
    assert not again.changed
    assert again.card == first.card
    assert bank.port.freeze_card(zhangwei, card_id, "k1") == first


def test_a_key_stands_for_one_request(bank: World, zhangwei: str) -> None:
    bank.port.freeze_card(zhangwei, bank.card(zhangwei, "6789").id, "k1")
    with pytest.raises(BankContractBroken, match="idempotency_mismatch"):
        bank.port.freeze_card(zhangwei, bank.card(zhangwei, "1122").id, "k1")
    with pytest.raises(BankContractBroken, match="idempotency_mismatch"):
        bank.port.report_card_lost(zhangwei, bank.card(zhangwei, "6789").id, "k1")
    assert bank.card(zhangwei, "1122").state == "active"
    assert bank.card(zhangwei, "6789").state == "frozen"


def test_keys_of_two_customers_do_not_meet(bank: World, zhangwei: str, lina: str) -> None:
    bank.port.freeze_card(zhangwei, bank.card(zhangwei, "6789").id, "k1")
    change = bank.port.freeze_card(lina, bank.card(lina, "3344").id, "k1")
    assert change.changed
    assert change.card.tail == "3344"


def test_a_refusal_leaves_the_key_free(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "1122").id
    bank.port.report_card_lost(zhangwei, card_id, "k1")
    with pytest.raises(CardStateConflict):
        bank.port.freeze_card(zhangwei, card_id, "k2")
    assert bank.port.freeze_card(zhangwei, bank.card(zhangwei, "6789").id, "k2").changed


def test_keys_that_cannot_be(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    for key in ("", "钥匙", "x" * 256, "a\nb"):
        with pytest.raises(BankContractBroken):
            bank.port.freeze_card(zhangwei, card_id, key)
    assert bank.card(zhangwei, "6789").state == "active"


@pytest.mark.parametrize("frozen_first", [False, True])
def test_a_card_is_reported_lost_once(bank: World, zhangwei: str, frozen_first: bool) -> None:
    card_id = bank.card(zhangwei, "6789").id
    if frozen_first:
        bank.port.freeze_card(zhangwei, card_id, "k0")
    report = bank.port.report_card_lost(zhangwei, card_id, "k1")
    assert report.changed
    assert report.card.state == "lost"
    assert report.report_no
    again = bank.port.report_card_lost(zhangwei, card_id, "k2")
    assert (again.changed, again.report_no, again.card) == (False, report.report_no, report.card)
    assert bank.port.report_card_lost(zhangwei, card_id, "k1") == report


def test_a_lost_card_is_neither_frozen_nor_unfrozen(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    bank.port.report_card_lost(zhangwei, card_id, "k1")
    with pytest.raises(CardStateConflict) as refused:
        bank.port.freeze_card(zhangwei, card_id, "k2")
    assert refused.value.state == "lost"
    with pytest.raises(CardStateConflict) as refused:
        bank.port.draft_unfreeze(zhangwei, card_id)
    assert refused.value.state == "lost"


def test_an_active_card_is_not_unfrozen(bank: World, zhangwei: str) -> None:
    with pytest.raises(CardStateConflict) as refused:
        bank.port.draft_unfreeze(zhangwei, bank.card(zhangwei, "6789").id)
    assert refused.value.state == "active"


def test_unfreezing_needs_a_code(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    bank.port.freeze_card(zhangwei, card_id, "k1")
    draft = bank.port.draft_unfreeze(zhangwei, card_id)
    assert (draft.kind, draft.state, draft.risk, draft.transfer) == ("unfreeze_card", "DRAFT", "blue", None)
    assert "6789" in draft.canonical_text
    assert draft.card is not None
    assert draft.card.state == "frozen"
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)
    bank.authorise(zhangwei, draft)
    done = bank.port.confirm(zhangwei, draft.id)
    assert done.state == "DONE"
    assert done.result is not None
    assert bank.card(zhangwei, "6789").state == "active"
    assert bank.pay(zhangwei, 100).state == "DONE"


def test_a_card_lost_in_the_meantime_stays_lost(bank: World, zhangwei: str) -> None:
    card_id = bank.card(zhangwei, "6789").id
    bank.port.freeze_card(zhangwei, card_id, "k1")
    draft = bank.port.draft_unfreeze(zhangwei, card_id)
    bank.authorise(zhangwei, draft)
    bank.port.report_card_lost(zhangwei, card_id, "k2")
    with pytest.raises(CardStateConflict):
        bank.port.confirm(zhangwei, draft.id)
    assert bank.card(zhangwei, "6789").state == "lost"


def test_a_code_for_unfreezing_does_not_pay(bank: World, zhangwei: str) -> None:
    transfer = bank.draft(zhangwei, 100, tail="1122")
    card_id = bank.card(zhangwei, "6789").id
    bank.port.freeze_card(zhangwei, card_id, "k1")
    bank.authorise(zhangwei, bank.port.draft_unfreeze(zhangwei, card_id))
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, transfer.id)
