"""One-time codes."""

from __future__ import annotations

import pytest

from banking.port import (
    BankContractBroken,
    CodeExpired,
    CodeLocked,
    CodeRequired,
    CodeWrong,
    DraftClosed,
    TooManyCodes,
)
from tests.contract.worlds import World


def test_sending_a_code_tells_where_it_went(bank: World, zhangwei: str) -> None:
    challenged = bank.port.send_code(zhangwei, bank.draft(zhangwei, 100).id)
    assert challenged.state == "CHALLENGED"
    challenge = challenged.challenge
    assert challenge is not None
    assert (challenge.sent_to, challenge.tries_left) == ("138****0001", 5)
    assert challenge.expires_at > challenged.created_at
    code = bank.last_code("zhangwei")
    assert len(code) == 6
    assert code.isdigit()


def test_a_correct_code_authorises_and_is_used_up(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    bank.authorise(zhangwei, draft)
    assert bank.port.draft(zhangwei, draft.id).state == "AUTHORISED"
    bank.port.confirm(zhangwei, draft.id)
    with pytest.raises(BankContractBroken, match=r"no_open_challenge|code_dead"):
        bank.submit_code(zhangwei, bank.last_code("zhangwei"))


def test_five_wrong_codes_kill_the_draft(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    bank.port.send_code(zhangwei, draft.id)
    right, wrong = bank.last_code("zhangwei"), bank.wrong_code()
    for tries_left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refused:
            bank.submit_code(zhangwei, wrong)
        assert refused.value.tries_left == tries_left
        challenge = bank.port.draft(zhangwei, draft.id).challenge
        assert challenge is not None
        assert challenge.tries_left == tries_left
    with pytest.raises(CodeLocked):
        bank.submit_code(zhangwei, wrong)
    with pytest.raises(BankContractBroken, match=r"no_open_challenge|code_dead"):
        bank.submit_code(zhangwei, right)
    with pytest.raises(DraftClosed) as closed:
        bank.port.confirm(zhangwei, draft.id)
    assert closed.value.state == "LOCKED"


def test_a_new_code_kills_the_old_one_and_keeps_the_count(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    bank.port.send_code(zhangwei, draft.id)
    with pytest.raises(CodeWrong):
        bank.submit_code(zhangwei, bank.wrong_code())
    old = bank.last_code("zhangwei")
    again = bank.port.send_code(zhangwei, draft.id)
    assert again.challenge is not None
    assert again.challenge.tries_left == 4
    new = bank.last_code("zhangwei")
    if old != new:
        with pytest.raises(CodeWrong) as refused:
            bank.submit_code(zhangwei, old)
        assert refused.value.tries_left == 3
    bank.submit_code(zhangwei, new)
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


def test_a_code_sent_anew_takes_the_authorisation_back(bank: World, zhangwei: str) -> None:
    draft = bank.authorised(zhangwei, 100)
    bank.port.send_code(zhangwei, draft.id)
    with pytest.raises(CodeRequired):
        bank.port.confirm(zhangwei, draft.id)


def test_a_code_lives_five_minutes_and_can_be_had_anew(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    bank.port.send_code(zhangwei, draft.id)
    bank.wait(minutes=6)
    with pytest.raises(CodeExpired):
        bank.submit_code(zhangwei, bank.last_code("zhangwei"))
    bank.authorise(zhangwei, draft)
    assert bank.port.confirm(zhangwei, draft.id).state == "DONE"


def test_a_code_belongs_to_the_session_that_asked_for_it(bank: World, zhangwei: str, lina: str) -> None:
    bank.port.send_code(zhangwei, bank.draft(zhangwei, 100).id)
    code = bank.last_code("zhangwei")
    for other in (lina, bank.sign_in("zhangwei")):
        with pytest.raises(BankContractBroken, match=r"no_open_challenge|code_dead"):
            bank.submit_code(other, code)
    bank.submit_code(zhangwei, code)


def test_a_code_goes_to_the_newest_challenge(bank: World, zhangwei: str) -> None:
    first, second = bank.draft(zhangwei, 100), bank.draft(zhangwei, 200)
    bank.port.send_code(zhangwei, second.id)
    bank.port.send_code(zhangwei, first.id)
    bank.submit_code(zhangwei, bank.last_code("zhangwei"))
    assert bank.port.draft(zhangwei, first.id).state == "AUTHORISED"
    assert bank.port.draft(zhangwei, second.id).state == "CHALLENGED"


def test_a_malformed_code_costs_no_try(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    bank.port.send_code(zhangwei, draft.id)
    for code in ("12345", "1234567", "12345a", "１２３４５６", ""):
        with pytest.raises(BankContractBroken, match="code_malformed"):
            bank.submit_code(zhangwei, code)
    challenge = bank.port.draft(zhangwei, draft.id).challenge
    assert challenge is not None
    assert challenge.tries_left == 5


def test_five_codes_a_draft(bank: World, zhangwei: str) -> None:
    draft = bank.draft(zhangwei, 100)
    for _ in range(5):
        bank.port.send_code(zhangwei, draft.id)
    with pytest.raises(TooManyCodes) as refused:
        bank.port.send_code(zhangwei, draft.id)
    assert 0 < refused.value.retry_after <= 601


def test_ten_codes_a_rolling_day(bank: World, zhangwei: str) -> None:
    for _ in range(2):
        draft = bank.draft(zhangwei, 100)
        for _ in range(5):
            bank.port.send_code(zhangwei, draft.id)
    with pytest.raises(TooManyCodes) as refused:
        bank.port.send_code(zhangwei, bank.draft(zhangwei, 100).id)
    assert 23 * 3600 < refused.value.retry_after <= 24 * 3600 + 1
    bank.wait(hours=24, minutes=1)
    tomorrow = bank.sign_in("zhangwei")
    assert bank.port.send_code(tomorrow, bank.draft(tomorrow, 100).id).state == "CHALLENGED"
