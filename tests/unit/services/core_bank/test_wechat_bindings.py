"""WeChat bindings: one customer, one WeChat, and nobody again when the binding ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx import Response

from tests.unit.services.core_bank.harness import Customer, World, error_of, new_world
from tests.unit.services.core_bank.wechat_follower import (
    APP,
    BINDINGS,
    Follower,
    bound_at,
    events,
    texts,
    ticket_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def test_a_second_wechat_ends_the_first_and_its_sessions(follower: Follower, lina: Customer) -> None:
    follower.bind()
    on_old = follower.sign_in()
    newer = Follower(follower.world)
    newer.bind()
    assert follower.is_nobody() and newer.sign_in().account("3344")
    assert error_of(on_old.request("GET", "/v1/accounts"))[1] == "session_invalid"
    assert lina.account("3344"), "the session of another channel goes on"
    told = texts(follower.world, "lina")[-1]
    assert "绑定了另一个微信" in told and "自动解除" in told
    expected = ["wechat_bound", "wechat_signed_in", "wechat_unbound", "wechat_bound", "wechat_signed_in"]
    assert events(follower.world, "lina") == expected


def test_binding_the_same_wechat_again_frightens_nobody(follower: Follower, lina: Customer) -> None:
    follower.bind()
    first = bound_at(lina)
    follower.world.advance(minutes=1)
    told = texts(follower.world, "lina")
    follower.bind()
    assert not follower.is_nobody() and bound_at(lina) != first
    (since,) = texts(follower.world, "lina")[len(told) :]
    assert "验证码" in since


def test_whoever_is_bound_hears_of_it_and_how_to_undo_it(follower: Follower, lina: Customer) -> None:
    follower.bind()
    code, told = texts(follower.world, "lina")
    assert "只发在您自己的微信里" in code and "索要验证码的都是诈骗" in code
    assert "刚刚绑定了一个微信" in told and "解绑微信" in told and "不是您本人操作" in told and "验证码" not in told


def test_an_openid_belongs_to_one_customer(follower: Follower, lina: Customer) -> None:
    follower.bind("lina")
    as_lina = follower.sign_in()
    follower.bind("wangfang")
    assert follower.try_sign_in().json()["customer"] == {"name": "王芳", "elder_mode": True}
    assert bound_at(lina) is None
    assert error_of(as_lina.request("GET", "/v1/accounts"))[1] == "session_invalid"
    assert "改绑了另一位客户" in texts(follower.world, "lina")[-1]
    assert not any("改绑" in text or "另一个" in text for text in texts(follower.world, "wangfang"))


def test_apps_are_bound_side_by_side_and_unbound_together(follower: Follower, lina: Customer) -> None:
    service_desk = Follower(follower.world, "ww0123456789abcdef")
    follower.bind()
    service_desk.bind()
    assert not follower.is_nobody() and not service_desk.is_nobody()
    carry_out_unbinding(lina)
    assert follower.is_nobody() and service_desk.is_nobody() and bound_at(lina) is None


def carry_out_unbinding(customer: Customer) -> Any:
    draft = customer.post("/v1/drafts", {"kind": "bind_wechat"}).json()
    assert draft["canonical_text"] == "解绑微信" and draft["needs_code"]
    customer.authorise(draft["id"])
    return customer.confirm(draft["id"]).json()


def test_unbinding_is_an_order_wherever_it_is_given(follower: Follower, lina: Customer) -> None:
    follower.bind()
    on_wechat = follower.sign_in()
    done = carry_out_unbinding(on_wechat)
    assert (done["state"], done["result"]["lines"]) == ("DONE", [{"label": "状态", "value": "已解绑"}])
    assert follower.is_nobody() and bound_at(lina) is None
    assert error_of(on_wechat.request("GET", "/v1/accounts"))[1] == "session_invalid", "the phone may be lost"
    refused = lina.post("/v1/drafts", {"kind": "bind_wechat"})
    assert error_of(refused)[2]["rule"] == "wechat_not_bound"
    assert events(follower.world, "lina")[-1] == "wechat_unbound"


def test_an_order_to_unbind_what_was_unbound_since_is_refused(follower: Follower, lina: Customer) -> None:
    follower.bind()
    draft = lina.post("/v1/drafts", {"kind": "bind_wechat"}).json()
    lina.authorise(draft["id"])
    assert follower.unbind().status_code == 204
    assert error_of(lina.confirm(draft["id"]))[2]["rule"] == "wechat_not_bound"


def test_no_order_binds(lina: Customer) -> None:
    for more in ({"on": True}, {"app_id": APP, "openid": "o" * 28}):
        assert error_of(lina.post("/v1/drafts", {"kind": "bind_wechat", **more}))[1] == "validation_error"


def test_the_channel_unbinds_by_openid(follower: Follower) -> None:
    assert error_of(follower.unbind()) == (404, "not_bound", {})
    follower.bind()
    session = follower.sign_in()
    assert (follower.unbind().status_code, follower.unbind().status_code) == (204, 404)
    assert follower.is_nobody() and session.request("GET", "/v1/accounts").status_code == 401


def test_a_demo_customer_is_bound_to_a_wechat_that_nobody_has(follower: Follower, zhangwei: Customer) -> None:
    seeded = bound_at(zhangwei)
    assert seeded is not None
    follower.bind("zhangwei")
    assert bound_at(zhangwei) != seeded
    assert "另一个微信" in texts(follower.world, "zhangwei")[-1]
    assert follower.unbind().status_code == 204
    assert bound_at(zhangwei) is None


def test_the_ticket_carries_the_world_and_the_openid_finds_it(follower: Follower) -> None:
    other = new_world(follower.world.client)
    follower.bind("lina")
    begun = follower.begin("chenchen", world=other).json()
    assert begun["name_masked"] == "*晨"
    assert follower.confirm(begun["attempt"], other.last_code("chenchen")).status_code == 200
    assert follower.try_sign_in().json()["customer"]["name"] == "陈晨", "one customer an openid, in whichever world"
    assert "改绑" in texts(follower.world, "lina")[-1]


def test_bindings_and_attempts_die_with_their_world(follower: Follower) -> None:
    follower.bind()
    pending = follower.attempt("wangfang")
    code = follower.world.last_code("wangfang")
    assert follower.world.sandbox("POST", "/reset").status_code == 200
    assert follower.is_nobody() and follower.unbind().status_code == 404
    assert error_of(follower.confirm(pending, code))[1] == "attempt_invalid"
    follower.world.advance(minutes=1)
    follower.bind()
    assert not follower.is_nobody(), "the row of the dead world is no obstacle"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP}}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": ""}}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": "o" * 65}}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": "o\u0000"}}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": ["o"]}}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": "o"}, "login": "zhangwei", "password": "demo"}),
        ("POST", "/v1/sessions", {"wechat": {"app_id": APP, "openid": "o"}, "world": "demo"}),
        ("POST", "/v1/sessions", {"wechat": "o"}),
        ("POST", BINDINGS, {"app_id": APP, "openid": "o"}),
        ("POST", BINDINGS, {"app_id": APP, "openid": "o", "ticket": "t", "customer": "zhangwei"}),
        ("POST", BINDINGS, {"app_id": APP, "openid": "o\n", "ticket": "t"}),
        ("POST", BINDINGS, {"app_id": "", "openid": "o", "ticket": "t"}),
        ("POST", f"{BINDINGS}/wa_x/confirm", {}),
        ("POST", f"{BINDINGS}/wa_x/confirm", {"code": 123456}),
        ("POST", f"{BINDINGS}/wa_x/confirm", {"code": "1" * 300}),
        ("DELETE", BINDINGS, {"openid": "o"}),
        ("DELETE", BINDINGS, None),
    ],
)
def test_other_forms_are_refused_whole(quiet_world: World, method: str, path: str, body: Any) -> None:
    response = Follower(quiet_world).ask(method, path, body)
    assert error_of(response)[:2] == (422, "validation_error")


def test_faults_of_the_world_meet_its_followers(follower: Follower) -> None:
    follower.bind()
    attempt, ticket = follower.attempt("wangfang"), ticket_of(follower.world, "lina")
    follower.world.set_fault("core_down")
    for response in (
        follower.try_sign_in(),
        follower.unbind(),
        follower.confirm(attempt, "123456"),
        follower.ask("POST", BINDINGS, {**follower.id, "ticket": ticket}),
    ):
        assert error_of(response)[:2] == (503, "core_down")
    assert Follower(follower.world).is_nobody(), "nobody's openid is of no world"
    follower.world.set_fault("none")
    assert not follower.is_nobody()


def test_of_confirmations_side_by_side_one_binds(any_world: World) -> None:
    """Two customers and one openid, each code sent twice at once: one binding is left, and every answer is honest."""
    follower = Follower(any_world)
    attempts = {login: follower.attempt(login) for login in ("lina", "wangfang")}
    sent = {login: any_world.last_code(login) for login in attempts}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda login: follower.confirm(attempts[login], sent[login]), [*attempts] * 4))
    outcomes = sorted(answer.status_code for answer in answers)
    assert outcomes == [200, 200, 404, 404, 404, 404, 404, 404]
    bound = [login for login in attempts if bound_at(any_world.sign_in(login))]
    names = {"lina": "李娜", "wangfang": "王芳"}
    assert [names[login] for login in bound] == [follower.try_sign_in().json()["customer"]["name"]]


@pytest.mark.parametrize("way", ["unbound", "another WeChat", "order"])
def test_no_session_outlives_its_binding(any_world: World, way: str) -> None:
    """Signing in while the binding ends: refused, or ended with it."""
    follower, newer, lina = Follower(any_world), Follower(any_world), any_world.sign_in("lina")
    follower.bind()
    attempt, code = newer.attempt(), any_world.last_code("lina")
    draft = lina.post("/v1/drafts", {"kind": "bind_wechat"}).json()["id"]
    lina.authorise(draft)
    ends: dict[str, Callable[[], Response]] = {
        "unbound": follower.unbind,
        "another WeChat": lambda: newer.confirm(attempt, code),
        "order": lambda: lina.confirm(draft),
    }
    with ThreadPoolExecutor(8) as pool:
        signing = [pool.submit(follower.try_sign_in) for _ in range(4)]
        ending = pool.submit(ends[way])
        signing += [pool.submit(follower.try_sign_in) for _ in range(4)]
    assert ending.result().status_code in (200, 204)
    opened = [answer.json()["session"] for answer in (one.result() for one in signing) if answer.status_code == 201]
    for session in opened:
        assert Customer(any_world, "lina", session).request("GET", "/v1/accounts").status_code == 401
