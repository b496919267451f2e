"""Yellow asks a question, red also waits for an operator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking.port import BankContractBroken, DraftClosed, LimitExceeded, RiskQuestionOpen, RiskRefused
from tests.contract.worlds import NOON, World


def test_a_new_payee_by_day(bank: World, zhangwei: str) -> None:
    for amount_fen, risk, reasons in (
        (500000, "blue", ()),
        (500001, "yellow", ("new_payee",)),
        (2000000, "yellow", ("new_payee",)),
        (2000001, "red", ("new_payee", "above_review")),
    ):
        draft = bank.draft(zhangwei, amount_fen, to="7788")
        assert (draft.risk, draft.risk_reasons) == (risk, reasons)
        assert draft.risk_question_open == (risk != "blue")


def test_a_known_payee_is_trusted_up_to_the_review_limit(bank: World, zhangwei: str) -> None:
    bank.pay(zhangwei, 100, to="7788")
    assert bank.draft(zhangwei, 2000000, to="7788").risk == "blue"
    red = bank.draft(zhangwei, 2000001, to="7788")
    assert (red.risk, red.risk_reasons) == ("red", ("above_review",))


def test_the_night_is_from_23_to_6(bank: World) -> None:
    for hours, risk in ((10.99, "blue"), (11, "yellow"), (17.99, "yellow"), (18.01, "blue")):
        bank.set_clock(NOON + timedelta(hours=hours))
        session = bank.sign_in("zhangwei")
        draft = bank.draft(session, 500001)
        assert (draft.risk, draft.risk_reasons) == (risk, ("night",) if risk == "yellow" else ())
        assert bank.draft(session, 500000).risk == "blue"


def test_a_yellow_draft_waits_for_its_answer(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 600000, to="7788")
    with pytest.raises(RiskQuestionOpen):
        bank.port.send_code(zhangwei, draft.id)
    answered = bank.port.answer_risk(zhangwei, draft.id, suspicious=False)
    assert (answered.state, answered.risk_question_open) == ("DRAFT", False)
    bank.authorise(zhangwei, draft)
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


def test_a_suspicious_draft_is_dead(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 600000, to="7788")
    assert bank.port.answer_risk(zhangwei, draft.id, suspicious=True).state == "REFUSED"
    for step in (bank.port.send_code, bank.port.confirm):
        with pytest.raises(RiskRefused):
            step(zhangwei, draft.id)
    with pytest.raises(RiskRefused):
        bank.port.answer_risk(zhangwei, draft.id, suspicious=False)


def test_a_blue_draft_has_no_question(bank: World, zhangwei: str) -> None:
    with pytest.raises(BankContractBroken):
        bank.port.answer_risk(zhangwei, bank.draft(zhangwei, 100).id, suspicious=False)


def in_review(bank: World, session: str) -> str:
    draft = bank.draft(session, 2500000)
    bank.port.answer_risk(session, draft.id, suspicious=False)
    bank.authorise(session, draft)
    reviewed = bank.port.confirm(session, draft.id)
    assert (reviewed.state, reviewed.result) == ("REVIEW", None)
    return draft.id


def test_a_red_draft_moves_nothing_until_an_operator_agrees(bank: World, zhangwei: str, lina: str) -> None:
    draft_id = in_review(bank, zhangwei)
    assert bank.port.confirm(zhangwei, draft_id).state == "REVIEW"
    assert bank.movements(zhangwei) == []
    bank.review(draft_id, approve=True)
    done = bank.port.draft(zhangwei, draft_id)
    assert done.state == "DONE"
    assert done.result is not None
    assert bank.balance(zhangwei, "6789") == 5231866 - 2500000
    assert bank.balance(lina, "3344") == 800000 + 2500000


def test_an_operator_may_refuse(bank: World, zhangwei: str) -> None:
    draft_id = in_review(bank, zhangwei)
    bank.review(draft_id, approve=False)
    assert bank.port.draft(zhangwei, draft_id).state == "REJECTED"
    assert bank.movements(zhangwei) == []


def test_the_customer_may_take_a_red_draft_back(bank: World, zhangwei: str) -> None:
    draft_id = in_review(bank, zhangwei)
    assert bank.port.cancel(zhangwei, draft_id).state == "CANCELLED"
    with pytest.raises(DraftClosed):
        bank.review(draft_id, approve=True)


def test_every_check_is_made_again_at_the_review(bank: World, zhangwei: str) -> None:
    draft_id = in_review(bank, zhangwei)
    for _ in range(2):
        bank.pay(zhangwei, 1400000)
    with pytest.raises(LimitExceeded):
        bank.review(draft_id, approve=True)
    assert bank.port.draft(zhangwei, draft_id).state == "REVIEW"
    assert len(bank.movements(zhangwei)) == 2
