"""Sign-in, lockout, session life."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from services.core_bank.tables import sessions
from tests.unit.services.core_bank.harness import Customer, World, bearer, error_of


def test_sign_in_greets_the_customer(world: World) -> None:
    response = world.try_sign_in("wangfang", "demo")
    body = response.json()
    assert response.status_code == 201
    assert body["customer"] == {"name": "王芳", "elder_mode": True} and body["auth_level"] == 1
    assert len(body["session"]) >= 43
    assert datetime.fromisoformat(body["expires_at"]).utcoffset() == timedelta(hours=8)


def test_the_default_world_is_demo(world: World) -> None:
    body = {"login": "zhangwei", "password": "demo"}
    response = world.client.post("/v1/sessions", json=body, headers=bearer("channel"))
    assert response.status_code == 201


def test_the_current_session_shows_a_masked_phone(zhangwei: Customer) -> None:
    current = zhangwei.get("/v1/sessions/current")
    assert current["customer"] == {"name": "张伟", "elder_mode": False, "phone_masked": "138****0001"}
    assert current["auth_level"] == 1


def test_unknown_logins_worlds_and_wrong_passwords_answer_alike(world: World) -> None:
    wrong = world.try_sign_in("zhangwei", "Demo")
    unknown = world.try_sign_in("nobody", "demo")
    elsewhere = World(world.client, "no such world").try_sign_in("zhangwei", "demo")
    assert error_of(wrong) == (401, "bad_credentials", {})
    assert wrong.content == unknown.content == elsewhere.content


def test_five_failures_lock_known_and_unknown_logins_alike(world: World) -> None:
    for login in ("zhangwei", "nobody"):
        for _ in range(5):
            assert error_of(world.try_sign_in(login, "wrong"))[1] == "bad_credentials"
        response = world.try_sign_in(login, "demo")
        status, code, details = error_of(response)
        assert (status, code) == (429, "sign_in_locked") and 890 <= details["retry_after"] <= 900
        assert response.headers["Retry-After"] == str(details["retry_after"])
    assert world.try_sign_in("lina", "demo").status_code == 201
    world.advance(minutes=15, seconds=1)
    assert world.try_sign_in("zhangwei", "demo").status_code == 201


def test_a_success_forgets_earlier_failures(world: World) -> None:
    for _ in range(2):
        for _ in range(4):
            world.try_sign_in("zhangwei", "wrong")
        assert world.try_sign_in("zhangwei", "demo").status_code == 201


def test_sessions_end_after_thirty_idle_minutes(world: World, zhangwei: Customer) -> None:
    world.advance(minutes=29)
    zhangwei.get("/v1/accounts")
    world.advance(minutes=29)
    zhangwei.get("/v1/accounts")
    world.advance(minutes=30)
    assert error_of(zhangwei.request("GET", "/v1/accounts"))[:2] == (401, "session_invalid")


def test_sessions_end_after_eight_hours_of_use(world: World, zhangwei: Customer) -> None:
    for _ in range(18):
        world.advance(minutes=25)
        zhangwei.get("/v1/limits")
    current = zhangwei.get("/v1/sessions/current")
    world.advance(minutes=29)
    zhangwei.get("/v1/limits")
    world.advance(minutes=2)
    assert error_of(zhangwei.request("GET", "/v1/limits"))[1] == "session_invalid"
    assert datetime.fromisoformat(current["expires_at"])


def test_sign_out_ends_one_session_only(world: World, zhangwei: Customer) -> None:
    other = world.sign_in("zhangwei")
    assert zhangwei.request("DELETE", "/v1/sessions/current", role="channel").status_code == 204
    assert error_of(zhangwei.request("GET", "/v1/accounts"))[1] == "session_invalid"
    assert error_of(zhangwei.request("DELETE", "/v1/sessions/current", role="channel"))[1] == "session_invalid"
    other.get("/v1/accounts")


def test_a_dump_of_the_database_opens_no_session(world: World, zhangwei: Customer) -> None:
    bank = world.client.app.state.bank  # type: ignore[attr-defined]
    with bank.db.read() as conn:
        rows = conn.execute(sa.select(sessions)).all()
    assert zhangwei.session not in str(rows)


def test_bad_sign_in_bodies_are_refused_without_an_echo(world: World) -> None:
    bodies: list[object] = [
        {},
        [],
        "demo",
        {"login": "zhangwei"},
        {"login": 7, "password": "secret-word"},
        {"login": "zhang\u0000wei", "password": "secret-word"},
        {"login": "z" * 65, "password": "secret-word"},
        {"login": "zhangwei", "password": "secret-word", "customer_id": "cu_x"},
        {"login": "zhangwei", "password": "secret-word" * 100},
    ]
    for body in bodies:
        response = world.client.post("/v1/sessions", json=body, headers=bearer("channel"))
        assert error_of(response)[:2] == (422, "validation_error")
        assert "secret-word" not in response.text
    lone = b'{"login": "zhang\\ud800wei", "password": "x"}'
    for content in (lone, b"{", b"[" * 100_000, b"\xff"):
        response = world.client.post("/v1/sessions", content=content, headers=bearer("channel"))
        assert error_of(response)[1] == "validation_error"
