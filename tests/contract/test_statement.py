"""Transactions: filters, totals over the filter, pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from banking.model import TransactionPage, TransactionQuery
from banking.port import BankContractBroken
from tests.contract.worlds import NOON, World

FIRST_DAY = NOON.date()
SECOND_DAY = FIRST_DAY + timedelta(days=1)


@pytest.fixture
def history(bank: World, zhangwei: str) -> str:
    """A session of 张伟 on the second of two days: paid 10 and 20 yuan; then got 30 and paid 40 from the other card."""
    bank.pay(zhangwei, 1000, to="3344")
    bank.wait(minutes=1)
    bank.pay(zhangwei, 2000, to="5566", note="房租")
    bank.wait(days=1)
    lina = bank.sign_in("lina")
    bank.pay(lina, 3000, to="6789", login="lina", tail="3344")
    bank.wait(days=1, minutes=1)
    tomorrow = bank.sign_in("zhangwei")
    bank.pay(tomorrow, 4000, to="9900", tail="1122")
    return tomorrow


def ask(bank: World, session: str, query: TransactionQuery) -> TransactionPage:
    """What the test did; the demo bank's own history ends before the first day."""
    return bank.port.transactions(session, replace(query, from_date=query.from_date or FIRST_DAY))


def amounts(page: TransactionPage) -> list[int]:
    return [item.amount_fen for item in page.transactions]


def test_everything_newest_first(bank: World, history: str) -> None:
    page = ask(bank, history, TransactionQuery())
    assert amounts(page) == [-4000, 3000, -2000, -1000]
    assert page.next_cursor is None
    assert (page.totals.in_fen, page.totals.out_fen, page.totals.count) == (3000, 7000, 4)
    assert [item.counterparty for item in page.transactions] == ["张秀英", "李娜", "王强", "李娜"]
    assert [item.account_tail for item in page.transactions] == ["1122", "6789", "6789", "6789"]
    assert page.transactions[1].balance_after_fen == bank.balance(history, "6789") == 5231866
    assert page.transactions[2].summary == "房租"
    assert len({item.id for item in page.transactions}) == 4
    assert all(item.posted_at.tzinfo for item in page.transactions)


FILTERS: tuple[tuple[TransactionQuery, list[int]], ...] = (
    (TransactionQuery(direction="in"), [3000]),
    (TransactionQuery(direction="out"), [-4000, -2000, -1000]),
    (TransactionQuery(from_date=SECOND_DAY), [-4000, 3000]),
    (TransactionQuery(to_date=SECOND_DAY), [-2000, -1000]),
    (TransactionQuery(from_date=SECOND_DAY, to_date=SECOND_DAY), []),
    (TransactionQuery(min_fen=2000), [-4000, 3000, -2000]),
    (TransactionQuery(max_fen=2000), [-2000, -1000]),
    (TransactionQuery(min_fen=2000, max_fen=3000), [3000, -2000]),
    (TransactionQuery(counterparty="李"), [3000, -1000]),
    (TransactionQuery(counterparty="%"), []),
    (TransactionQuery(counterparty="李", direction="out"), [-1000]),
)


def test_filters_and_totals_over_them(bank: World, history: str) -> None:
    one_account = TransactionQuery(account_id=bank.account(history, "1122").id), [-4000]
    for query, expected in (*FILTERS, one_account):
        page = ask(bank, history, query)
        assert amounts(page) == expected, query
        assert page.totals.count == len(expected), query
        assert page.totals.in_fen - page.totals.out_fen == sum(expected), query


def test_pages_join_into_the_whole(bank: World, history: str) -> None:
    query, seen = TransactionQuery(limit=1), []
    while True:
        page = ask(bank, history, query)
        assert page.totals.count == 4
        seen += amounts(page)
        if page.next_cursor is None:
            break
        query = TransactionQuery(limit=1, cursor=page.next_cursor)
    assert seen == [-4000, 3000, -2000, -1000]


def test_a_transaction_that_arrives_between_two_pages_repeats_nothing(bank: World, zhangwei: str) -> None:
    for amount_fen in (1000, 2000, 3000):
        bank.pay(zhangwei, amount_fen)
    first = ask(bank, zhangwei, TransactionQuery(limit=2))
    bank.pay(zhangwei, 4000)
    second = ask(bank, zhangwei, TransactionQuery(limit=2, cursor=first.next_cursor))
    assert amounts(first) + amounts(second) == [-3000, -2000, -1000]


def test_the_demo_bank_has_a_past(bank: World, zhangwei: str) -> None:
    page = bank.port.transactions(zhangwei, TransactionQuery(to_date=FIRST_DAY))
    assert page.transactions
    assert {item.kind for item in page.transactions} >= {"income", "payment", "transfer"}


def test_questions_outside_the_contract(bank: World, zhangwei: str) -> None:
    for query in (TransactionQuery(limit=0), TransactionQuery(limit=101), TransactionQuery(cursor="?")):
        with pytest.raises(BankContractBroken):
            ask(bank, zhangwei, query)
