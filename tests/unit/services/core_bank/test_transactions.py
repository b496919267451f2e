"""The statement: filters, pages, totals."""

import itertools
from datetime import datetime, timedelta

import pytest

from services.core_bank.clock import bank_day
from tests.unit.services.core_bank.harness import Customer, World, error_of, noon


def query(customer: Customer, **filters: object) -> dict:
    text = "&".join(f"{name.rstrip('_')}={value}" for name, value in filters.items())
    page: dict = customer.get(f"/v1/transactions?{text}")
    return page


def test_newest_first_and_balances_follow(reader: Customer) -> None:
    rows = query(reader, account_id=reader.account("6789")["id"], limit=100)["transactions"]
    assert rows[0]["balance_after_fen"] == 52_318_66 and len(rows) > 20
    for newer, older in itertools.pairwise(rows):
        assert newer["posted_at"] >= older["posted_at"]
        assert newer["balance_after_fen"] - newer["amount_fen"] == older["balance_after_fen"]
    assert all(datetime.fromisoformat(row["posted_at"]) < noon() for row in rows)


def test_the_history_is_believable(reader: Customer) -> None:
    rows = query(reader, limit=100)["transactions"]
    assert {"工资", "电费", "外卖", "生活费"} <= {row["summary"] for row in rows}
    assert {"income", "payment", "transfer", "repayment"} == {row["kind"] for row in rows}
    oldest = datetime.fromisoformat(rows[-1]["posted_at"])
    assert timedelta(days=85) < noon() - oldest < timedelta(days=100)


def test_pages_join_to_the_whole(reader: Customer) -> None:
    whole = query(reader, limit=100)
    rows, cursor = [], ""
    while cursor is not None:
        page = query(reader, limit=7, **({"cursor": cursor} if cursor else {}))
        assert page["totals"] == whole["totals"]
        rows += page["transactions"]
        cursor = page["next_cursor"]
    assert rows == whole["transactions"] and whole["next_cursor"] is None
    assert whole["totals"]["count"] == len(rows)


def test_twenty_by_default(reader: Customer) -> None:
    page = reader.get("/v1/transactions")
    assert len(page["transactions"]) == 20 and page["next_cursor"]


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        ({"direction": "in"}, lambda row: row["amount_fen"] > 0),
        ({"direction": "out"}, lambda row: row["amount_fen"] < 0),
        ({"min_fen": 300_00}, lambda row: abs(row["amount_fen"]) >= 300_00),
        ({"max_fen": 50_00}, lambda row: abs(row["amount_fen"]) <= 50_00),
        ({"counterparty": "超市"}, lambda row: "超市" in row["counterparty"]),
        ({"counterparty": "%"}, lambda row: False),
        ({"counterparty": "李娜", "direction": "out"}, lambda row: row["counterparty"] == "李娜"),
    ],
)
def test_filters_and_their_totals(reader: Customer, filters: dict, keep: object) -> None:
    everything = query(reader, limit=100)["transactions"]
    page = query(reader, limit=100, **filters)
    wanted = [row for row in everything if keep(row)]  # type: ignore[operator]
    if filters.get("counterparty") == "李娜":
        wanted = [row for row in wanted if row["amount_fen"] < 0]
    assert page["transactions"] == wanted
    assert page["totals"] == {
        "in_fen": sum(row["amount_fen"] for row in wanted if row["amount_fen"] > 0),
        "out_fen": -sum(row["amount_fen"] for row in wanted if row["amount_fen"] < 0),
        "count": len(wanted),
    }


def test_days_are_days_in_shanghai_and_the_last_is_exclusive(world: World) -> None:
    midnight = noon() + timedelta(hours=12)
    world.set_clock(midnight - timedelta(seconds=30))
    zhangwei = world.sign_in("zhangwei")
    first, second = zhangwei.authorised(1_00), zhangwei.authorised(2_00)
    zhangwei.confirm(first)
    world.set_clock(midnight)
    zhangwei.confirm(second)
    day = bank_day(noon())
    on_the_day = query(zhangwei, from_=day, to=day + timedelta(days=1))
    assert [row["amount_fen"] for row in on_the_day["transactions"]] == [-1_00]
    the_next = query(zhangwei, from_=day + timedelta(days=1))
    assert [row["amount_fen"] for row in the_next["transactions"]] == [-2_00]
    assert zhangwei.get("/v1/limits")["used_today_fen"] == 2_00


def test_one_account_only(reader: Customer) -> None:
    account = reader.account("1122")
    rows = query(reader, account_id=account["id"])["transactions"]
    assert rows and {row["account_tail"] for row in rows} == {"1122"}
    assert error_of(reader.request("GET", "/v1/transactions?account_id=x"))[1] == "account_not_found"


@pytest.mark.parametrize(
    "bad",
    [
        "limit=0", "limit=101", "limit=x", "from=2026", "from=20261101", "from=2026-13-01", "to=0001-01-01",
        "direction=sideways", "min_fen=-1", "min_fen=1.5", "max_fen=99999999999999999999", "cursor=x",
        "cursor=MTIzNA==", "cursor=%00", "counterparty=%00", "from=9999-12-31",
    ],
)  # fmt: skip
def test_bad_filters(reader: Customer, bad: str) -> None:
    assert error_of(reader.request("GET", f"/v1/transactions?{bad}"))[:2] == (422, "validation_error")
