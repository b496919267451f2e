"""What the in-memory bank has beside the port; its rules are tested in tests/contract."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from banking.memory import MemoryBank
from banking.memory_transfers import Transfers
from banking.memory_world import demo_bank
from banking.model import Payee
from banking.port import BankUnavailable, PayeeUnavailable

NOON = datetime(2026, 11, 23, 4, tzinfo=timezone.utc)


@pytest.fixture
def bank() -> MemoryBank:
    return MemoryBank(lambda: NOON)


def authorised(bank: MemoryBank, session: str) -> str:
    account, payee = bank.accounts(session)[0], bank.payees(session)[0]
    draft = bank.draft_transfer(session, account.id, payee.id, 50000)
    bank.send_code(session, draft.id)
    bank.submit_code(session, bank.last_code("zhangwei"))
    return draft.id


def test_confirming_from_many_threads_moves_money_once(bank: MemoryBank) -> None:
    session = bank.sign_in("zhangwei")
    draft_id = authorised(bank, session)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: bank.confirm(session, draft_id), range(40)))
    assert len(set(results)) == 1
    assert bank.accounts(session)[0].balance_fen == 5231866 - 50000


def test_no_code_was_sent(bank: MemoryBank) -> None:
    with pytest.raises(ValueError, match="lina"):
        bank.last_code("lina")


def test_an_unknown_login(bank: MemoryBank) -> None:
    with pytest.raises(KeyError):
        bank.sign_in("nobody")


def test_codes_do_not_get_through_to_a_core_that_is_down(bank: MemoryBank) -> None:
    session = bank.sign_in("zhangwei")
    bank.fault = "core_down"
    with pytest.raises(BankUnavailable):
        bank.submit_code(session, "123456")


def test_the_history_ends_at_the_balance() -> None:
    customer = demo_bank(NOON)["zhangwei"]
    account = customer.accounts[customer.transactions[-1].account_id]
    assert customer.transactions[-1].balance_after_fen == account.balance_fen
    for earlier, later in zip(customer.transactions, customer.transactions[1:], strict=False):
        assert earlier.posted_at < later.posted_at
        assert earlier.balance_after_fen + later.amount_fen == later.balance_after_fen


def test_nobody_pays_the_account_the_money_comes_from() -> None:
    customers = demo_bank(NOON)
    lina = customers["lina"]
    lina.payees["self"] = Payee("self", "李娜", None, "本行", "3344", internal=True, paid_before=True)
    account_id = next(iter(lina.accounts))
    with pytest.raises(PayeeUnavailable) as refused:
        Transfers(customers, lambda: NOON).check(lina, account_id, "self", 100)
    assert refused.value.reason
