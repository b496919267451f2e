"""The paths that move money, on SQLite and on PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from httpx import Response

from tests.unit.services.core_bank.harness import Customer, World, error_of, noon


def at_once(*calls: Callable[[], Response]) -> Counter[str]:
    """Run all calls side by side; counts `200` and error codes."""
    answers: list[str] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Response]) -> None:
        barrier.wait()
        response = call()
        answers.append("200" if response.status_code == 200 else error_of(response)[1])

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def test_transfer_inside_the_bank_moves_the_amount_between_the_two_accounts(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    before = any_world.ledger()
    draft_id = zhangwei.authorised(500_00)
    done = zhangwei.confirm(draft_id)
    assert done.status_code == 200 and done.json()["state"] == "DONE"
    after = any_world.ledger()
    assert after["accounts"] == before["accounts"] | {
        "zhangwei/6789": before["accounts"]["zhangwei/6789"] - 500_00,
        "lina/3344": before["accounts"]["lina/3344"] + 500_00,
    }
    assert after["postings"] == before["postings"] + 2


def test_transfer_to_another_bank_goes_to_clearing(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    before = any_world.ledger()
    done = zhangwei.confirm(zhangwei.authorised(88_08, payee="5566"))
    assert done.status_code == 200
    after = any_world.ledger()
    paid = {"zhangwei/6789": before["accounts"]["zhangwei/6789"] - 88_08}
    assert after["accounts"] == before["accounts"] | paid
    assert after["postings"] == before["postings"] + 2


def test_both_sides_see_the_transfer_with_its_balance(any_world: World) -> None:
    zhangwei, lina = any_world.sign_in("zhangwei"), any_world.sign_in("lina")
    zhangwei.confirm(zhangwei.authorised(12_34, note="咖啡"))
    out = zhangwei.get("/v1/transactions?limit=1")["transactions"][0]
    assert (out["amount_fen"], out["balance_after_fen"]) == (-12_34, 52_318_66 - 12_34)
    assert (out["counterparty"], out["summary"], out["kind"], out["account_tail"]) == (
        "李娜",
        "咖啡",
        "transfer",
        "6789",
    )
    into = lina.get("/v1/transactions?limit=1")["transactions"][0]
    assert (into["amount_fen"], into["balance_after_fen"]) == (12_34, 8_000_00 + 12_34)
    assert (into["counterparty"], into["summary"]) == ("张伟", "咖啡")


def test_replay_answers_the_same_and_moves_nothing(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised(500_00)
    first, second = zhangwei.confirm(draft_id), zhangwei.confirm(draft_id)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert any_world.balance("lina/3344") == 8_500_00


def test_two_confirms_racing_with_one_code_post_once(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised(500_00)
    answers = at_once(*(lambda key=key: zhangwei.confirm(draft_id, key=key) for key in ("a", "b", "c", "d")))
    assert answers == {"200": 1, "draft_closed": 3}
    assert any_world.balance("lina/3344") == 8_500_00


def test_one_key_racing_posts_once(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised(500_00)
    answers = at_once(*(lambda: zhangwei.confirm(draft_id) for _ in range(4)))
    assert set(answers) <= {"200", "idempotency_in_flight"} and answers["200"] >= 1
    assert any_world.balance("lina/3344") == 8_500_00


def test_crossing_transfers_neither_deadlock_nor_lose_money(any_world: World) -> None:
    zhangwei, lina = any_world.sign_in("zhangwei"), any_world.sign_in("lina")
    drafts: list[tuple[Customer, str]] = []
    for number in range(3):
        drafts.append((zhangwei, zhangwei.authorised(100_00 + number)))
        drafts.append((lina, lina.authorised(70_00 + number, payee="6789", account="3344")))
    answers = at_once(*(lambda who=who, draft=draft: who.confirm(draft) for who, draft in drafts))
    assert answers == {"200": 6}
    assert any_world.balance("zhangwei/6789") == 52_318_66 - 300_03 + 210_03
    assert any_world.balance("lina/3344") == 8_000_00 + 300_03 - 210_03


def test_the_last_of_a_balance_is_spent_once(any_world: World) -> None:
    lina = any_world.sign_in("lina")
    drafts = [lina.authorised(4_900_00, payee="6789", account="3344") for _ in range(3)]
    answers = at_once(*(lambda draft=draft: lina.confirm(draft) for draft in drafts))
    assert answers == {"200": 1, "insufficient_funds": 2}
    assert any_world.balance("lina/3344") == 3_100_00


def test_the_last_of_the_daily_limit_is_used_once(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    for _ in range(2):
        assert zhangwei.confirm(zhangwei.authorised(18_000_00)).status_code == 200
    drafts = [zhangwei.authorised(9_000_00) for _ in range(2)]
    answers = at_once(*(lambda draft=draft: zhangwei.confirm(draft) for draft in drafts))
    assert answers == {"200": 1, "limit_exceeded": 1}
    assert zhangwei.get("/v1/limits")["used_today_fen"] == 45_000_00


def test_the_limit_starts_anew_at_midnight_in_shanghai(any_world: World) -> None:
    any_world.set_clock(noon() + timedelta(hours=11, minutes=50))
    zhangwei = any_world.sign_in("zhangwei")
    for _ in range(3):
        answered = zhangwei.authorised(15_000_00)
        assert zhangwei.confirm(answered).status_code == 200
    assert error_of(zhangwei.ask_transfer(5_000_01)) == (
        409,
        "limit_exceeded",
        {"kind": "daily", "limit_fen": 50_000_00, "remaining_fen": 5_000_00},
    )
    any_world.advance(minutes=10)
    assert zhangwei.get("/v1/limits")["used_today_fen"] == 0


def test_wrong_codes_racing_are_all_counted(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft = zhangwei.draft()
    right = zhangwei.challenge(draft["id"])
    wrong = "000000" if right != "000000" else "000001"
    answers = at_once(*(lambda: zhangwei.submit(wrong) for _ in range(8)))
    assert answers == {"code_wrong": 4, "code_locked": 1, "no_open_challenge": 3}
    assert zhangwei.state(draft["id"]) == "LOCKED"


def test_an_approved_red_transfer_moves_the_money_once(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised(20_000_01)
    assert zhangwei.confirm(draft_id).json()["state"] == "REVIEW"
    assert any_world.balance("zhangwei/6789") == 52_318_66
    answers = at_once(*(lambda: any_world.review(draft_id, True) for _ in range(3)))
    assert answers == {"200": 1, "draft_closed": 2}
    assert any_world.balance("zhangwei/6789") == 52_318_66 - 20_000_01


def test_freezing_beats_a_later_confirmation(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    draft_id = zhangwei.authorised()
    zhangwei.frozen_card()
    assert error_of(zhangwei.confirm(draft_id)) == (409, "card_not_usable", {"state": "frozen"})
    assert any_world.ledger()["cards"]["zhangwei/6789"] == "frozen"


def test_statement_filters_and_totals(any_world: World) -> None:
    zhangwei = any_world.sign_in("zhangwei")
    page = zhangwei.get("/v1/transactions?counterparty=李娜&direction=out&limit=100")
    assert page["totals"] == {"in_fen": 0, "out_fen": 560_00, "count": 2}
    assert [row["amount_fen"] for row in page["transactions"]] == [-260_00, -300_00]
