"""Worlds, clocks, what tests may look at."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from services.core_bank import sandbox
from services.core_bank.app import create_app
from services.core_bank.clock import BANK_ZONE, real_now
from tests.unit.services.core_bank.harness import SOUND, Customer, World, bearer, error_of, settings


def create(world: World, name: object) -> Response:
    return world.client.post("/sandbox/worlds", json={"world": name}, headers=bearer("sandbox"))


def test_a_world_may_be_named_once(world: World) -> None:
    name = f"named-{world.name[-8:]}"
    first = create(world, name)
    assert first.status_code == 201 and first.json() == {"world": name}
    assert error_of(create(world, name))[:2] == (409, "world_exists")
    assert error_of(create(world, "demo"))[:2] == (409, "world_exists")


def test_a_world_begins_when_it_is_told_to(world: World) -> None:
    """Its whole history lies before that moment: a ticket of yesterday is one of the day before `begins_at`."""
    begins = datetime(2028, 2, 29, 0, 0, 30, tzinfo=BANK_ZONE)
    made = world.client.post("/sandbox/worlds", json={"begins_at": begins.isoformat()}, headers=bearer("sandbox"))
    new = World(world.client, made.json()["world"])
    now = datetime.fromisoformat(new.sandbox("POST", "/clock", {"advance_seconds": 0}).json()["now"])
    assert begins <= now < begins + timedelta(seconds=30)
    customer = new.sign_in("zhangwei")
    [newest] = customer.get("/v1/transactions?limit=1")["transactions"]
    assert timedelta() < begins - datetime.fromisoformat(newest["posted_at"]) < timedelta(days=4)
    opened = datetime.fromisoformat(customer.get("/v1/tickets")["tickets"][0]["opened_at"])
    assert opened == begins - timedelta(days=1)


@pytest.mark.parametrize("moment", ["tomorrow", "2027-01-01T00:00:00", "1900-01-01T00:00:00+08:00"])
def test_moments_at_which_no_world_begins(world: World, moment: str) -> None:
    made = world.client.post("/sandbox/worlds", json={"begins_at": moment}, headers=bearer("sandbox"))
    assert error_of(made)[1] == "validation_error" and error_of(made)[2] == {"fields": ["begins_at"]}


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, 7])
def test_names_that_are_none(quiet_world: World, name: object) -> None:
    assert error_of(create(quiet_world, name))[1] == "validation_error"


def test_a_deleted_world_is_gone_and_its_ledger_stays_sound(world: World, zhangwei: Customer) -> None:
    zhangwei.confirm(zhangwei.authorised())
    assert world.sandbox("DELETE", "").status_code == 204
    assert error_of(zhangwei.request("GET", "/v1/accounts"))[1] == "session_invalid"
    assert error_of(world.try_sign_in("zhangwei", "demo"))[1] == "bad_credentials"
    assert error_of(world.sandbox("GET", "/ledger"))[:2] == (404, "world_not_found")
    of_world = world.client.get(f"/sandbox/invariants?world={world.name}", headers=bearer("sandbox"))
    assert error_of(of_world)[:2] == (404, "world_not_found")
    assert world.invariants() == SOUND


def test_reset_starts_the_world_again(world: World, zhangwei: Customer) -> None:
    opening = world.ledger()
    zhangwei.confirm(zhangwei.authorised())
    zhangwei.frozen_card()
    for _ in range(5):
        world.try_sign_in("lina", "wrong")
    world.set_fault("core_down")
    assert world.sandbox("POST", "/reset").json() == {"world": world.name}
    assert world.ledger() == opening
    assert error_of(zhangwei.request("GET", "/v1/accounts"))[1] == "session_invalid"
    lina = world.sign_in("lina")
    assert lina.account("3344")["balance_fen"] == 8_000_00
    assert world.sandbox("GET", "/sms").json() == {"messages": []}
    assert abs(
        datetime.fromisoformat(world.sandbox("POST", "/clock", {"advance_seconds": 0}).json()["now"]) - real_now()
    ) < timedelta(seconds=5)


def test_unknown_worlds(quiet_world: World) -> None:
    nowhere = World(quiet_world.client, "nowhere")
    answers = [
        nowhere.sandbox("DELETE", ""),
        nowhere.sandbox("POST", "/reset"),
        nowhere.sandbox("PUT", "/fault", {"kind": "none"}),
        nowhere.sandbox("POST", "/clock", {"advance_seconds": 1}),
        nowhere.sandbox("GET", "/sms"),
        nowhere.sandbox("GET", "/ledger"),
    ]
    assert {error_of(answer)[:2] for answer in answers} == {(404, "world_not_found")}


def test_the_clock_moves_in_one_world_only(world: World, quiet_world: World) -> None:
    def now(of: World, change: dict) -> datetime:
        return datetime.fromisoformat(of.sandbox("POST", "/clock", change).json()["now"])

    before = now(quiet_world, {"advance_seconds": 0})
    first = now(world, {"advance_seconds": 0})
    assert timedelta(minutes=59) < now(world, {"advance_seconds": 3600}) - first < timedelta(hours=1, seconds=5)
    assert now(world, {"set": "2027-02-17T23:30:00+08:00"}) >= datetime.fromisoformat("2027-02-17T23:29:59+08:00")
    assert now(world, {"set": "2027-02-17T15:30:01Z"}).isoformat().startswith("2027-02-17T23:30:0")
    assert now(quiet_world, {"advance_seconds": 0}) - before < timedelta(seconds=5)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"advance_seconds": 1, "set": "2027-01-01T00:00:00Z"},
        {"set": "2027-01-01T00:00:00"},
        {"set": "tomorrow"},
        {"set": "0001-01-01T00:00:00Z"},
        {"advance_seconds": 10**12},
        {"advance_seconds": "x"},
    ],
)
def test_clock_changes_that_are_none(quiet_world: World, change: dict) -> None:
    assert error_of(quiet_world.sandbox("POST", "/clock", change))[:2] == (422, "validation_error")


def test_faults_that_are_none(quiet_world: World) -> None:
    for body in ({"kind": "core_explodes"}, {"kind": "core_slow", "seconds": -1}, {}):
        assert error_of(quiet_world.sandbox("PUT", "/fault", body))[1] == "validation_error"


def test_the_ledger_view(quiet_world: World) -> None:
    ledger = quiet_world.ledger()
    assert ledger["accounts"]["zhangwei/6789"] == 52_318_66
    assert ledger["accounts"]["zhangwei/time_deposit"] == 50_000_00
    assert ledger["accounts"]["zhangwei/mortgage"] == -680_000_00
    assert ledger["cards"]["zhangwei/8812"] == "active" and len(ledger["cards"]) == 9
    assert ledger["postings"] > 100


def test_messages_by_login(world: World, zhangwei: Customer, lina: Customer) -> None:
    zhangwei.challenge(zhangwei.draft()["id"])
    lina.challenge(lina.draft(1_00, payee="6789", account="3344")["id"])
    everybody = world.sandbox("GET", "/sms").json()["messages"]
    assert [message["phone"] for message in everybody] == ["13800010001", "13800010002"]
    assert world.sandbox("GET", "/sms?login=lina").json()["messages"] == everybody[1:]
    assert world.sandbox("GET", "/sms?login=nobody").json()["messages"] == []


def test_making_a_world_is_quick(world: World) -> None:
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    times = []
    for _ in range(3):
        started = time.thread_time()  # of this thread: other processes on the machine do not count
        sandbox.create_world(bank)
        times.append(time.thread_time() - started)
    assert min(times) < 0.150


def test_without_the_sandbox_there_is_no_sandbox(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path}/core_bank.db", sandbox=False))
    client = TestClient(app)
    assert client.get("/health").json()["sandbox"] is False
    assert error_of(client.get("/sandbox/invariants", headers=bearer("sandbox")))[:2] == (404, "not_found")
    body = {"login": "zhangwei", "password": "demo"}
    assert error_of(client.post("/v1/sessions", json=body, headers=bearer("channel")))[1] == "bad_credentials"
    app.state.bank.db.close()
